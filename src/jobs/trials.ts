import { EngineError } from "../base/errors.ts";
import type { Program } from "../base/schema/program.ts";
import { openTracer, type Tracer, type TracerOptions } from "../engine/tracer.ts";
import type { Outcome, Status } from "../record/trace/value.ts";

/** Of these it is not certain that the program is to blame: it is run once more, alone. */
const RUN_AGAIN: ReadonlySet<Status> = new Set(["timeout", "memory-limit", "crash", "record-limit"]);

type Known = Pick<TracerOptions, "python" | "workers" | "timeoutMs" | "memoryMb" | "preload" | "signal">;

/** How programs are run; what is undefined is as `openTracer` has it. */
export type TrialOptions = { readonly [Key in keyof Known]?: Known[Key] | undefined };

/** Runs what answers predict, each in a process of its own and untraced; nothing is opened before the first run. */
export class Trials implements AsyncDisposable {
  readonly #options: TrialOptions;
  #tracer: Promise<Tracer> | null = null;

  constructor(options: TrialOptions) {
    this.#options = options;
  }

  /** How each run ended, in order; null where the engine failed twice, whatever the program does. */
  async run(programs: readonly Program[]): Promise<(Outcome | null)[]> {
    const ended = await this.#together(programs);
    const again = programs.flatMap((program, i) => {
      const outcome = ended[i];
      return outcome == null || RUN_AGAIN.has(outcome.status) ? [{ program, i }] : [];
    });
    for (const { program, i } of again) {
      const [outcome] = await this.#together([program]);
      ended[i] = outcome ?? null;
    }
    return ended;
  }

  async #together(programs: readonly Program[]): Promise<(Outcome | null)[]> {
    const numbered = programs.map((program, i) => ({ ...program, id: String(i) }));
    const ended: (Outcome | null)[] = [];
    try {
      const tracer = await this.#open();
      for await (const { outcome } of tracer.run(numbered)) ended.push(outcome);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      await this.#close();
    }
    return programs.map((_, i) => ended[i] ?? null);
  }

  #open(): Promise<Tracer> {
    const { python, workers, signal, ...limits } = this.#options;
    this.#tracer ??= openTracer({
      ...limits,
      ...(python === undefined ? {} : { python }),
      ...(workers === undefined ? {} : { workers }),
      ...(signal === undefined ? {} : { signal }),
      isolation: "fork",
      mode: "untraced",
      maxValueChars: 0,
    });
    return this.#tracer;
  }

  async #close(): Promise<void> {
    const tracer = await this.#tracer?.catch(() => null);
    this.#tracer = null;
    await tracer?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }
}
