import { zstdCodec } from "../../base/addon/codec.ts";
import { RecordError, RenderError } from "../../base/errors.ts";
import type { Program } from "../../base/schema/program.ts";
import { noTiers, type Tier, type TierCounts } from "../../base/schema/tiers.ts";
import { recordBlock } from "../../record/store/block.ts";
import { ByteSink } from "../../record/trace/byte-sink.ts";
import type { Trace } from "../../record/trace/trace.ts";
import { STATUSES, type Status } from "../../record/trace/value.ts";
import type { Drop } from "../../views/filters/filter.ts";
import { findTraceFilter } from "../../views/filters/registry.ts";
import type { TraceFilter } from "../../views/filters/trace-filter.ts";
import { rowsWithin } from "../../views/formats/budget.ts";
import { RECORDINGS } from "../../views/formats/record.ts";
import { findRenderer } from "../../views/formats/registry.ts";
import { type Renderer, WHOLE, withMeta } from "../../views/formats/renderer.ts";
import type { OpenSettings } from "../../views/formats/settings.ts";
import { writeRow } from "../../views/text/row-json.ts";
import { finishedTrace } from "../host/finished-record.ts";
import type { RecordSink } from "../host/runner.ts";
import type { Rejection, RenderedResult } from "./task.ts";
import { CHANGED_BY_REPR, changeOf } from "./untraced.ts";

const NEWLINE = 0x0a;
/** Of memory that is set aside for a batch before anything is known of it. */
const MOST_EXPECTED_BYTES = 16 * 1024 * 1024;

/** What the rows of the last batch took: those of the next one rarely take much more. */
let lastBytes = 0;

/** What one program came to. */
interface Rendered {
  status: Status;
  rows: number;
  rejection: Rejection | null;
}

/** Renders a batch; a program that a filter leaves out, or the format cannot show, is rejected, with the reason. */
export class BatchRendering implements RecordSink {
  readonly #programs: readonly Program[];
  /** Null: stored recordings. */
  readonly #renderer: Renderer | null;
  readonly #pythonMinor: number;
  readonly #settings: OpenSettings;
  readonly #filters: readonly TraceFilter[];
  readonly #rendered: Rendered[] = [];
  readonly #tiers: TierCounts = noTiers();
  readonly #output: ByteSink;
  #untraced: readonly Trace[] | null = null;

  /** `memory`: for the output. */
  constructor(
    programs: readonly Program[],
    format: string,
    pythonMinor: number,
    settings: OpenSettings,
    filters: readonly string[] = [],
    memory: ArrayBuffer | null = null,
  ) {
    this.#output = new ByteSink(memory ?? Math.min(lastBytes, MOST_EXPECTED_BYTES));
    this.#programs = programs;
    this.#renderer = format === RECORDINGS.name ? null : findRenderer(format);
    this.#pythonMinor = pythonMinor;
    this.#settings = settings;
    this.#filters = filters.map((name) => findTraceFilter(name)).filter((filter) => filter !== undefined);
  }

  /** The same programs without a recorder: one that ends otherwise is rejected. */
  compareWith(untraced: readonly Trace[]): void {
    this.#untraced = untraced;
  }

  add(record: Uint8Array, tier: Tier | null = null): void {
    if (tier !== null) this.#tiers[tier] += 1;
    const index = this.#rendered.length;
    const program = this.#programs[index] as Program;
    const trace = finishedTrace(record, this.#pythonMinor);
    const rendered: Rendered = { status: trace.outcome.status, rows: 0, rejection: null };
    this.#rendered.push(rendered);
    try {
      const drop = this.#changed(index, trace) ?? firstDrop(this.#filters, trace);
      if (drop !== null) {
        rendered.rejection = { index, id: program.id, ...drop };
        return;
      }
      rendered.rows = this.#write(program, trace);
    } catch (error) {
      if (!(error instanceof RenderError || error instanceof RecordError)) throw error;
      rendered.rejection = { index, id: program.id, reason: error.code, message: error.message };
    }
  }

  /** Once, last. */
  finish(): RenderedResult {
    const statuses = Object.fromEntries(STATUSES.map((status) => [status, 0])) as Record<Status, number>;
    const rejected: Rejection[] = [];
    let rows = 0;
    for (const program of this.#rendered) {
      statuses[program.status] += 1;
      rows += program.rows;
      if (program.rejection !== null) rejected.push(program.rejection);
    }
    lastBytes = this.#output.size;
    if (this.#renderer === null && rows > 0) this.#makeBlock(rows);
    return { kind: "rendered", output: this.#output.take(), rows, rejected, statuses, tiers: this.#tiers };
  }

  #changed(index: number, trace: Trace): Drop | null {
    const untraced = this.#untraced?.[index];
    const message = untraced === undefined ? null : changeOf(trace, untraced);
    return message === null ? null : { reason: CHANGED_BY_REPR, message };
  }

  /** Of the rows in the output. */
  #makeBlock(rows: number): void {
    const { head, compressed } = recordBlock(zstdCodec(), this.#output.view(), rows);
    this.#output.truncate(0);
    this.#output.raw(head).raw(compressed);
  }

  /** Answers the number of rows. */
  #write(program: Program, trace: Trace): number {
    if (this.#renderer === null) {
      addContainerRow(this.#output, program, trace);
      return 1;
    }
    const { correct, budget } = this.#settings;
    if (budget === null && this.#renderer.inParts !== undefined) {
      writeRow(this.#output, withMeta(this.#renderer.inParts(program, trace, { ...WHOLE, correct }), program));
      this.#output.byte(NEWLINE);
      return 1;
    }
    const rows = rowsWithin(this.#renderer, program, trace, correct, budget);
    // Not one text with its newline: that would be one more copy of it.
    for (const { row } of rows) this.#output.text(JSON.stringify(withMeta(row, program))).byte(NEWLINE);
    return rows.length;
  }
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
