import { setMaxListeners } from "node:events";
import { availableParallelism } from "node:os";
import { artefacts } from "../base/addon/artefacts.ts";
import { UsageError } from "../base/errors.ts";
import { type TraceOptions, type TraceOptionsInput, traceOptionsSchema } from "../base/schema/options.ts";
import type { Program, ProgramInput } from "../base/schema/program.ts";
import { AS_PUBLISHED, type RenderSettings } from "../base/schema/render-settings.ts";
import type { Sandbox } from "../base/schema/sandbox.ts";
import type { TierCounts } from "../base/schema/tiers.ts";
import type { Trace } from "../record/trace/trace.ts";
import type { Status } from "../record/trace/value.ts";
import { openSettings } from "../views/formats/settings.ts";
import { finishedTrace } from "./host/finished-record.ts";
import { BatchSize } from "./pool/batch-size.ts";
import { ordered } from "./pool/ordered.ts";
import { Pool, TASKS_PER_WORKER } from "./pool/pool.ts";
import { batches, checkProgram, type ProgramBatch, type Programs } from "./pool/program-batches.ts";
import { SingleRuns } from "./pool/single-runs.ts";
import { SpareMemory } from "./pool/spare-memory.ts";
import type { RecordsResult, Rejection, RenderedResult, RunTask } from "./pool/task.ts";
import { findPython } from "./python/find-python.ts";

const MOST_WORKERS = 1024;

export type TracerOptions = TraceOptionsInput & {
  /** Worker threads, each with its tracer process; by default one per core. */
  workers?: number;
  /** Path or name of the Python to trace with. */
  python?: string;
  /** Closes the tracer. */
  signal?: AbortSignal;
};

export interface RunOptions {
  /** Ends the call; the tracer stays usable. */
  signal?: AbortSignal;
}

/** As published, of any length, unless told otherwise. */
export interface RenderOptions extends RunOptions, Partial<RenderSettings> {
  /** Names of filters of traces; what they leave out is rejected. */
  filters?: readonly string[];
}

export interface RenderedBatch {
  /** JSON lines; for the format `record`, a block of a record file, empty without rows. */
  output: Uint8Array;
  rows: number;
  /** Programs that a filter left out or the format could not show; `index` counts from the start of the input. */
  rejected: Rejection[];
  statuses: Record<Status, number>;
  /** How programs were kept from each other; none of them for `inline`. */
  tiers: TierCounts;
  /** Programs of the input that this batch accounts for. */
  consumed: number;
  /**
   * Gives the memory of `output`, which nobody may look at any more, to a batch to come. New memory costs more than what is
   * written there; without this call the garbage collector takes it.
   */
  release(): void;
}

export type ProgramTrace = Trace & { readonly program: Program };

/** Runs programs and hands out their traces. */
export interface Tracer extends AsyncDisposable {
  readonly python: { readonly version: string; readonly executable: string };
  readonly options: TraceOptions;
  /** What keeps programs in; null for `inline`, where nothing does. */
  readonly sandbox: Sandbox | null;
  /** The traces in the order of the programs, which are pulled as they are needed. */
  run(programs: Programs, options?: RunOptions): AsyncGenerator<ProgramTrace, void, undefined>;
  /**
   * The trace of one program. Programs that many callers have traced at the same time run together. Rejects with the
   * signal's reason as soon as it aborts; those of other callers go on.
   */
  trace(program: ProgramInput, options?: RunOptions): Promise<ProgramTrace>;
  /** Traces in batches, rendered in the worker threads. */
  runRendered(
    programs: Programs,
    format: string,
    options?: RenderOptions,
  ): AsyncGenerator<RenderedBatch, void, undefined>;
  /** Ends all processes and threads; calls that go on reject. */
  close(): Promise<void>;
}

/**
 * Waits for the first tracer process. Throws UsageError for options that are none, PythonError and ArtefactError for
 * what is missing, EngineError when no tracer process starts.
 */
export async function openTracer(options: TracerOptions = {}): Promise<Tracer> {
  const { workers = availableParallelism(), python: choice, signal, ...rest } = options;
  signal?.throwIfAborted();
  if (!Number.isInteger(workers) || workers < 1 || workers > MOST_WORKERS) {
    throw new UsageError("bad-option", `workers is ${workers}; give a whole number from 1 to ${MOST_WORKERS}`);
  }
  const traceOptions = checkOptions(rest);
  const python = await findPython(choice);
  const { host, core } = artefacts(python.minor, python.executable);
  signal?.throwIfAborted();
  const { libpython, executable, readable } = python;
  const files = { host, core, libpython, executable, readable };
  const pool = new Pool({ options: traceOptions, files, pythonMinor: python.minor, site: python.site }, workers);
  const sandbox = await firstSandbox(pool, signal);
  return new PooledTracer(pool, traceOptions, sandbox, python, workers, signal);
}

/** Closes the pool when nothing can be run with it. */
async function firstSandbox(pool: Pool, signal: AbortSignal | undefined): Promise<Sandbox | null> {
  const onAbort = (): void => void pool.close();
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    return await pool.sandbox();
  } catch (error) {
    await pool.close();
    throw signal?.aborted ? signal.reason : error;
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
}

function checkOptions(input: unknown): TraceOptions {
  const result = traceOptionsSchema.safeParse(input);
  if (result.success) {
    if (result.data.isolation !== "inline") return result.data;
    if (result.data.requireSandbox)
      throw new UsageError("bad-option", "requireSandbox: inline isolation has no sandbox");
    if (result.data.scratchMb === 0) return result.data;
    throw new UsageError("bad-option", "scratchMb: inline isolation has no scratch directory, only Node's files");
  }
  const problems = result.error.issues.map(({ path, message }) => `${path.join(".") || "options"}: ${message}`);
  throw new UsageError("bad-option", problems.join("; "));
}

/** What tasks are to answer that render nothing. */
const AS_RECORDS: Pick<RunTask, "format" | "settings" | "filters"> = {
  format: null,
  settings: AS_PUBLISHED,
  filters: [],
};

class PooledTracer implements Tracer {
  readonly python: { readonly version: string; readonly executable: string };
  readonly options: TraceOptions;
  readonly sandbox: Sandbox | null;
  readonly #pool: Pool;
  readonly #pythonMinor: number;
  readonly #workers: number;
  /** Aborts when the tracer closes. */
  readonly #closing: AbortController = new AbortController();
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort: () => void;
  #runs = 0;
  /** Of the run that ended last. */
  #pace: number | undefined;
  readonly #memory: SpareMemory;
  readonly #singles: SingleRuns<ProgramTrace>;

  constructor(
    pool: Pool,
    options: TraceOptions,
    sandbox: Sandbox | null,
    python: { version: string; executable: string; minor: number },
    workers: number,
    signal: AbortSignal | undefined,
  ) {
    this.#pool = pool;
    this.options = options;
    this.sandbox = sandbox;
    this.python = { version: python.version, executable: python.executable };
    this.#pythonMinor = python.minor;
    this.#workers = workers;
    this.#memory = new SpareMemory(workers * TASKS_PER_WORKER);
    this.#singles = new SingleRuns((programs, stop) => this.#together(programs, stop), workers * TASKS_PER_WORKER);
    // Every call listens while it goes on, and there may be any number of them.
    setMaxListeners(0, this.#closing.signal);
    this.#signal = signal;
    this.#onAbort = (): void => void this.#close(signal?.reason);
    signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  async *run(programs: Programs, { signal }: RunOptions = {}): AsyncGenerator<ProgramTrace, void, undefined> {
    for await (const { batch, result } of this.#results(programs, AS_RECORDS, signal)) {
      yield* this.#traces(batch.programs, result as RecordsResult);
    }
  }

  async trace(program: ProgramInput, { signal }: RunOptions = {}): Promise<ProgramTrace> {
    return await this.#singles.trace(checkProgram(program), signal);
  }

  async #together(programs: readonly Program[], stop: AbortSignal): Promise<ProgramTrace[]> {
    this.#closing.signal.throwIfAborted();
    const run = this.#runs++;
    const onAbort = (): void => this.#pool.abort(run);
    stop.addEventListener("abort", onAbort, { once: true });
    try {
      const result = await this.#pool.run({ run, programs, memory: null, ...AS_RECORDS });
      return Array.from(this.#traces(programs, result as RecordsResult));
    } catch (error) {
      throw this.#closing.signal.aborted ? this.#closing.signal.reason : error;
    }
  }

  async *runRendered(
    programs: Programs,
    format: string,
    { signal, filters = [], ...chosen }: RenderOptions = {},
  ): AsyncGenerator<RenderedBatch, void, undefined> {
    const settings = { ...AS_PUBLISHED, ...chosen };
    await openSettings(format, settings);
    for await (const { batch, result } of this.#results(programs, { format, settings, filters }, signal)) {
      const { output, rows, rejected, statuses, tiers } = result as RenderedResult;
      for (const rejection of rejected) rejection.index += batch.first;
      const release = (): void => this.#memory.give(output.buffer);
      yield { output, rows, rejected, statuses, tiers, consumed: batch.programs.length, release };
    }
  }

  close(): Promise<void> {
    return this.#close(new DOMException("The tracer was closed", "AbortError"));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(reason: unknown): Promise<void> {
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#closing.abort(reason);
    await this.#pool.close();
  }

  async *#results(
    programs: Programs,
    rendering: Pick<RunTask, "format" | "settings" | "filters">,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<{ batch: ProgramBatch; result: RecordsResult | RenderedResult }, void, undefined> {
    const run = this.#runs++;
    const stop = signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal]);
    const size = new BatchSize(this.#workers, this.#pace);
    let open = 0;
    const work = async (batch: ProgramBatch) => {
      open += 1;
      try {
        const memory = rendering.format === null ? null : this.#memory.take();
        const result = await this.#pool.run({ run, programs: batch.programs, memory, ...rendering });
        size.ended(batch.programs.length, batch.sources);
        return { batch, result };
      } finally {
        open -= 1;
      }
    };
    // One more per worker than runs, so that no worker waits for the main thread.
    const limit = this.#workers * (TASKS_PER_WORKER + 1);
    try {
      yield* ordered(batches(programs, size), work, limit, stop);
    } finally {
      this.#pace = size.pace ?? this.#pace;
      // The reader left early: what still runs for it is wasted.
      if (open > 0) this.#pool.abort(run);
    }
  }

  *#traces(programs: readonly Program[], { records, ends }: RecordsResult): Generator<ProgramTrace, void, undefined> {
    let start = 0;
    for (const [i, program] of programs.entries()) {
      const end = ends[i] as number;
      yield Object.assign(finishedTrace(records.subarray(start, end), this.#pythonMinor), { program });
      start = end;
    }
  }
}
