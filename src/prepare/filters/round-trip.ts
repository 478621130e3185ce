import type { Program } from "../../base/schema/program.ts";
import { Judge, type StableResult } from "../../engine/judge.ts";
import type { Drop } from "../../views/filters/filter.ts";
import type { ProgramFilter } from "./program-filter.ts";

/**
 * Runs every program twice, untraced: its result must be a literal, and be the same under another seed. Programs without
 * an entry have no result to compare.
 */
export const roundTripFilter: ProgramFilter = {
  name: "round-trip",
  title: "programs whose result, written as Python source, is not what another run of them gives",
  reasons: ["no-entry", "not-returned", "result-not-literal", "result-differs"],
  async open({ python, workers = 1, timeoutMs, memoryMb, signal }) {
    const judge = await Judge.open({
      ...(python === undefined ? {} : { python }),
      ...(signal === undefined ? {} : { signal }),
      workers,
      timeoutMs,
      memoryMb,
    });
    return {
      async sift(items) {
        const programs = items.map(({ program }) => program);
        const results = await judge.stableResults(programs);
        return programs.map((program, i) => dropOf(program, results[i] as StableResult));
      },
      [Symbol.asyncDispose]: () => judge[Symbol.asyncDispose](),
    };
  },
};

function dropOf(program: Program, found: StableResult): Drop | null {
  if (program.entry === null) return { reason: "no-entry", message: "Without an entry there is no result to compare." };
  if ("literal" in found) return null;
  const { status, exception, result } = found.outcome;
  if (found.why === "not-returned") {
    const cause = exception === null ? "" : `: ${exception.type}: ${exception.message}`;
    return { reason: "not-returned", message: `The program did not return (${status})${cause}.` };
  }
  if (found.why === "differs")
    return { reason: "result-differs", message: "Another run of the program had another result." };
  return { reason: "result-not-literal", message: `The result, a ${result?.type}, is not written as a literal.` };
}
