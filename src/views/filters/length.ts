import { CODE_FLAGS, EVENT } from "../../record/trace/format.ts";
import type { TraceFilter } from "./trace-filter.ts";

/** The published bound; traces stay below it. */
const LINES = 300;

/** A debugger's printout has a line for every event, and one for every name that changed before it. */
export const lengthFilter: TraceFilter = {
  name: "length",
  title: `traces of ${LINES} lines and more: calls, lines, returns, and every change of a name`,
  reasons: ["trace-too-long"],
  drop(trace) {
    let lines = 0;
    const cursor = trace.cursor();
    while (cursor.next()) {
      // The module's own lines are not in a printout of the called function.
      if (trace.decoder.index.codeFlags.at(cursor.code) & CODE_FLAGS.module) continue;
      lines += cursor.changeCount + (cursor.kind === EVENT.resume || cursor.kind === EVENT.exception ? 0 : 1);
      if (lines >= LINES) return { reason: "trace-too-long", message: `The trace has ${LINES} lines or more.` };
    }
    return null;
  },
};
