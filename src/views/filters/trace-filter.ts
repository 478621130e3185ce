import type { Trace } from "../../record/trace/trace.ts";
import type { Drop, FilterListing } from "./filter.ts";

/** Looks at what ran; used in the worker threads, before a trace is rendered. */
export interface TraceFilter extends FilterListing {
  /** Null: the trace stays. */
  drop(trace: Trace): Drop | null;
}
