import { RecordError, RenderError } from "../errors.ts";
import type { Drop } from "../filters/filter.ts";
import { findTraceFilter } from "../filters/traces/registry.ts";
import type { TraceFilter } from "../filters/traces/trace-filter.ts";
import { ByteSink } from "../record/byte-sink.ts";
import type { Trace } from "../record/trace.ts";
import { STATUSES, type Status } from "../record/value.ts";
import { rowsWithin } from "../render/budget.ts";
import { findRenderer } from "../render/registry.ts";
import type { OpenSettings } from "../render/settings.ts";
import type { Program } from "../schema/program.ts";
import { finishedTrace } from "./finished-record.ts";
import type { Rejection, RenderedResult } from "./task.ts";

/** The format whose rows are not JSON but parts of a record file. */
const RECORD_FORMAT = "record";
const NEWLINE = 0x0a;
/** Of memory that is kept from one batch to the next. */
const MOST_KEPT_BYTES = 16 * 1024 * 1024;

let kept = new ByteSink();

/** Renders a batch; a program that a filter leaves out, or the format cannot show, is rejected, with the reason. */
export function renderBatch(
  programs: readonly Program[],
  records: readonly Uint8Array[],
  format: string,
  pythonMinor: number,
  { correct, budget }: OpenSettings,
  filters: readonly string[] = [],
): RenderedResult {
  const renderer = findRenderer(format);
  const chosen = filters.map((name) => findTraceFilter(name)).filter((filter) => filter !== undefined);
  const statuses = Object.fromEntries(STATUSES.map((status) => [status, 0])) as Record<Status, number>;
  const rejected: Rejection[] = [];
  const output = emptySink();
  let rows = 0;
  for (const [index, program] of programs.entries()) {
    const trace = finishedTrace(records[index] as Uint8Array, pythonMinor);
    statuses[trace.outcome.status] += 1;
    try {
      const drop = firstDrop(chosen, trace);
      if (drop !== null) {
        rejected.push({ index, id: program.id, ...drop });
        continue;
      }
      if (format === RECORD_FORMAT) {
        addContainerRow(output, program, trace);
        rows += 1;
      } else {
        const made = rowsWithin(renderer, program, trace, correct, budget);
        // Not one text with its newline: that would be one more copy of it.
        for (const row of made) output.text(JSON.stringify(row)).byte(NEWLINE);
        rows += made.length;
      }
    } catch (error) {
      if (!(error instanceof RenderError || error instanceof RecordError)) throw error;
      rejected.push({ index, id: program.id, reason: error.code, message: error.message });
    }
  }
  return { kind: "rendered", output: output.bytes(), rows, rejected, statuses };
}

function firstDrop(filters: readonly TraceFilter[], trace: Trace): Drop | null {
  for (const filter of filters) {
    const drop = filter.drop(trace);
    if (drop !== null) return drop;
  }
  return null;
}

/** As in record/container.ts: u32 length and program, u32 length and record. */
function addContainerRow(output: ByteSink, program: Program, trace: Trace): void {
  const json = JSON.stringify(program);
  output.u32(Buffer.byteLength(json)).text(json).u32(trace.bytes.length).raw(trace.bytes);
}

/** One batch is rendered at a time. */
function emptySink(): ByteSink {
  if (kept.capacity > MOST_KEPT_BYTES) kept = new ByteSink();
  else kept.clear();
  return kept;
}
