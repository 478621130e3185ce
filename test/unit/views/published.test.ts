import { describe, expect, test } from "vitest";
import { Trace } from "../../../src/record/trace/trace.ts";
import { RecordWriter } from "../../../src/record/trace/writer.ts";
import { findRenderer } from "../../../src/views/formats/registry.ts";
import { type LineRecord, skipLoops } from "../../../src/views/walk/loop-skip.ts";
import { cruxRows, publishedDataPresent, publishedRows } from "./published-rows.ts";

const FULL = "statelens_full_py311.jsonl";
const SKIP = "statelens_skip_py312.jsonl";
const present = publishedDataPresent("cruxeval.jsonl", FULL, SKIP);

/** The records behind the text of a full trace; indentation comes from the program. */
function parseFullTrace(think: string, source: string[]): LineRecord[] {
  return think.split("\n").map((rendered) => {
    const line = Number(/^Line (\d+): `/.exec(rendered)?.[1]);
    const whole = source[line - 1] ?? "";
    const text = whole.trimStart();
    return { line, text, indent: whole.length - text.length, rendered, missing: 0 };
  });
}

/** Why a program's full trace of Python 3.11 is not that of the 3.12 run that the skip rows come from. */
function differsByRun(code: string, full: string): boolean {
  const inlinedComprehension = /[[{(].* for /.test(code);
  const address = full.includes(" at 0x");
  const setOfStrings = /\{'[^:]*'\}/.test(full);
  return inlinedComprehension || address || setOfStrings;
}

describe.skipIf(!present)("the published rows", () => {
  test("skipping loops in the full traces gives the skip traces", () => {
    const full = publishedRows(FULL);
    const skip = publishedRows(SKIP);
    const crux = cruxRows();
    let equal = 0;
    const unexplained: number[] = [];
    for (const [i, { think }] of full.entries()) {
      const code = crux[i]?.code ?? "";
      const ours = skipLoops(parseFullTrace(think, code.split("\n")))?.join("\n");
      if (ours === skip[i]?.think) equal += 1;
      else if (!differsByRun(code, think)) unexplained.push(i);
    }
    expect(unexplained).toEqual([]);
    expect(equal).toBeGreaterThanOrEqual(749);
  });

  test.each([
    ["statelens", FULL],
    ["statelens-skip", SKIP],
  ])("%s asks what %s asks", (format, file) => {
    const renderer = findRenderer(format);
    const published = publishedRows(file);
    const ours = cruxRows().map((row) => {
      const writer = new RecordWriter(11);
      const frame = writer.frame(writer.code(row.function_call.split("(")[0] ?? "", 1));
      writer.event({ kind: "call", frame, line: 1 });
      writer.outcome({ status: "ok", result: writer.value({ type: "str", repr: "''" }) });
      const program = { id: row.task_id, code: row.code, entry: row.function_call };
      return renderer.render(program, new Trace(writer.bytes()))[0]?.said().user;
    });
    expect(ours).toEqual(published.map((row) => row.prompt));
  });
});
