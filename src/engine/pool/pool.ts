import { randomUUID } from "node:crypto";
import { BroadcastChannel } from "node:worker_threads";
import { Piscina } from "piscina";
import { EngineError } from "../../base/errors.ts";
import { moduleBeside } from "../../base/io/module-beside.ts";
import type { Sandbox } from "../../base/schema/sandbox.ts";
import type {
  FromWorker,
  RecordsResult,
  RenderedResult,
  RunTask,
  SandboxResult,
  ToWorkers,
  WorkerAnswer,
  WorkerSetup,
  WorkerTask,
} from "./task.ts";

/**
 * The programs of one task run, and are rendered meanwhile; those of another are with the tracer process already. More
 * would keep programs in memory for longer.
 */
export const TASKS_PER_WORKER = 2;
/** Threads that may end while they work on the same task. */
const MOST_TRIES = 3;
/** For workers to end their tracer processes in good order; after it their threads are ended, and the processes die. */
const CLOSE_MS = 3_000;

/** The worker threads, each with its runner. */
export class Pool {
  readonly #piscina: Piscina<WorkerTask, WorkerAnswer>;
  readonly #channel: BroadcastChannel;
  /** Threads that opened their runner and have not closed it. */
  readonly #open: Set<number> = new Set();
  /** How many tasks each call of the tracer has. */
  readonly #tasks: Map<number, number> = new Map();
  /** Calls that were aborted and have tasks still. */
  readonly #abortedRuns: Set<number> = new Set();
  /** How to reject the tasks that have no answer, which nobody would do once no thread is left. */
  readonly #waiting: Set<(error: unknown) => void> = new Set();
  #onAllClosed: (() => void) | null = null;
  #closing: Promise<void> | null = null;

  constructor(setup: Omit<WorkerSetup, "channel">, workers: number) {
    const channel = `tracemill-${randomUUID()}`;
    this.#channel = new BroadcastChannel(channel);
    this.#channel.onmessage = (event: unknown): void => this.#hear((event as { data: FromWorker }).data);
    // Only tasks keep the process alive.
    (this.#channel as unknown as { unref(): void }).unref();
    const workerData: WorkerSetup = { ...setup, channel };
    this.#piscina = new Piscina<WorkerTask, WorkerAnswer>({
      ...moduleBeside(import.meta.url, "worker"),
      workerData,
      minThreads: workers,
      maxThreads: workers,
      concurrentTasksPerWorker: TASKS_PER_WORKER,
      atomics: "disabled",
      recordTiming: false,
    });
    // Of a thread that ended without a task: it is replaced, unless it could not even begin.
    this.#piscina.on("error", (error: Error) => {
      if (this.#piscina.threads.length === 0) for (const reject of this.#waiting) reject(error);
    });
  }

  /** Takes `task.memory`. */
  async run(task: Omit<RunTask, "kind">): Promise<RecordsResult | RenderedResult> {
    this.#tasks.set(task.run, (this.#tasks.get(task.run) ?? 0) + 1);
    try {
      return (await this.#ask({ kind: "run", ...task })) as RecordsResult | RenderedResult;
    } finally {
      this.#taskEnded(task.run);
    }
  }

  /** Nobody needs to remember a call that has no task left. */
  #taskEnded(run: number): void {
    const left = (this.#tasks.get(run) ?? 1) - 1;
    if (left > 0) this.#tasks.set(run, left);
    else this.#tasks.delete(run);
    if (left === 0 && this.#abortedRuns.delete(run)) this.#tell({ kind: "forget", run });
  }

  /** What keeps programs in; null for nothing. Rejects when the tracer process does not start. */
  async sandbox(): Promise<Sandbox | null> {
    return ((await this.#ask({ kind: "sandbox" })) as SandboxResult).sandbox;
  }

  async #ask(task: WorkerTask): Promise<RecordsResult | RenderedResult | SandboxResult> {
    if (this.#closing !== null) throw closedError();
    const answer = await this.#post(task);
    if (answer.kind === "failed") throw new EngineError(answer.code, answer.message);
    if (answer.kind === "aborted") throw new DOMException("This operation was aborted", "AbortError");
    return answer;
  }

  /** A thread that ends takes its tasks with it, which says little about them: they get another one. */
  async #post(task: WorkerTask): Promise<WorkerAnswer> {
    for (let tries = 1; ; tries++) {
      if (this.#closing !== null) throw closedError();
      try {
        return await this.#try(task);
      } catch (error) {
        if (this.#closing === null && tries === MOST_TRIES) throw threadError(error);
        // It went with the thread.
        if (task.kind === "run") task.memory = null;
      }
    }
  }

  async #try(task: WorkerTask): Promise<WorkerAnswer> {
    let giveUp: (error: unknown) => void = () => {};
    try {
      return await new Promise((resolve, reject) => {
        giveUp = reject;
        this.#waiting.add(giveUp);
        const transferList = task.kind === "run" && task.memory !== null ? [task.memory] : [];
        this.#piscina.run(task, { transferList }).then(resolve, reject);
      });
    } finally {
      this.#waiting.delete(giveUp);
    }
  }

  /** Ends what runs of one call of the tracer; its tasks reject. */
  abort(run: number): void {
    if (this.#closing !== null || !this.#tasks.has(run)) return;
    this.#abortedRuns.add(run);
    this.#tell({ kind: "abort", run });
  }

  /** Ends everything; tasks that wait reject. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#closeRunners();
    await this.#piscina.destroy();
    this.#channel.close();
  }

  #closeRunners(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, CLOSE_MS);
      this.#onAllClosed = (): void => {
        clearTimeout(timer);
        resolve();
      };
      if (this.#open.size === 0) this.#onAllClosed();
      else this.#tell({ kind: "close" });
    });
  }

  #tell(message: ToWorkers): void {
    this.#channel.postMessage(message);
  }

  /** For a thread that opened after the others were told. */
  #repeat(): void {
    for (const run of this.#abortedRuns) this.#tell({ kind: "abort", run });
    if (this.#closing !== null) this.#tell({ kind: "close" });
  }

  #hear(message: FromWorker): void {
    if (message.kind === "closed") this.#forget(message.thread);
    else this.#greet(message.thread);
  }

  #greet(id: number): void {
    const thread = this.#piscina.threads.find(({ threadId }) => threadId === id);
    if (thread === undefined) return;
    this.#open.add(id);
    thread.once("exit", () => this.#forget(id));
    this.#repeat();
  }

  #forget(id: number): void {
    this.#open.delete(id);
    if (this.#open.size === 0) this.#onAllClosed?.();
  }
}

/** What ended a thread, in words; an error that a task threw as it is. */
function threadError(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ERR_WORKER_OUT_OF_MEMORY") {
    const fix = "Lower --max-record-bytes or --max-events, or give Node more by NODE_OPTIONS=--max-old-space-size";
    return new EngineError("worker-memory", `worker threads run out of memory over the same programs. ${fix}.`);
  }
  if (!message.startsWith("worker exited")) return error;
  return new EngineError("worker-ended", `worker threads end over the same programs: ${message}`);
}

function closedError(): EngineError {
  return new EngineError("closed", "the tracer was closed");
}
