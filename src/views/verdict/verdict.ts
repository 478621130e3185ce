// Whether a program gave what its row expects. Decided from what was recorded, outside of every process that ran the
// program: neither its `==`, nor what it did to Python, nor a class that looks like a number has a part in it.

import type { Program } from "../../base/schema/program.ts";
import { LiteralError, parseLiteral } from "../../python/literal.ts";
import type { PythonValue } from "../../python/python-value.ts";
import type { Outcome, Value } from "../../record/trace/value.ts";
import { equalValues } from "./compare.ts";
import { throughJson } from "./through-json.ts";

export type Verdict =
  | { readonly is: "yes" | "no" }
  /** `what` is wrong with the row, or with the result: a type that is not Python's own, named. */
  | { readonly is: "not-comparable"; readonly what: "expected" | "result"; readonly reason: string };

const YES: Verdict = { is: "yes" };
const NO: Verdict = { is: "no" };

/** null: the row expects nothing, or the program gave no result. `stdout` is what it printed, as it was kept. */
export function verdictOf(
  program: Pick<Program, "expected" | "compare" | "tolerance" | "numpy">,
  { status, result }: Outcome,
  stdout: () => string = () => "",
): Verdict | null {
  const { expected, compare = "literal", tolerance = null, numpy = false } = program;
  if (expected === undefined || status !== "ok") return null;
  if (compare === "stdout-tokens") return printedVerdict(expected, stdout());
  if (result === null) return null;
  let wanted: PythonValue;
  try {
    wanted = parseLiteral(expected);
  } catch (error) {
    if (!(error instanceof LiteralError)) throw error;
    return { is: "not-comparable", what: "expected", reason: `\`expected\` is not a Python literal: ${error.message}` };
  }
  let given = literalOf(result, numpy);
  if ("reason" in given) return given;
  if (compare === "json") [given, wanted] = [throughJson(given), throughJson(wanted)];
  if (equalValues(given, wanted, tolerance, "must")) return YES;
  if (!equalValues(given, wanted, tolerance, "may")) return NO;
  return unlike(
    result,
    "shows numbers with eight digits, too few to tell; a `tolerance` says how close is close enough",
  );
}

/** Of a program that ended well all that it printed was kept: one that prints more than may be kept is stopped. */
function printedVerdict(expected: string, stdout: string): Verdict {
  const [given, wanted] = [stdout, expected].map((text) => text.split(/\s+/).filter((word) => word !== ""));
  return given?.join(" ") === wanted?.join(" ") ? YES : NO;
}

/** Whether what was recorded of a value tells all of it, in built-in types alone. */
export function isComparable(value: Value): boolean {
  return !("reason" in literalOf(value, false));
}

type NotComparable = Extract<Verdict, { reason: string }>;

function unlike({ type }: Value, reason: string): NotComparable {
  return { is: "not-comparable", what: "result", reason: `the result, a ${type}, ${reason}` };
}

function literalOf(value: Value, numpy: boolean): PythonValue | NotComparable {
  const arrays = numpy ? value.arrays : null;
  if (!value.literal && arrays === null) {
    const advice = value.arrays === null ? "" : '; `"numpy": true` in the row compares NumPy\'s by value and shape';
    return unlike(value, `is or holds something else than Python's own literals${advice}`);
  }
  if (value.cut) return unlike(value, "was recorded in part only");
  try {
    return parseLiteral(value.repr, true, arrays);
  } catch (error) {
    if (!(error instanceof LiteralError)) throw error;
    return unlike(value, `cannot be read: ${error.message}`);
  }
}
