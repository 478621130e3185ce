import { expect, test } from "vitest";
import { Trace } from "../../../src/record/trace/trace.ts";
import { constantRef, intRef, RecordWriter } from "../../../src/record/trace/writer.ts";
import { eventsRenderer } from "../../../src/views/formats/events.ts";
import { findFormat, findRenderer, listFormats, listRenderers } from "../../../src/views/formats/registry.ts";

test("events carry the complete state and leave out what is absent", () => {
  const writer = new RecordWriter(12);
  const outer = writer.frame(writer.code("g", 1));
  const inner = writer.frame(writer.code("f", 5), outer);
  const list = writer.value({ type: "list", repr: "[0, 1", cut: true, length: 70, identity: 1 });
  writer.event({ kind: "call", frame: outer, line: 1, changes: [["__proto__", intRef(1)]] });
  writer.event({ kind: "call", frame: inner, line: 5, changes: [["x", list]] });
  writer.output("stdout", "hi");
  writer.event({ kind: "line", frame: inner, line: 6, changes: [["y", constantRef("none")]] });
  writer.event({ kind: "exception", frame: inner, line: 6, exception: { type: "E", message: "m" } });
  writer.event({ kind: "return", frame: inner, line: 6 });
  writer.event({ kind: "yield", frame: outer, line: 2, value: constantRef("none") });
  writer.outcome({ status: "exception", exception: { type: "E", message: "m", line: 6 } });
  const [shown] = eventsRenderer.render({ id: "a", code: "", entry: "g()" }, new Trace(writer.bytes()));

  const x = { type: "list", repr: "[0, 1...", len: 70 };
  const none = { type: "NoneType", repr: "None" };
  const locals = { x, y: none };
  const inG = { frame: 0, function: "g", locals: JSON.parse('{"__proto__":{"type":"int","repr":"1"}}') };
  const inF = { frame: 1, parent: 0, function: "f" };
  expect(JSON.parse(JSON.stringify(shown?.row))).toStrictEqual({
    id: "a",
    outcome: { status: "exception", result: null, exception: { type: "E", message: "m", line: 6 } },
    stdout: "hi",
    events: [
      { event: "call", line: 1, ...inG },
      { event: "call", line: 5, ...inF, locals: { x } },
      { event: "line", line: 6, ...inF, locals },
      { event: "exception", line: 6, ...inF, locals, exception: { type: "E", message: "m" } },
      { event: "return", line: 6, ...inF, locals },
      { event: "yield", line: 2, ...inG, value: none },
    ],
  });
});

test("every format has its name, a two-line example and a place in the list", () => {
  expect(new Set(listRenderers().map((renderer) => renderer.name)).size).toBe(listRenderers().length);
  for (const renderer of listRenderers()) {
    expect(findRenderer(renderer.name)).toBe(renderer);
    expect(findFormat(renderer.name)).toBe(renderer);
    expect(renderer.example.split("\n")).toHaveLength(2);
  }
  expect(() => findRenderer("events2")).toThrow(/events2.*statelens-skip/);
  expect(() => findRenderer("record")).toThrow(/makes a record file/);
  expect(listFormats().map(({ name }) => name)).toEqual(["record", ...listRenderers().map(({ name }) => name)]);
});
