import { RenderError } from "../../base/errors.ts";
import type { Trace } from "../../record/trace/trace.ts";
import { unfinished } from "../walk/unfinished.ts";

/** The result as an answer, which is whole; null: there is none. Throws RenderError `long-result` for one that is cut. */
export function answerText(trace: Trace): string | null {
  const { result } = trace.outcome;
  if (result === null) return null;
  if (!result.cut) return result.repr;
  throw new RenderError(
    "long-result",
    `The result has more than the ${result.repr.length} characters that were recorded. Fix: --max-value-chars 0.`,
  );
}

/** The answer of a run that must have one. Throws RenderError for a run that left none, too. */
export function resultText(trace: Trace): string {
  if (trace.outcome.status !== "ok") throw unfinished(trace.outcome);
  const answer = answerText(trace);
  if (answer === null) throw new RenderError("no-result", "The entry left no result to show.");
  return answer;
}
