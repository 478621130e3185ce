// Whether a program gave what its row expects. Decided from what was recorded, outside of every process that ran the
// program: neither its `==`, nor what it did to Python, nor a class that looks like a number has a part in it.
import type { Outcome, Value } from "../record/value.ts";
import type { Program } from "../schema/program.ts";
import { equalValues } from "./compare.ts";
import { LiteralError, parseLiteral } from "./literal.ts";
import type { PythonValue } from "./python-value.ts";

export type Verdict =
  | { readonly is: "yes" | "no" }
  /** `what` is wrong with the row, or with the result: a type that is not Python's own, named. */
  | { readonly is: "not-comparable"; readonly what: "expected" | "result"; readonly reason: string };

const YES: Verdict = { is: "yes" };
const NO: Verdict = { is: "no" };

/** null: the row expects nothing, or the program gave no result. */
export function verdictOf(program: Pick<Program, "expected" | "tolerance">, outcome: Outcome): Verdict | null {
  const { expected, tolerance = null } = program;
  if (expected === undefined || outcome.status !== "ok" || outcome.result === null) return null;
  let wanted: PythonValue;
  try {
    wanted = parseLiteral(expected);
  } catch (error) {
    if (!(error instanceof LiteralError)) throw error;
    return { is: "not-comparable", what: "expected", reason: `\`expected\` is not a Python literal: ${error.message}` };
  }
  const given = literalOf(outcome.result);
  if ("reason" in given) return given;
  return equalValues(given, wanted, tolerance) ? YES : NO;
}

/** Whether what was recorded of a value tells all of it, in built-in types alone. */
export function isComparable(value: Value): boolean {
  return !("reason" in literalOf(value));
}

function literalOf({ type, repr, cut, literal }: Value): PythonValue | Extract<Verdict, { reason: string }> {
  const unlike = (reason: string) => ({ is: "not-comparable", what: "result", reason }) as const;
  if (!literal) return unlike(`the result, a ${type}, is or holds something else than Python's own literals`);
  if (cut) return unlike(`the result, a ${type}, was recorded in part only`);
  try {
    return parseLiteral(repr, true);
  } catch (error) {
    if (!(error instanceof LiteralError)) throw error;
    return unlike(`the result, a ${type}, cannot be read: ${error.message}`);
  }
}
