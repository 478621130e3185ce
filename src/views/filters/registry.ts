import { exceptionsFilter } from "./exceptions.ts";
import { finishedFilter } from "./finished.ts";
import { lengthFilter } from "./length.ts";
import { returnsFilter } from "./returns.ts";
import type { TraceFilter } from "./trace-filter.ts";

export const TRACE_FILTERS: readonly TraceFilter[] = [finishedFilter, returnsFilter, exceptionsFilter, lengthFilter];

/** Undefined when no filter of traces has the name. */
export function findTraceFilter(name: string): TraceFilter | undefined {
  return TRACE_FILTERS.find((filter) => filter.name === name);
}
