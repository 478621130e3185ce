// What --correct changes, by format and reason. Run with tsx: compare-correct.ts RECORDS.tmr [--formats A,B] [--show N]
//
// The records are to be made with --objects repr, as the formats imply. A row can have several reasons; `--show` prints
// the ids of so many rows of each. Rows that a format rejects both ways count for nothing.
import { parseArgs } from "node:util";
import { zstdCodec } from "../src/base/addon/codec.ts";
import { RenderError } from "../src/base/errors.ts";
import { ByteFile } from "../src/base/io/byte-file.ts";
import type { Program } from "../src/base/schema/program.ts";
import { RecordFileReader } from "../src/record/store/container.ts";
import { Trace } from "../src/record/trace/trace.ts";
import { findRenderer, listRenderers } from "../src/views/formats/registry.ts";
import { type Renderer, textOf } from "../src/views/formats/renderer.ts";
import { reasonsOf } from "./correct-reasons.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { show: { type: "string", default: "3" }, formats: { type: "string" } },
});
const [records] = positionals;
if (records === undefined || positionals.length > 1) {
  console.error("usage: compare-correct.ts RECORDS.tmr [--formats A,B] [--show N]");
  process.exit(2);
}
const corrected = listRenderers().filter(({ corrects }) => corrects !== null);
const formats = values.formats?.split(",").map(findRenderer) ?? corrected;

interface Counts {
  rows: number;
  /** Ids by reason. */
  readonly differing: Map<string, string[]>;
}

const counts = new Map(formats.map(({ name }): [string, Counts] => [name, { rows: 0, differing: new Map() }]));
await using file = await ByteFile.open(records);
const reader = await RecordFileReader.open(file, zstdCodec());
for await (const { program, record } of reader.rows()) {
  const trace = new Trace(record);
  for (const renderer of formats) compare(renderer, program, trace, counts.get(renderer.name) as Counts);
}
for (const [format, { rows, differing }] of counts) {
  console.log(`${format}: ${rows} rows`);
  for (const [reason, ids] of differing) {
    console.log(`${String(ids.length).padStart(6)}  ${reason} (${ids.slice(0, Number(values.show)).join(" ")})`);
  }
}

function compare(renderer: Renderer, program: Program, trace: Trace, into: Counts): void {
  const published = shownText(renderer, program, trace, false);
  const correct = shownText(renderer, program, trace, true);
  if (published.startsWith("rejected: ") && correct.startsWith("rejected: ")) return;
  into.rows += 1;
  if (published === correct) return;
  for (const reason of ["differ", ...reasonsOf(renderer.name, { program, trace, published, correct })]) {
    into.differing.set(reason, [...(into.differing.get(reason) ?? []), program.id]);
  }
}

function shownText(renderer: Renderer, program: Program, trace: Trace, correct: boolean): string {
  try {
    return renderer.render(program, trace, { correct, loops: null, valueChars: 0 }).map(textOf).join("\n");
  } catch (error) {
    if (error instanceof RenderError) return `rejected: ${error.code}`;
    throw error;
  }
}
