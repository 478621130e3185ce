import type { TraceFilter } from "./trace-filter.ts";

export const returnsFilter: TraceFilter = {
  name: "returns",
  title: "runs that did not end by returning: exceptions, limits, refusals",
  reasons: ["not-returned"],
  drop({ outcome: { status, exception } }) {
    if (status === "ok") return null;
    const cause = exception === null ? "" : `: ${exception.type}: ${exception.message}`;
    return { reason: "not-returned", message: `The program did not return (${status})${cause}.` };
  },
};
