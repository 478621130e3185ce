import { RenderError } from "../../base/errors.ts";
import type { Outcome } from "../../record/trace/value.ts";

/** Why a run that did not end well has nothing to show; its status is the reason. */
export function unfinished({ status, exception, detail }: Outcome): RenderError {
  const cause = exception === null ? (detail ?? "") : `${exception.type}: ${exception.message}`;
  return new RenderError(status, `The program did not finish (${status})${cause === "" ? "" : `: ${cause}`}.`);
}
