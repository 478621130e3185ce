import { UsageError } from "../base/errors.ts";
import type { Manifest, RunCounts } from "../base/schema/manifest.ts";
import { AS_PUBLISHED, type RenderSettings } from "../base/schema/render-settings.ts";
import type { Sandbox } from "../base/schema/sandbox.ts";
import { openTracer, type RenderOptions, type Tracer, type TracerOptions } from "../engine/tracer.ts";
import { type ChosenFilters, chooseFilters } from "../prepare/filters/registry.ts";
import { sift } from "../prepare/filters/sift.ts";
import { type GenerateProgress, generatedInput, generatedItems } from "../programs/generate/generate.ts";
import type { GenerateOptions } from "../programs/generate/generate-options.ts";
import type { InputFile } from "../programs/sources/file-kinds.ts";
import type { ReadProgress } from "../programs/sources/file-rows.ts";
import { findInputs } from "../programs/sources/inputs.ts";
import { type ReadItem, type ReadOptions, readFiles } from "../programs/sources/read.ts";
import type { FieldMap } from "../programs/sources/renamed.ts";
import { findFormat } from "../views/formats/registry.ts";
import type { Format } from "../views/formats/renderer.ts";
import { openSettings } from "../views/formats/settings.ts";
import { type AutoPreload, chooseAutoPreload } from "./auto-preload.ts";
import { type Identity, inputIdentity } from "./identity.ts";
import { type Extent, manifestInputs, readSoFar } from "./input-files.ts";
import {
  claimPlace,
  doJob,
  type JobEnd,
  type JobResult,
  NOTHING_READ,
  type Start,
  type Step,
  type StreamOutput,
  stoppable,
  type Work,
} from "./job.ts";
import { ProgramFeed } from "./program-feed.ts";
import { type ByteTarget, rowWriter } from "./row-writer.ts";
import { tokenizerFiles } from "./tokenizer-files.ts";
import { toolVersion } from "./tool-version.ts";

/** Python's hash seed, fixed by the tracer process. */
const HASH_SEED = 0;

export interface TraceRequest {
  inputs: readonly string[];
  /** Programs to make instead of reading inputs. */
  generate?: GenerateOptions;
  /** A path, or where bytes and rejected rows go when there is no file (nothing is resumable then). */
  output: string | StreamOutput;
  /** Name of a format. */
  format: string;
  render?: Partial<RenderSettings>;
  source?: string;
  /** Fields of the rows that are renamed. */
  map?: FieldMap;
  /** Names of filters and of groups of them. */
  filters?: readonly string[];
  limit?: number;
  shard?: { index: number; count: number };
  /** Go on with what an interrupted run of the same request left; start when nothing was left. */
  resume?: boolean;
  /** Replace what another run wrote, and throw away what an interrupted one left. */
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
  /** Told, in words, what of the inputs is not read. */
  onNote?: (text: string) => void;
  onProgress?: (progress: RunProgress) => void;
}

/** How far a run is, in bytes of the inputs; with generated programs, in programs. */
export interface RunProgress extends Extent {
  counts: RunCounts;
}

/** What tests replace. */
export interface TraceRunParts {
  open: (options: TracerOptions) => Promise<Tracer>;
}

const REAL_PARTS: TraceRunParts = { open: openTracer };

/** Runs the programs of the inputs and writes what the format makes of their traces. */
export function runTrace(request: TraceRequest, parts: TraceRunParts = REAL_PARTS): Promise<JobResult> {
  return stoppable(request.signal, () => trace(request, parts));
}

async function trace(request: TraceRequest, parts: TraceRunParts): Promise<JobResult> {
  const format = findFormat(request.format);
  const render = { ...AS_PUBLISHED, ...request.render };
  await openSettings(request.format, render);
  const filters = chooseFilters(request.filters ?? []);
  const files = await inputsOf(request);
  const { signal } = request;
  const inputs = [...files.map(({ path }) => path), ...tokenizerFiles(render)];
  const place = await claimPlace(request, inputs);
  const options = await withAutoPreload(request, files);
  await using tracer = await parts.open({ ...options, ...(signal && { signal }) });
  request.onSandbox?.(tracer.sandbox);
  const work = new Tracing({ request, format, render, filters, files, tracer });
  const control = { signal, onProgress: (counts: RunCounts) => request.onProgress?.({ counts, ...work.progress() }) };
  // Awaited here: the tracer closes when this function returns.
  return await doJob(place, work, control);
}

/** Decided by the input alone, so that a run which goes on decides likewise. */
async function withAutoPreload(request: TraceRequest, files: readonly InputFile[]): Promise<TracerOptions> {
  const { tracer, autoPreload = false, generate } = request;
  if (!autoPreload || generate !== undefined || tracer.preload !== undefined || tracer.isolation === "inline") {
    return tracer;
  }
  const found = await chooseAutoPreload(files, readOptions(request), tracer.python);
  if (found.modules.size === 0) return tracer;
  request.onAutoPreload?.(found);
  return { ...tracer, preload: [...found.modules.keys()] };
}

function readOptions({ source, map, limit, shard }: TraceRequest): ReadOptions {
  return {
    ...(map === undefined ? {} : { map }),
    ...(source === undefined ? {} : { source }),
    ...(limit === undefined ? {} : { limit }),
    ...(shard === undefined ? {} : { shard }),
  };
}

async function inputsOf({ inputs, generate, onNote }: TraceRequest): Promise<InputFile[]> {
  if (generate === undefined) return findInputs(inputs, onNote);
  if (inputs.length === 0) return [generatedInput(generate)];
  throw new UsageError(
    "bad-option",
    "Generated programs have no inputs; leave them out, or the options for generating.",
  );
}

/** What a run works with. */
interface TracingParts {
  readonly request: TraceRequest;
  readonly format: Format;
  readonly render: RenderSettings;
  readonly filters: ChosenFilters;
  readonly files: readonly InputFile[];
  readonly tracer: Tracer;
}

class Tracing implements Work {
  readonly identity: Identity;
  readonly #parts: TracingParts;
  readonly #reading: ReadProgress = { files: [] };
  readonly #generating: GenerateProgress = { made: 0 };

  constructor(parts: TracingParts) {
    this.#parts = parts;
    this.identity = identityOf(parts);
  }

  async *steps([target]: readonly ByteTarget[], start: Start): AsyncGenerator<Step, void, undefined> {
    const { request, format, render, filters, tracer } = this.#parts;
    const feed = new ProgramFeed(this.#items(), start);
    const writer = rowWriter(format.extension, target as ByteTarget, headerOf(tracer), start.blocks[0] ?? []);
    const how: RenderOptions = {
      ...render,
      filters: filters.traces,
      ...(request.signal && { signal: request.signal }),
    };
    await writer.begin();
    yield NOTHING_READ;
    for await (const batch of tracer.runRendered(feed.programs(), format.name, how)) {
      await writer.append(batch.output, batch.rows);
      const settled = feed.settle(batch.consumed, batch.rejected);
      yield { programs: batch.consumed, rows: [batch.rows], statuses: batch.statuses, tiers: batch.tiers, ...settled };
      batch.release();
    }
    yield { ...NOTHING_READ, ...feed.settle(0, []) };
    await writer.finish();
  }

  /** In bytes of the inputs; of generated programs, in programs. */
  progress(): Extent {
    const { request, files } = this.#parts;
    if (request.generate !== undefined) return { done: this.#generating.made, total: request.generate.count };
    return readSoFar(files, this.#reading);
  }

  manifest({ counts, outputs, fingerprint }: JobEnd): Manifest {
    const { request, format, render, filters, files, tracer } = this.#parts;
    return {
      manifest: 1,
      command: "trace",
      versions: { tracemill: toolVersion(), node: process.versions.node, python: tracer.python.version },
      format: format.name,
      source: request.source ?? null,
      limit: request.limit ?? null,
      shard: request.shard ?? null,
      options: { ...tracer.options, ...namesOf(filters), ...(request.map && { map: request.map }) },
      render,
      sandbox: tracer.sandbox,
      seeds: { random: tracer.options.seed, hash: HASH_SEED },
      counts,
      inputs: manifestInputs(files, this.#reading),
      outputs,
      fingerprint,
    };
  }

  #items(): AsyncIterable<ReadItem> {
    const { request, filters, files, tracer } = this.#parts;
    const { generate } = request;
    const options: ReadOptions = {
      ...readOptions(request),
      progress: this.#reading,
      ...(request.onNote && { note: request.onNote }),
    };
    const items =
      generate === undefined ? readFiles(files, options) : generatedItems(generate, options, this.#generating);
    const { timeoutMs, memoryMb } = tracer.options;
    return sift(items, filters.programs, {
      python: tracer.python.executable,
      timeoutMs,
      memoryMb,
      signal: request.signal,
    });
  }
}

function identityOf({ request, format, render, filters, files, tracer }: TracingParts): Identity {
  return {
    tracemill: toolVersion(),
    python: tracer.python.version,
    format: format.name,
    source: request.source ?? null,
    limit: request.limit ?? null,
    shard: request.shard ?? null,
    options: { ...tracer.options, ...namesOf(filters), ...(request.map && { map: request.map }) },
    render,
    inputs: files.map(inputIdentity),
  };
}

/** What a record file says of itself. */
function headerOf({ python, options }: Tracer): Record<string, unknown> {
  return { tracemill: toolVersion(), python: python.version, options };
}

/** Part of what makes two runs the same; nothing where nothing is left out. */
function namesOf({ programs, traces }: ChosenFilters): { filters?: string[] } {
  const names = [...programs.map(({ name }) => name), ...traces];
  return names.length === 0 ? {} : { filters: names };
}
