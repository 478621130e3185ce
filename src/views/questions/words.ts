// How prompts say which run, which activation and which visit is meant.

import type { FrameRun, QuestionRun, Visit } from "./run.ts";

export const LINE_RULE =
  "Lines are numbered from 1. A line runs when the statement that begins on it starts to run in its own call; calling and returning are no runs of a line.";

/** "3rd". */
export function ordinal(n: number): string {
  const tens = n % 100;
  const suffix = tens >= 11 && tens <= 13 ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th");
  return `${n}${suffix}`;
}

/** How the program is run. */
export function running({ program }: QuestionRun): string {
  const read = program.stdin === undefined || program.stdin === "" ? "" : ` It reads ${JSON.stringify(program.stdin)}.`;
  if (program.entry === null) return `The program is run.${read}`;
  return `The program is loaded, then \`${program.entry.trim()}\` is evaluated.${read}`;
}

/** "in the 2nd call of `g`". */
export function within(frame: FrameRun): string {
  if (frame.kind === "module") return "at the top level of the program";
  const what = frame.kind === "class" ? "run of the body of class" : "call of";
  return `in the ${ordinal(frame.nth)} ${what} \`${frame.name}\``;
}

/** "line 7 has run for the 2nd time in the 1st call of `f`". */
export function whenRun(visit: Visit): string {
  return `line ${visit.line} has run for the ${ordinal(visit.nth)} time ${within(visit.frame)}`;
}

/** "line 7 is about to run for the 2nd time in the 1st call of `f`". */
export function aboutToRun(visit: Visit): string {
  return `line ${visit.line} is about to run for the ${ordinal(visit.nth)} time ${within(visit.frame)}`;
}
