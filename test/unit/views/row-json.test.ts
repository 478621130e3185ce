import { expect, test } from "vitest";
import { ByteSink } from "../../../src/record/trace/byte-sink.ts";
import { CODE_FLAGS } from "../../../src/record/trace/format.ts";
import { Trace } from "../../../src/record/trace/trace.ts";
import { intRef, RecordWriter, type Ref } from "../../../src/record/trace/writer.ts";
import { WHOLE } from "../../../src/views/formats/renderer.ts";
import { statelensRenderer } from "../../../src/views/formats/statelens.ts";
import { PartedText } from "../../../src/views/text/parted-text.ts";
import { writeRow } from "../../../src/views/text/row-json.ts";

function written(row: unknown): string {
  const sink = new ByteSink();
  writeRow(sink, row);
  return Buffer.from(sink.bytes()).toString();
}

/** Of every kind that JSON has its own way with, longer than what is looked for again. */
const LONG = ['"quoted\\" ', "a\nb\t\u0000 ", "ümläut ", "日本 ", "🐍 ", "plain "].map((text) => text.repeat(30));

test("parts are written as the one string that they are", () => {
  for (const long of LONG) {
    const parts = ["<", long, "; ", long, `\n"`, `${long}!`, "", long, ">"];
    expect(written(new PartedText(parts))).toBe(JSON.stringify(parts.join("")));
    expect(new PartedText(parts).toString()).toBe(parts.join(""));
  }
});

test("a part is written rightly however many others came between", () => {
  const others = Array.from({ length: 40 }, (_, i) => `${i} `.repeat(100));
  const parts = [...others, ...others.toReversed(), ...others.flatMap((part) => [part, ", ", part])];
  expect(written(new PartedText(parts))).toBe(JSON.stringify(parts.join("")));
});

test("what is around the parts is as JSON.stringify() writes it", () => {
  const text = new PartedText([LONG[0] as string, "x", LONG[0] as string]);
  const rows = [
    { id: 'a"b', n: 1.5, none: null, left: undefined, list: [1, undefined, text, [text, {}]], "k\n": { text } },
    { nothing: { in: ["parts", 1, true] } },
    [text],
    [],
    "plain",
  ];
  for (const row of rows) expect(written(row)).toBe(JSON.stringify(row));
});

test("a long StateLens row is the same in parts", () => {
  const program = { id: "long", code: "def f(s):\n  t = s\n  return t", entry: "f(0)" };
  const writer = new RecordWriter(11);
  const frame = writer.frame(writer.code("f", 1, CODE_FLAGS.entry));
  const long = (text: string): Ref => writer.value({ type: "str", repr: `'${text.repeat(400)}'` });
  writer.event({ kind: "call", frame, line: 1, changes: [["s", long("ab\\n")]] });
  for (let i = 0; i < 20; i++) {
    const changed: [string, Ref][] = i % 4 === 0 ? [["t", long(`é${i}`)]] : [];
    writer.event({ kind: "line", frame, line: 2 + (i % 2), changes: [["n", intRef(i)], ...changed] });
  }
  writer.event({ kind: "return", frame, line: 3, value: intRef(0) });
  writer.outcome({ status: "ok", result: intRef(0) });
  const trace = new Trace(writer.bytes());

  const row = statelensRenderer.inParts?.(program, trace, WHOLE) as { messages: { content: unknown }[] };
  expect(row.messages[2]?.content).toBeInstanceOf(PartedText);
  const whole = statelensRenderer.render(program, trace)[0]?.row;
  expect(JSON.parse(JSON.stringify(whole))).toEqual(whole);
  expect(written(row)).toBe(JSON.stringify(whole));
});
