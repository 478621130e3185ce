// What Execution-Grounded-Reasoning's rules leave out, as its script reads them off a debugger's printout, beside our
// filters, which see events. Run with tsx: egr-rules.ts RECORDS.tmr
//
// The records are those of the programs that its earlier rules keep:
//   tracemill trace pyedu_toy.jsonl -o RECORDS.tmr --objects repr --max-value-chars 0
//     --max-events 20000 --filter imports,duplicates,input-size,inputs-per-row
// The printout is our `snoop` as published. Each trace counts for the first reason only.
import { parseArgs } from "node:util";
import { zstdCodec } from "../src/base/addon/codec.ts";
import { RenderError } from "../src/base/errors.ts";
import { ByteFile } from "../src/base/io/byte-file.ts";
import type { Program } from "../src/base/schema/program.ts";
import { RecordFileReader } from "../src/record/store/container.ts";
import { Trace } from "../src/record/trace/trace.ts";
import { findTraceFilter } from "../src/views/filters/registry.ts";
import { findRenderer } from "../src/views/formats/registry.ts";
import { textOf } from "../src/views/formats/renderer.ts";

const { positionals } = parseArgs({ allowPositionals: true });
const [records] = positionals;
if (records === undefined || positionals.length > 1) {
  console.error("usage: egr-rules.ts RECORDS.tmr");
  process.exit(2);
}

const KEPT = "kept";
const FILTERS = ["length", "exceptions", "returns"] as const;
const snoop = findRenderer("snoop");

/** The first of the rules that the printout breaks. */
const RULES: Readonly<Record<(typeof FILTERS)[number], (printout: string) => boolean>> = {
  length: (printout) => printout.split("\n").length >= 300,
  exceptions: (printout) => printout.includes("!!!"),
  returns: (printout) => !/^ *<<< Return value from /.test(printout.split("\n").at(-1) ?? ""),
};

function byRules(printout: string): string {
  return FILTERS.find((name) => RULES[name](printout)) ?? KEPT;
}

function byFilters(trace: Trace): string {
  return FILTERS.find((name) => findTraceFilter(name)?.drop(trace)) ?? KEPT;
}

/** Empty of a run that never came to its function: the script keeps an error instead, which has no return. */
function printoutOf(program: Program, trace: Trace): string {
  try {
    return snoop.render(program, trace).map(textOf).join("").trimEnd();
  } catch (error) {
    if (error instanceof RenderError) return "";
    throw error;
  }
}

const pairs = new Map<string, string[]>();
await using file = await ByteFile.open(records);
const reader = await RecordFileReader.open(file, zstdCodec());
for await (const { program, record } of reader.rows()) {
  const trace = new Trace(record);
  const pair = `${byFilters(trace)} / ${byRules(printoutOf(program, trace))}`;
  pairs.set(pair, [...(pairs.get(pair) ?? []), program.id]);
}
console.log("filter / rule");
for (const [pair, ids] of Array.from(pairs).sort(([a], [b]) => (a < b ? -1 : 1))) {
  console.log(`  ${pair}: ${ids.length} (${ids.slice(0, 3).join(", ")})`);
}
for (const name of [...FILTERS, KEPT]) {
  const count = (side: 0 | 1): number =>
    Array.from(pairs).reduce((sum, [pair, ids]) => sum + (pair.split(" / ")[side] === name ? ids.length : 0), 0);
  console.log(`${name}: ${count(0)} by the filter, ${count(1)} by the rule`);
}
