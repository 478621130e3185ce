import { RecordError, RenderError } from "../errors.ts";
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
const encoder = new TextEncoder();

/** Renders a batch; a program that the format cannot show is rejected, with the reason. */
export function renderBatch(
  programs: readonly Program[],
  records: readonly Uint8Array[],
  format: string,
  pythonMinor: number,
  { correct, budget }: OpenSettings,
): RenderedResult {
  const renderer = findRenderer(format);
  const statuses = Object.fromEntries(STATUSES.map((status) => [status, 0])) as Record<Status, number>;
  const rejected: Rejection[] = [];
  const parts: Uint8Array[] = [];
  let rows = 0;
  for (const [index, program] of programs.entries()) {
    const trace = finishedTrace(records[index] as Uint8Array, pythonMinor);
    statuses[trace.outcome.status] += 1;
    try {
      if (format === RECORD_FORMAT) {
        parts.push(containerRow(program, trace));
        rows += 1;
      } else {
        const made = rowsWithin(renderer, program, trace, correct, budget);
        for (const row of made) parts.push(jsonLine(row));
        rows += made.length;
      }
    } catch (error) {
      if (!(error instanceof RenderError || error instanceof RecordError)) throw error;
      rejected.push({ index, id: program.id, reason: error.code, message: error.message });
    }
  }
  return { kind: "rendered", output: concatenate(parts), rows, rejected, statuses };
}

function jsonLine(row: unknown): Uint8Array {
  return encoder.encode(`${JSON.stringify(row)}\n`);
}

/** As in record/container.ts: u32 length and program, u32 length and record. */
function containerRow(program: Program, trace: Trace): Uint8Array {
  const json = encoder.encode(JSON.stringify(program));
  const row = new Uint8Array(8 + json.length + trace.bytes.length);
  const view = new DataView(row.buffer);
  view.setUint32(0, json.length, true);
  row.set(json, 4);
  view.setUint32(4 + json.length, trace.bytes.length, true);
  row.set(trace.bytes, 8 + json.length);
  return row;
}

/** Memory of its own, so that it can be moved to another thread. */
export function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
