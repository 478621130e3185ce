// Who is right is not believed but run: programs under what is expected of them, untraced.

import type { Program } from "../base/schema/program.ts";
import type { Outcome } from "../record/trace/value.ts";
import { isComparable, type Verdict, verdictOf } from "../views/verdict/verdict.ts";
import { openTracer, type Tracer, type TracerOptions } from "./tracer.ts";

/** Of `random` in a second run, so that a result which hangs on it shows. */
const SECOND_SEED = 1;

export interface Judged {
  readonly outcome: Outcome;
  /** Null: nothing is expected, or there is no result. */
  readonly verdict: Verdict | null;
}

/** What two runs of a program, under different seeds, agree on; `why` says what is missing. */
export type StableResult =
  | { readonly literal: string }
  | { readonly why: "not-returned" | "not-literal" | "differs"; readonly outcome: Outcome };

export class Judge implements AsyncDisposable {
  readonly #first: Tracer;
  readonly #second: Tracer;

  private constructor(first: Tracer, second: Tracer) {
    this.#first = first;
    this.#second = second;
  }

  /** Throws what `openTracer` throws. */
  static async open(options: TracerOptions): Promise<Judge> {
    const untraced = { ...options, mode: "untraced", maxValueChars: 0 } as const;
    const first = await openTracer(untraced);
    const second = await openTracer({ ...untraced, seed: (options.seed ?? 0) + SECOND_SEED }).catch(
      async (error: unknown) => {
        await first.close();
        throw error;
      },
    );
    return new Judge(first, second);
  }

  /** Runs every program once: one answer for each, in order. */
  async judge(programs: readonly Program[]): Promise<Judged[]> {
    return await judged(this.#first, programs);
  }

  /** The results of calls that are the same literal in two runs. Programs without an entry have no result. */
  async stableResults(programs: readonly Program[]): Promise<StableResult[]> {
    const first = await judged(
      this.#first,
      programs.map((program) => ({ ...program, expected: undefined })),
    );
    const again = programs.flatMap((program, i) => {
      const { result, status } = (first[i] as Judged).outcome;
      return status === "ok" && result !== null ? [{ ...program, expected: result.repr, compare: undefined }] : [];
    });
    const second = (await judged(this.#second, again))[Symbol.iterator]();
    return first.map(({ outcome }) => {
      const { status, result } = outcome;
      if (status !== "ok" || result === null) return { why: "not-returned", outcome };
      const { verdict } = second.next().value as Judged;
      if (verdict?.is === "yes") return { literal: result.repr };
      const cannotBeRead = verdict?.is === "not-comparable" && verdict.what === "expected";
      return { why: cannotBeRead || !isComparable(result) ? "not-literal" : "differs", outcome };
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#first.close();
    await this.#second.close();
  }
}

async function judged(tracer: Tracer, programs: readonly Program[]): Promise<Judged[]> {
  const numbered = programs.map((program, i) => ({ ...program, id: String(i) }));
  const found: Judged[] = [];
  for await (const trace of tracer.run(numbered)) {
    const { outcome, program } = trace;
    found.push({ outcome, verdict: verdictOf(program, outcome, () => trace.stdout) });
  }
  return found;
}
