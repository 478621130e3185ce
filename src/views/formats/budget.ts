// Rows of at most so many tokens: not by cutting the text, but by showing fewer iterations and shorter values, step by
// step, until it fits.

import { RenderError } from "../../base/errors.ts";
import type { Program } from "../../base/schema/program.ts";
import type { Trace } from "../../record/trace/trace.ts";
import { type TokenCounter, tokensUpTo } from "../text/tokens.ts";
import { type Rendered, type Renderer, textOf, type View } from "./renderer.ts";

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
): readonly Rendered[] {
  if (budget === null) return renderer.render(program, trace, { correct, loops: null, valueChars: 0 });
  const { maxTokens } = budget;
  let least = Number.POSITIVE_INFINITY;
  let before: string[] = [];
  for (const step of STEPS) {
    const rows = renderer.render(program, trace, { correct, ...step });
    const texts = rows.map(textOf);
    // Counting costs more than rendering, and most steps leave most programs as they were.
    if (texts.length === before.length && texts.every((text, i) => text === before[i])) continue;
    before = texts;
    const most = mostTokens(texts, budget);
    if (most <= maxTokens) return rows;
    least = Math.min(least, most);
  }
  throw new RenderError(
    "over-budget",
    `The row takes ${least} tokens or more with the fewest iterations and the shortest values; raise --max-tokens ${maxTokens}.`,
  );
}

/** Of the longest text; of none, 0. Stops at the first that is over the budget. */
function mostTokens(texts: readonly string[], { maxTokens, count }: Budget): number {
  let most = 0;
  for (const text of texts) {
    most = Math.max(most, tokensUpTo(maxTokens, text, count));
    if (most > maxTokens) break;
  }
  return most;
}
