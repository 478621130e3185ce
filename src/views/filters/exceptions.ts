import { EVENT } from "../../record/trace/format.ts";
import type { TraceFilter } from "./trace-filter.ts";

export const exceptionsFilter: TraceFilter = {
  name: "exceptions",
  title: "traces with an exception anywhere, also one that the program handles",
  reasons: ["exception-in-trace"],
  drop(trace) {
    const cursor = trace.cursor();
    while (cursor.next()) {
      if (cursor.kind !== EVENT.exception) continue;
      return { reason: "exception-in-trace", message: `An exception was raised in line ${cursor.line}.` };
    }
    return null;
  },
};
