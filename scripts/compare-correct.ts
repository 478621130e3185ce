// What --correct changes in StateLens rows, by reason. Run with tsx: compare-correct.ts RECORDS.tmr [--show N]
//
// The records are to be made with --objects repr --max-value-chars 0, as the formats imply. A row can have several
// reasons; `--show` prints the ids of so many rows of each.
import { parseArgs } from "node:util";
import { RenderError } from "../src/errors.ts";
import { zstdCodec } from "../src/native/codec.ts";
import { RecordFileReader } from "../src/record/container.ts";
import { Trace } from "../src/record/trace.ts";
import { type LoopRun, walkLoops } from "../src/render/loops.ts";
import { findRenderer } from "../src/render/registry.ts";
import { SourceStatements } from "../src/render/statements.ts";
import { targetCodes } from "../src/render/target.ts";
import type { Program } from "../src/schema/program.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { show: { type: "string", default: "3" } },
});
const [records] = positionals;
if (records === undefined || positionals.length > 1) {
  console.error("usage: compare-correct.ts RECORDS.tmr [--show N]");
  process.exit(2);
}

const differing = new Map<string, string[]>();
let rows = 0;
await using reader = await RecordFileReader.open(records, zstdCodec());
for await (const { program, record } of reader.rows()) {
  const trace = new Trace(record);
  let counted = false;
  for (const format of ["statelens", "statelens-skip"]) {
    const published = think(program, trace, format, false);
    const correct = think(program, trace, format, true);
    if (published === null || correct === null) continue;
    counted = true;
    if (published === correct) continue;
    const reasons = reasonsOf(program, trace, format, published, correct);
    for (const reason of ["any", ...reasons]) {
      const key = `${format}: ${reason}`;
      differing.set(key, [...(differing.get(key) ?? []), program.id]);
    }
  }
  if (counted) rows += 1;
}
console.log(`${rows} rows`);
for (const [reason, ids] of Array.from(differing).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
  console.log(`${String(ids.length).padStart(5)}  ${reason} (${ids.slice(0, Number(values.show)).join(" ")})`);
}

/** The text of the trace; null: the row is rejected. */
function think(program: Program, trace: Trace, format: string, correct: boolean): string | null {
  try {
    const renderer = findRenderer(format);
    const text = renderer.text(renderer.render(program, trace, { correct, loops: null, valueChars: 0 }));
    return /<think>\n([\s\S]*)\n<\/think>/.exec(text)?.[1] ?? "";
  } catch (error) {
    if (error instanceof RenderError) return null;
    throw error;
  }
}

function reasonsOf(program: Program, trace: Trace, format: string, published: string, correct: string): string[] {
  const statements = new SourceStatements(program.code);
  const reasons = new Set<string>();
  if (/^Line \d+ \[call /m.test(correct)) reasons.add("recursion: frames are mixed");
  for (const { line } of targetEvents(program, trace)) {
    const statement = statements.at(line);
    if (statement !== undefined && statement.first !== statement.last)
      reasons.add("a statement of several lines repeats");
  }
  if (format === "statelens") return Array.from(reasons);
  for (const [{ header, total }, checked] of loopRuns(program, trace, statements)) {
    const shown = published.includes(`Line ${header.first}: `);
    if (header.inline) reasons.add("a one-line loop is lost");
    else if (!shown && total === 0) reasons.add("a loop without iterations is lost");
    else if (total > 0 && checked) reasons.add("the last check of a loop is lost");
  }
  if (iterationMarks(published) !== iterationMarks(correct)) reasons.add("iterations are counted wrongly");
  return reasons.size === 0 ? ["other"] : Array.from(reasons);
}

function targetEvents(program: Program, trace: Trace): { index: number; line: number }[] {
  const targets = targetCodes(program, trace.decoder);
  const { frameCode } = trace.decoder.index;
  return Array.from(trace.events()).filter(({ frame, kind }) => kind === "line" && targets[frameCode.at(frame)] === 1);
}

/** The activations of loops in the target function, and whether a last check ended them. */
function loopRuns(program: Program, trace: Trace, statements: SourceStatements): Map<LoopRun, boolean> {
  const { iterations } = walkLoops(trace, statements);
  const runs = new Map<LoopRun, boolean>();
  for (const { index } of targetEvents(program, trace)) {
    const iteration = iterations[index] ?? null;
    if (iteration === null) continue;
    const checked = runs.get(iteration.loop) === true || iteration.number > iteration.loop.total;
    runs.set(iteration.loop, checked);
  }
  return runs;
}

function iterationMarks(text: string): string {
  return (text.match(/^(?:=== Iteration.*|\.\.\. \(.*)$/gm) ?? []).join("\n");
}
