import { createReadStream } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { partPath } from "../../base/io/part-file.ts";
import { splitLines } from "../../base/io/rows.ts";
import type { Manifest, RunCounts } from "../../base/schema/manifest.ts";
import { claim } from "../../jobs/claim.ts";
import { type Identity, inputIdentity } from "../../jobs/identity.ts";
import { manifestInputs } from "../../jobs/input-files.ts";
import { doJob, type JobEnd, type JobResult, NOTHING_READ, type Start, type Step, type Work } from "../../jobs/job.ts";
import type { ByteTarget } from "../../jobs/row-writer.ts";
import { toolVersion } from "../../jobs/tool-version.ts";
import { type TrialOptions, Trials } from "../../jobs/trials.ts";
import type { InputFile } from "../../programs/sources/file-kinds.ts";
import type { ReadProgress } from "../../programs/sources/file-rows.ts";
import type { Scoring } from "../../views/rewards/forms.ts";
import { isSettled, type Read, type Settled } from "../../views/rewards/read.ts";
import type { Benchmark, Task } from "./benchmark.ts";
import { findBenchmark } from "./registry.ts";
import { type EvaluationResults, resultsOf, type SampleRow } from "./results.ts";
import { oneFile, readPredictions, readTasks } from "./rows.ts";

/** Samples that are judged and written at once. */
const BATCH = 1_024;
const MAX_ROW_BYTES = 1 << 20;

export interface EvaluateRequest {
  /** A name of `BENCHMARKS`. */
  benchmark: string;
  /** A file of the benchmark's rows and one of predictions for them. */
  input: string;
  predictions: string;
  /** Gets samples.jsonl and results.json. */
  folder: string;
  scoring: Scoring;
  resume?: boolean;
  force?: boolean;
  /** How what is predicted is run; limits are the benchmark's. */
  trials: Pick<TrialOptions, "python" | "workers">;
  signal?: AbortSignal;
  onProgress?: (counts: RunCounts, samples: number) => void;
}

export interface Evaluation extends JobResult {
  /** Null of a run that was interrupted. */
  results: EvaluationResults | null;
}

/** Scores stored predictions. Throws UsageError for rows that are none of the benchmark's, and where a file would be lost. */
export async function evaluate(request: EvaluateRequest): Promise<Evaluation> {
  const { folder, signal } = request;
  const benchmark = findBenchmark(request.benchmark);
  const files = [await oneFile(request.input), await oneFile(request.predictions)] as const;
  await mkdir(folder, { recursive: true });
  const outputs = [join(folder, "samples.jsonl"), join(folder, "results.json")] as const;
  const { resume, force } = request;
  const place = await claim({ outputs: [...outputs], inputs: files.map(({ path }) => path), resume, force });
  const reading: ReadProgress = { files: [] };
  const tasks = await readTasks(files[0], benchmark, reading);
  const samples = samplesOf(tasks, await readPredictions(files[1], reading));
  await using trials = new Trials({ ...benchmark.trials, ...request.trials, signal });
  const work = new Evaluating(request, { benchmark, files, reading, samples, trials, part: partPath(outputs[0]) });
  const onProgress = (counts: RunCounts): void => request.onProgress?.(counts, samples.length);
  const result = await doJob(place, work, { signal, onProgress });
  if (result.state === "interrupted") return { ...result, results: null };
  return { ...result, results: JSON.parse(await readFile(outputs[1], "utf8")) as EvaluationResults };
}

interface Sample {
  readonly task: Task;
  /** Null: there is no prediction for the task. */
  readonly index: number | null;
  readonly prediction: unknown;
}

function samplesOf(tasks: readonly Task[], predictions: ReadonlyMap<string, readonly unknown[]>): Sample[] {
  return tasks.flatMap((task): Sample[] => {
    const found = predictions.get(task.id) ?? [];
    if (found.length === 0) return [{ task, index: null, prediction: null }];
    return found.map((prediction, index) => ({ task, index, prediction }));
  });
}

interface Material {
  readonly benchmark: Benchmark;
  readonly files: readonly InputFile[];
  readonly reading: ReadProgress;
  readonly samples: readonly Sample[];
  readonly trials: Trials;
  /** Where samples stand before they are complete. */
  readonly part: string;
}

class Evaluating implements Work {
  readonly identity: Identity;
  readonly #request: EvaluateRequest;
  readonly #material: Material;

  constructor(request: EvaluateRequest, material: Material) {
    this.#request = request;
    this.#material = material;
    this.identity = {
      tracemill: toolVersion(),
      benchmark: request.benchmark,
      scoring: request.scoring,
      inputs: material.files.map(inputIdentity),
    };
  }

  async *steps([rowTarget, resultTarget]: readonly ByteTarget[], start: Start): AsyncGenerator<Step, void, undefined> {
    const { samples, part } = this.#material;
    const rows = start.programs === 0 ? [] : await readRows(part, start.programs);
    for (let first = rows.length; first < samples.length; first += BATCH) {
      const judged = await this.#judged(samples.slice(first, first + BATCH));
      rows.push(...judged);
      await rowTarget?.append(Buffer.from(judged.map((row) => `${JSON.stringify(row)}\n`).join("")));
      const statuses: Record<string, number> = {};
      for (const { reason } of judged) statuses[reason] = (statuses[reason] ?? 0) + 1;
      yield { ...NOTHING_READ, programs: judged.length, rows: [judged.length, 0], statuses };
    }
    const { benchmark, scoring } = this.#request;
    await resultTarget?.append(Buffer.from(`${JSON.stringify(resultsOf(benchmark, scoring, rows), null, 2)}\n`));
    yield { ...NOTHING_READ, rows: [0, 1] };
  }

  manifest({ counts, outputs, fingerprint }: JobEnd): Manifest {
    const { benchmark, scoring } = this.#request;
    return {
      manifest: 1,
      command: "evaluate",
      versions: { tracemill: toolVersion(), node: process.versions.node, python: null },
      format: benchmark,
      source: null,
      limit: null,
      shard: null,
      options: { scoring },
      render: null,
      sandbox: null,
      seeds: null,
      counts,
      inputs: manifestInputs(this.#material.files, this.#material.reading),
      outputs,
      fingerprint,
    };
  }

  async #judged(samples: readonly Sample[]): Promise<SampleRow[]> {
    const { scoring } = this.#request;
    const reads = samples.map(({ task, index, prediction }): Read => {
      return index === null ? { wrong: "no-prediction" } : task.judge(prediction, scoring);
    });
    const waiting = reads.flatMap((read) => (isSettled(read) ? [] : [read.run]));
    const programs = waiting.map(({ program }, i) => ({ id: String(i), ...program }));
    const ended = programs.length === 0 ? [] : await this.#material.trials.run(programs);
    const settled = waiting.map(({ judged }, i) => {
      const outcome = ended[i] ?? null;
      return outcome === null ? null : judged(outcome);
    });
    const next = settled[Symbol.iterator]();
    return samples.map(({ task, index }, i) => {
      const read = reads[i] as Read;
      return rowOf(task.id, index, isSettled(read) ? read : (next.next().value ?? null));
    });
  }
}

function rowOf(id: string, sample: number | null, settled: Settled | null): SampleRow {
  if (settled === null) return { id, sample, verdict: "unscored", reason: "not-run" };
  if (settled === "right") return { id, sample, verdict: "right", reason: "right" };
  return { id, sample, verdict: "wrong", reason: settled.wrong };
}

/** The first so many, which an interrupted run wrote. */
async function readRows(path: string, count: number): Promise<SampleRow[]> {
  const rows: SampleRow[] = [];
  for await (const lines of splitLines(createReadStream(path), { maxRowBytes: MAX_ROW_BYTES })) {
    for (const line of lines) {
      if (rows.length < count && "text" in line) rows.push(JSON.parse(line.text) as SampleRow);
    }
  }
  return rows;
}
