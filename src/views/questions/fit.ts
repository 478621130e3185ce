// Runs of which nothing should be asked: their answers cannot be found by reading the program.

import type { Value } from "../../record/trace/value.ts";
import type { QuestionRun } from "./run.ts";

/** Why no question is asked of a run. */
export interface Unfit {
  readonly reason: string;
  readonly message: string;
}

/** Sets whose order nobody sees. */
const ORDERLESS_USE =
  /\b(?:sorted|len|sum|max|min|any|all|bool)\(\s*(?:set|frozenset)\(|(?<!\bfor\b[^\n]*)\bin\s+(?:set|frozenset)\(/g;
const SETS = /\b(?:set|frozenset)\s*\(|\{[^{}:]+\}(?!['"])|\.keys\(\)\s*[&|^-]/;
const ADDRESSES = /\b(?:hash|id)\s*\(/;
const CHANCE =
  /^\s*(?:import|from)\b[^\n#]*\b(?:random|time|datetime|uuid|secrets|os|socket|threading|multiprocessing|asyncio|subprocess|tempfile|platform|gc)\b/m;

/** null: questions may be asked. */
export function unfit(run: QuestionRun): Unfit | null {
  const { trace, program } = run;
  const { status, detail } = trace.outcome;
  if (status !== "ok" && status !== "exception") {
    return { reason: "unfinished", message: `the run ended with ${status}${detail === null ? "" : `: ${detail}`}` };
  }
  const raised = [trace.outcome.exception?.type, ...run.visits.map((visit) => visit.raised)];
  if (raised.some((type) => type === "RecursionError" || type === "MemoryError")) {
    return { reason: "not-determined", message: "the program meets a limit of the machine" };
  }
  if (trace.threads.length > 1) return { reason: "threads", message: "several threads ran, in an order of their own" };
  if (trace.loopsSkipped && !trace.elisions().next().done) {
    return { reason: "elided", message: "iterations were left out of the record; trace it with --loops all" };
  }
  if (CHANCE.test(program.code)) {
    return { reason: "not-determined", message: "the program asks for chance, the time or the machine" };
  }
  if (ADDRESSES.test(program.code)) {
    return { reason: "not-determined", message: "the program uses hash() or id()" };
  }
  if (SETS.test(program.code.replace(ORDERLESS_USE, "")) && holdsText(run)) {
    return {
      reason: "hash-order",
      message: "the program has sets, and texts, whose order in sets differs between runs",
    };
  }
  return null;
}

/** Whether any value that was bound, returned or given holds a str or bytes. */
function holdsText({ trace }: QuestionRun): boolean {
  const { decoder, outcome } = trace;
  const isText = (value: Value | null): boolean => value !== null && /['"]/.test(value.repr);
  if (isText(outcome.result)) return true;
  const cursor = trace.cursor();
  while (cursor.next()) {
    for (let i = 0; i < cursor.changeCount; i++) {
      const ref = cursor.changeRef(i);
      if (!decoder.isInt(ref) && isText(decoder.ref(ref))) return true;
    }
  }
  return false;
}
