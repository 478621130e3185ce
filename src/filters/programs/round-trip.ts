import { openTracer, type Tracer } from "../../engine/tracer.ts";
import type { Outcome } from "../../record/value.ts";
import type { Program } from "../../schema/program.ts";
import { isComparable, verdictOf } from "../../verdict/verdict.ts";
import type { Drop } from "../filter.ts";
import type { ProgramFilter, SieveOptions } from "./program-filter.ts";

/** Of `random` in the second run, so that a result which hangs on it shows. */
const SECOND_SEED = 1;

/**
 * Runs every program twice, untraced: its result must be a literal, and be the same under another seed. Programs without
 * an entry have no result to compare.
 */
export const roundTripFilter: ProgramFilter = {
  name: "round-trip",
  title: "programs whose result, written as Python source, is not what another run of them gives",
  reasons: ["no-entry", "not-returned", "result-not-literal", "result-differs"],
  async open(options) {
    const first = await open(options, 0);
    const second = await open(options, SECOND_SEED).catch(async (error: unknown) => {
      await first.close();
      throw error;
    });
    return {
      async sift(items) {
        const programs = items.map(({ program }, i) => ({ ...program, id: String(i), expected: undefined }));
        const results = await outcomes(first, programs);
        const returned = programs.flatMap((program, i) => {
          const result = program.entry === null ? null : (results[i]?.result ?? null);
          return result === null ? [] : [{ ...program, expected: result.repr }];
        });
        const again = new Map<string, Outcome>();
        for (const [i, outcome] of (await outcomes(second, returned)).entries()) {
          again.set((returned[i] as Program).id, outcome);
        }
        return programs.map((program, i) => dropOf(program, results[i] as Outcome, again.get(program.id)));
      },
      async [Symbol.asyncDispose]() {
        await first.close();
        await second.close();
      },
    };
  },
};

function open({ python, workers = 1, timeoutMs, memoryMb, signal }: SieveOptions, seed: number): Promise<Tracer> {
  return openTracer({
    ...(python === undefined ? {} : { python }),
    ...(signal === undefined ? {} : { signal }),
    workers,
    timeoutMs,
    memoryMb,
    seed,
    mode: "untraced",
    maxValueChars: 0,
  });
}

async function outcomes(tracer: Tracer, programs: readonly Program[]): Promise<Outcome[]> {
  const found: Outcome[] = [];
  for await (const { outcome } of tracer.run(programs)) found.push(outcome);
  return found;
}

function dropOf(program: Program, { status, exception, result }: Outcome, again: Outcome | undefined): Drop | null {
  if (program.entry === null) return { reason: "no-entry", message: "Without an entry there is no result to compare." };
  if (again === undefined || result === null) {
    const cause = exception === null ? "" : `: ${exception.type}: ${exception.message}`;
    return { reason: "not-returned", message: `The program did not return (${status})${cause}.` };
  }
  const verdict = verdictOf({ expected: result.repr }, again);
  const cannotBeRead = verdict?.is === "not-comparable" && verdict.what === "expected";
  if (!isComparable(result) || cannotBeRead) {
    return { reason: "result-not-literal", message: `The result, a ${result.type}, is not written as a literal.` };
  }
  if (verdict?.is === "yes") return null;
  return { reason: "result-differs", message: "Another run of the program had another result." };
}
