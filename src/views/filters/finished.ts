import type { TraceFilter } from "./trace-filter.ts";

export const finishedFilter: TraceFilter = {
  name: "finished",
  title: "runs that did not come to an end of their own: limits, refusals, crashes, programs that do not compile",
  reasons: ["not-finished"],
  drop({ outcome: { status } }) {
    // A program that raises has ended as its text says.
    if (status === "ok" || status === "exception") return null;
    return { reason: "not-finished", message: `The program did not finish (${status}).` };
  },
};
