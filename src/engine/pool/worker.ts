import { BroadcastChannel, threadId } from "node:worker_threads";
import { move, transferableSymbol, valueSymbol, workerData } from "piscina";
import { TracemillError } from "../../base/errors.ts";
import type { TraceOptions } from "../../base/schema/options.ts";
import type { Program } from "../../base/schema/program.ts";
import { concatenate } from "../../record/trace/concatenate.ts";
import type { Trace } from "../../record/trace/trace.ts";
import { type OpenSettings, openSettings } from "../../views/formats/settings.ts";
import { HostProcess } from "../host/host-process.ts";
import { RecordList } from "../host/record-list.ts";
import type { ProgramRunner } from "../host/runner.ts";
import { InlineRunner } from "./inline.ts";
import { BatchRendering } from "./rendering.ts";
import type { FromWorker, RecordsResult, RunTask, ToWorkers, WorkerAnswer, WorkerSetup, WorkerTask } from "./task.ts";
import { mayChangePrograms, untracedOptions, untracedRuns } from "./untraced.ts";

// Loaded by the pool in a worker thread, once; the runner lives as long as the thread.
const setup = workerData as WorkerSetup;
const channel: BroadcastChannel = new BroadcastChannel(setup.channel);
/** Calls of the tracer that were aborted; tasks of theirs may still come. */
const abortedRuns: Set<number> = new Set();
/** Of the calls of the tracer that have a task here. */
const aborts: Map<number, { controller: AbortController; tasks: number }> = new Map();
/** By format and settings: a tokenizer is read once. */
const opened: Map<string, Promise<OpenSettings>> = new Map();
const runner: ProgramRunner = await openRunner(setup.options);
/** Of programs that recording may change: opened with the first of them. */
let untraced: Promise<ProgramRunner> | null = null;

channel.onmessage = (event: unknown): void => {
  const message = (event as { data: ToWorkers }).data;
  if (message.kind === "abort") {
    abortedRuns.add(message.run);
    aborts.get(message.run)?.controller.abort();
  }
  if (message.kind === "forget") abortedRuns.delete(message.run);
  if (message.kind === "close") void closeRunners().then(() => tell({ kind: "closed", thread: threadId }));
};
tell({ kind: "opened", thread: threadId });

async function openRunner(options: TraceOptions): Promise<ProgramRunner> {
  const { files, pythonMinor, site } = setup;
  if (options.isolation !== "inline") return new HostProcess(options, files, pythonMinor);
  // The addon is needed, and loaded, for this isolation only.
  const { loadAddon } = await import("../../base/addon/load.ts");
  return new InlineRunner(loadAddon(), options, files, site);
}

async function closeRunners(): Promise<void> {
  await Promise.all([runner.dispose(), untraced?.then((other) => other.dispose())]);
}

function tell(message: FromWorker): void {
  channel.postMessage(message);
}

/** One task. Errors are answered, not thrown: their codes would not survive the way to the main thread. */
export default async function work(task: WorkerTask): Promise<WorkerAnswer> {
  try {
    if (task.kind === "sandbox") return { kind: "sandbox", sandbox: await runner.sandbox };
    return task.format === null ? await recorded(task) : await rendered(task, task.format);
  } catch (error) {
    if (error instanceof TracemillError) return { kind: "failed", code: error.code, message: error.message };
    if (error instanceof Error && error.name === "AbortError") return { kind: "aborted" };
    throw error;
  }
}

async function abortable({ run }: RunTask, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const entry = aborts.get(run) ?? { controller: new AbortController(), tasks: 0 };
  aborts.set(run, entry);
  entry.tasks += 1;
  if (abortedRuns.has(run)) entry.controller.abort();
  try {
    await work(entry.controller.signal);
  } finally {
    entry.tasks -= 1;
    if (entry.tasks === 0) aborts.delete(run);
  }
}

async function recorded(task: RunTask): Promise<WorkerAnswer> {
  const list = new RecordList();
  await abortable(task, (signal) => runner.run(task.programs, list, signal));
  const { records, tiers } = list;
  let end = 0;
  const ends = Float64Array.from(records, (record) => {
    end += record.length;
    return end;
  });
  const result: RecordsResult = { kind: "records", records: concatenate(records), ends, tiers };
  return moved(result, result.records.buffer);
}

async function rendered(task: RunTask, format: string): Promise<WorkerAnswer> {
  const key = JSON.stringify([format, task.settings]);
  const settings = opened.get(key) ?? openSettings(format, task.settings);
  opened.set(key, settings);
  const { programs, filters, memory } = task;
  const rendering = new BatchRendering(programs, format, setup.pythonMinor, await settings, filters, memory);
  await abortable(task, async (signal) => {
    if (mayChangePrograms(setup.options)) rendering.compareWith(await withoutTrace(programs, signal));
    await runner.run(programs, rendering, signal);
  });
  const result = rendering.finish();
  return moved(result, result.output.buffer);
}

async function withoutTrace(programs: readonly Program[], signal: AbortSignal): Promise<Trace[]> {
  untraced ??= openRunner(untracedOptions(setup.options));
  return untracedRuns(await untraced, programs, setup.pythonMinor, signal);
}

/** `answer` with its memory handed over instead of copied. */
function moved(answer: WorkerAnswer, buffer: ArrayBuffer): WorkerAnswer {
  return move({ [transferableSymbol]: [buffer], [valueSymbol]: answer }) as unknown as WorkerAnswer;
}
