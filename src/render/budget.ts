// Rows of at most so many tokens: not by cutting the text, but by showing fewer iterations and shorter values, step by
// step, until it fits.

import { RenderError } from "../errors.ts";
import type { Trace } from "../record/trace.ts";
import type { Program } from "../schema/program.ts";
import type { Renderer, View } from "./renderer.ts";
import type { TokenCounter } from "./tokens.ts";

export interface Budget {
  readonly maxTokens: number;
  readonly count: TokenCounter;
}

/** From everything to the least that still says what happened. */
const STEPS: readonly Omit<View, "correct">[] = [
  { loops: null, valueChars: 0 },
  { loops: { head: 8, tail: 2 }, valueChars: 0 },
  { loops: { head: 4, tail: 1 }, valueChars: 0 },
  { loops: { head: 2, tail: 1 }, valueChars: 0 },
  { loops: { head: 2, tail: 1 }, valueChars: 400 },
  { loops: { head: 2, tail: 1 }, valueChars: 160 },
  { loops: { head: 2, tail: 1 }, valueChars: 80 },
  { loops: { head: 1, tail: 1 }, valueChars: 80 },
  { loops: { head: 1, tail: 1 }, valueChars: 40 },
  { loops: { head: 1, tail: 0 }, valueChars: 20 },
];

/** The rows of one program. Throws RenderError `over-budget` when one does not fit even in the last step. */
export function rowsWithin(
  renderer: Renderer,
  program: Program,
  trace: Trace,
  correct: boolean,
  budget: Budget | null,
): unknown[] {
  if (budget === null) return rowsOf(renderer, program, trace, { correct, loops: null, valueChars: 0 });
  let least = Number.POSITIVE_INFINITY;
  for (const step of STEPS) {
    const rows = rowsOf(renderer, program, trace, { correct, ...step });
    const most = rows.reduce((tokens: number, row) => Math.max(tokens, budget.count(renderer.text(row))), 0);
    if (most <= budget.maxTokens) return rows;
    least = Math.min(least, most);
  }
  throw new RenderError(
    "over-budget",
    `The row takes ${least} tokens with the fewest iterations and the shortest values; raise --max-tokens ${budget.maxTokens}.`,
  );
}

function rowsOf(renderer: Renderer, program: Program, trace: Trace, view: View): unknown[] {
  const made = renderer.render(program, trace, view);
  return renderer.many === true ? (made as unknown[]) : [made];
}
