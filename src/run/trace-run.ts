import { readFile } from "node:fs/promises";
import { openTracer, type Tracer, type TracerOptions } from "../engine/tracer.ts";
import { UsageError } from "../errors.ts";
import { type ChosenFilters, chooseFilters } from "../filters/registry.ts";
import { sift } from "../filters/sift.ts";
import type { FileHash } from "../io/hash.ts";
import { findRenderer } from "../render/registry.ts";
import type { Renderer } from "../render/renderer.ts";
import { openSettings } from "../render/settings.ts";
import { type Manifest, manifestSchema, type RunCounts } from "../schema/manifest.ts";
import { AS_PUBLISHED, type RenderSettings } from "../schema/render-settings.ts";
import type { Sandbox } from "../schema/sandbox.ts";
import { noTiers } from "../schema/tiers.ts";
import { type GenerateProgress, generatedInput, generatedItems } from "../sources/generate.ts";
import type { GenerateOptions } from "../sources/generate-options.ts";
import { findInputs, type InputFile } from "../sources/inputs.ts";
import { type ReadItem, type ReadOptions, type ReadProgress, readFiles } from "../sources/read.ts";
import { type AutoPreload, chooseAutoPreload } from "./auto-preload.ts";
import { addBatch, noCounts } from "./counts.ts";
import { fingerprint, type RunIdentity } from "./identity.ts";
import type { Checkpoint, JournalContent } from "./journal.ts";
import {
  discard,
  exists,
  findUnfinished,
  OutputFiles,
  type OutputPaths,
  outputPaths,
  publish,
  refuseOther,
  refuseSpecial,
  refuseUnfinished,
  sizeOf,
} from "./output-files.ts";
import { ProgramFeed, type RejectedLine } from "./program-feed.ts";
import { type ByteTarget, lineOutput, RecordOutput, type RowOutput } from "./row-output.ts";
import { toolVersion } from "./tool-version.ts";

/** Python's hash seed, fixed by the tracer process. */
const HASH_SEED = 0;

export interface TraceRequest {
  inputs: readonly string[];
  /** Programs to make instead of reading inputs. */
  generate?: GenerateOptions;
  /** A path, or where bytes and rejected rows go when there is no file (nothing is resumable then). */
  output: string | StreamOutput;
  /** Name of a renderer. */
  format: string;
  render?: Partial<RenderSettings>;
  source?: string;
  /** Names of filters and of groups of them. */
  filters?: readonly string[];
  limit?: number;
  shard?: { index: number; count: number };
  /** Go on with what an interrupted run of the same request left; start when nothing was left. */
  resume?: boolean;
  /** Throw away what an interrupted run left. */
  force?: boolean;
  tracer: TracerOptions;
  /** Stops the run with everything written so far intact. */
  signal?: AbortSignal;
  /** Packages that the programs import most are imported once for all, unless `tracer` says what to preload. */
  autoPreload?: boolean;
  /** Told once, when there are any. */
  onAutoPreload?: (found: AutoPreload) => void;
  /** Told once, before any program runs, what keeps programs in; null for nothing. */
  onSandbox?: (sandbox: Sandbox | null) => void;
  onProgress?: (progress: RunProgress) => void;
}

export interface StreamOutput {
  target: ByteTarget;
  reject(line: RejectedLine): Promise<void>;
}

/** `done` and `total` are bytes of the inputs; of generated programs, programs. */
export interface RunProgress {
  counts: RunCounts;
  done: number;
  total: number;
}

export interface RunResult {
  /** `finished`: every row is accounted for. `unchanged`: an earlier run had finished already. */
  state: "finished" | "unchanged" | "interrupted";
  counts: RunCounts;
  /** Of finished runs that wrote files. */
  manifest: Manifest | null;
  /** Programs that an earlier run had done. */
  resumed: number;
}

/** What tests replace. */
export interface TraceRunParts {
  open: (options: TracerOptions) => Promise<Tracer>;
}

const REAL_PARTS: TraceRunParts = { open: openTracer };

/** Runs the programs of the inputs and writes what the format makes of their traces. */
export async function runTrace(request: TraceRequest, parts: TraceRunParts = REAL_PARTS): Promise<RunResult> {
  const renderer = findRenderer(request.format);
  await openSettings(request.format, { ...AS_PUBLISHED, ...request.render });
  const filters = chooseFilters(request.filters ?? []);
  const files = await inputsOf(request);
  const paths = typeof request.output === "string" ? outputPaths(request.output) : null;
  if (paths !== null) await checkOutput(request, paths, files);
  await using tracer = await parts.open(await withAutoPreload(request, files));
  request.onSandbox?.(tracer.sandbox);
  const run = new TraceRun(request, renderer, filters, files, tracer);
  // Awaited here: the tracer closes when this function returns.
  return await (paths === null ? run.toStream(request.output as StreamOutput) : run.toFiles(paths));
}

/** Decided by the input alone, so that a run which goes on decides likewise. */
async function withAutoPreload(request: TraceRequest, files: readonly InputFile[]): Promise<TracerOptions> {
  const { tracer, autoPreload = false, generate, source, limit, shard } = request;
  if (!autoPreload || generate !== undefined || tracer.preload !== undefined || tracer.isolation === "inline") {
    return tracer;
  }
  const options: ReadOptions = {};
  if (source !== undefined) options.source = source;
  if (limit !== undefined) options.limit = limit;
  if (shard !== undefined) options.shard = shard;
  const found = await chooseAutoPreload(files, options, tracer.python);
  if (found.modules.size === 0) return tracer;
  request.onAutoPreload?.(found);
  return { ...tracer, preload: [...found.modules.keys()] };
}

async function inputsOf({ inputs, generate }: TraceRequest): Promise<InputFile[]> {
  if (generate === undefined) return findInputs(inputs);
  if (inputs.length === 0) return [generatedInput(generate)];
  throw new UsageError(
    "bad-option",
    "Generated programs have no inputs; leave them out, or the options for generating.",
  );
}

async function checkOutput(request: TraceRequest, paths: OutputPaths, files: readonly InputFile[]): Promise<void> {
  if (request.resume && request.force) {
    throw new UsageError("bad-option", "--resume keeps what --force throws away; give one of them.");
  }
  if (files.some((file) => file.path === paths.output)) {
    throw new UsageError("bad-output", `${paths.output} is an input too; name another output with -o.`);
  }
  await refuseSpecial(paths.output);
  if (!request.resume && !request.force) await refuseUnfinished(paths);
}

/** One run: the state that its steps share. */
class TraceRun {
  readonly #request: TraceRequest;
  readonly #renderer: Renderer;
  readonly #filters: ChosenFilters;
  readonly #files: readonly InputFile[];
  readonly #tracer: Tracer;
  readonly #identity: RunIdentity;
  readonly #reading: ReadProgress = { files: [] };
  readonly #generating: GenerateProgress = { made: 0 };
  #counts: RunCounts = noCounts();

  constructor(
    request: TraceRequest,
    renderer: Renderer,
    filters: ChosenFilters,
    files: readonly InputFile[],
    tracer: Tracer,
  ) {
    this.#request = request;
    this.#renderer = renderer;
    this.#filters = filters;
    this.#files = files;
    this.#tracer = tracer;
    this.#identity = {
      tracemill: toolVersion(),
      python: tracer.python.version,
      format: renderer.name,
      source: request.source ?? null,
      limit: request.limit ?? null,
      shard: request.shard ?? null,
      options: { ...tracer.options, ...namesOf(filters) },
      render: { ...AS_PUBLISHED, ...request.render },
      inputs: files.map(({ path, bytes, modified }) => ({ path, bytes, modified })),
    };
  }

  async toStream({ target, reject }: StreamOutput): Promise<RunResult> {
    const output = this.#rowOutput(target);
    await output.begin();
    const ended = await this.#trace(
      new ProgramFeed(this.#items(), { programs: 0, rejected: 0 }),
      output,
      async (lines) => {
        for (const line of lines) await reject(line);
      },
    );
    if (ended) await output.finish();
    return { state: ended ? "finished" : "interrupted", counts: this.#counts, manifest: null, resumed: 0 };
  }

  async toFiles(paths: OutputPaths): Promise<RunResult> {
    const left = this.#request.resume ? await findUnfinished(paths) : null;
    if (left !== null) refuseOther(paths.output, left.identity, this.#identity);
    else if (this.#request.resume) {
      const done = await this.#finishedBefore(paths);
      if (done !== null)
        return { state: "unchanged", counts: done.counts, manifest: done, resumed: done.counts.programs };
    }
    if (left?.manifest) {
      await publish(paths, left.manifest);
      const { counts } = left.manifest;
      return { state: "finished", counts, manifest: left.manifest, resumed: counts.programs };
    }
    const manifest = await this.#write(paths, left);
    const resumed = left?.last?.counts.programs ?? 0;
    if (manifest === null) return { state: "interrupted", counts: this.#counts, manifest, resumed };
    await publish(paths, manifest);
    return { state: "finished", counts: this.#counts, manifest, resumed };
  }

  /** The manifest of the run, null when it was interrupted. */
  async #write(paths: OutputPaths, left: JournalContent | null): Promise<Manifest | null> {
    const last = left?.last ?? null;
    try {
      await using files =
        last === null ? await OutputFiles.create(paths, this.#identity) : await OutputFiles.reopen(paths, last);
      const output = this.#rowOutput(files.output);
      if (last === null) await output.begin();
      else if (output instanceof RecordOutput) output.resume(left?.batches ?? []);
      if (last !== null) this.#counts = structuredClone(last.counts);
      const before = last?.sourceRejected ?? 0;
      const feed = new ProgramFeed(this.#items(), { programs: this.#counts.programs, rejected: before });
      const checkpoint = (): Checkpoint => ({
        counts: this.#counts,
        sourceRejected: before + feed.sourceRejected,
        output: files.output.written,
        rejected: files.rejected.written,
      });
      await files.journal.checkpoint(checkpoint());
      const ended = await this.#trace(feed, output, async (lines) => {
        await files.rejected.append(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
        await files.journal.checkpoint(checkpoint());
      });
      if (!ended) return null;
      await output.finish();
      const manifest = this.#manifest(paths, await files.seal());
      await files.journal.finish(manifest);
      return manifest;
    } catch (error) {
      // Nothing to resume: the next try should not have to say what to do with it.
      if (last === null && this.#counts.programs === 0) await discard(paths).catch(() => {});
      throw error;
    }
  }

  /** False when the run was stopped. `settle` gets the rejected rows of every batch, after its rows were written. */
  async #trace(
    feed: ProgramFeed,
    output: RowOutput,
    settle: (lines: readonly RejectedLine[]) => Promise<void>,
  ): Promise<boolean> {
    const { signal } = this.#request;
    const how = { ...this.#identity.render, filters: this.#filters.traces, ...(signal && { signal }) };
    try {
      for await (const batch of this.#tracer.runRendered(feed.programs(), this.#renderer.name, how)) {
        await output.append(batch.output, batch.rows);
        const lines = feed.settle(batch.consumed, batch.rejected);
        const reasons = lines.map((line) => line.reason);
        const { statuses, tiers } = batch;
        addBatch(this.#counts, { programs: batch.consumed, rendered: batch.rows, reasons, statuses, tiers });
        await settle(lines);
        batch.release();
        this.#report();
        if (signal?.aborted) return false;
      }
    } catch (error) {
      if (signal?.aborted) return false;
      throw error;
    }
    if (signal?.aborted) return false;
    const lines = feed.settle(0, []);
    addBatch(this.#counts, {
      programs: 0,
      rendered: 0,
      reasons: lines.map((line) => line.reason),
      statuses: {},
      tiers: noTiers(),
    });
    await settle(lines);
    this.#report();
    return true;
  }

  #items(): AsyncIterable<ReadItem> {
    const { generate, source, limit, shard } = this.#request;
    const options: ReadOptions = { progress: this.#reading };
    if (source !== undefined) options.source = source;
    if (limit !== undefined) options.limit = limit;
    if (shard !== undefined) options.shard = shard;
    const items =
      generate === undefined ? readFiles(this.#files, options) : generatedItems(generate, options, this.#generating);
    const { python } = this.#tracer;
    const { timeoutMs, memoryMb } = this.#tracer.options;
    return sift(items, this.#filters.programs, { python: python.executable, timeoutMs, memoryMb });
  }

  #rowOutput(target: ByteTarget): RowOutput {
    if (this.#renderer.extension === ".jsonl") return lineOutput(target);
    const { tracemill, python, options } = this.#identity;
    return new RecordOutput(target, { tracemill, python, options });
  }

  #report(): void {
    const { generate, onProgress } = this.#request;
    if (generate !== undefined) {
      onProgress?.({ counts: this.#counts, done: this.#generating.made, total: generate.count });
      return;
    }
    const done = this.#reading.files.reduce((sum, file) => sum + file.bytesRead, 0);
    const total = this.#files.reduce((sum, file) => sum + file.bytes, 0);
    onProgress?.({ counts: this.#counts, done, total });
  }

  /** The manifest of the run that made the output, when it was this one. */
  async #finishedBefore(paths: OutputPaths): Promise<Manifest | null> {
    if (!(await exists(paths.output)) || !(await exists(paths.manifest))) return null;
    const found = manifestSchema.safeParse(JSON.parse(await readFile(paths.manifest, "utf8")));
    if (found.success && found.data.fingerprint === fingerprint(this.#identity)) {
      const size = await sizeOf(paths.output);
      if (found.data.outputs[0]?.bytes === size) return found.data;
      throw new UsageError(
        "output-changed",
        `${paths.output} was complete and was changed since. Leave out --resume to make it again.`,
      );
    }
    const why = `${paths.output} is complete and was made by another run (other inputs, options or versions)`;
    throw new UsageError("other-run", `${why}. Name another output with -o, or leave out --resume to replace it.`);
  }

  #manifest(paths: OutputPaths, written: { output: FileHash; rejected: FileHash }): Manifest {
    const { tracemill, python, format, source, limit, shard, options, render } = this.#identity;
    const read = new Map(this.#reading.files.map((file) => [file.path, file.sha256]));
    return {
      manifest: 1,
      command: "trace",
      versions: { tracemill, node: process.versions.node, python },
      format,
      source,
      limit,
      shard,
      options,
      render,
      sandbox: this.#tracer.sandbox,
      seeds: { random: this.#tracer.options.seed, hash: HASH_SEED },
      counts: this.#counts,
      inputs: this.#files.map(({ path, bytes }) => ({ path, bytes, sha256: read.get(path) ?? null })),
      outputs: [
        { path: paths.output, ...written.output },
        { path: paths.rejected, ...written.rejected },
      ],
      fingerprint: fingerprint(this.#identity),
    };
  }
}

/** Part of what makes two runs the same; nothing where nothing is left out. */
function namesOf({ programs, traces }: ChosenFilters): { filters?: string[] } {
  const names = [...programs.map(({ name }) => name), ...traces];
  return names.length === 0 ? {} : { filters: names };
}
