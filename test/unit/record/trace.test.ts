import { describe, expect, test } from "vitest";
import { appendOutcome } from "../../../src/record/trace/append-outcome.ts";
import { EVENT } from "../../../src/record/trace/format.ts";
import { Trace } from "../../../src/record/trace/trace.ts";
import { intRef, RecordWriter } from "../../../src/record/trace/writer.ts";
import { sampleRecord } from "./sample-record.ts";

const trace = new Trace(sampleRecord().bytes);

function texts(state: ReadonlyMap<string, { repr: string }>): Record<string, string> {
  return Object.fromEntries(Array.from(state, ([name, value]) => [name, value.repr]));
}

describe("a trace", () => {
  test("tells its outcome and outputs", () => {
    expect(trace.outcome).toEqual({
      status: "exception",
      result: {
        type: "int",
        repr: "-2305843009213693952",
        cut: false,
        failed: false,
        literal: true,
        arrays: null,
        length: null,
        identity: null,
      },
      exception: {
        type: "ValueError",
        message: "bad",
        line: 5,
        value: {
          type: "ValueError",
          repr: "ValueError('bad')",
          cut: false,
          failed: false,
          literal: false,
          arrays: null,
          length: null,
          identity: 3,
        },
      },
      detail: "text",
      events: 300,
      lines: 150,
      stdoutBytes: 3,
      stderrBytes: 0,
      cpuNs: 0,
      wallNs: 0,
    });
    // Not what was printed, but what reached it.
    expect(trace.stdout).toBe(String.raw`h\xff"é\xe2\x82`);
    expect(trace.stderr).toBe("é\t😀\udc00");
    expect(trace.pythonMinor).toBe(11);
    expect(trace.loopsSkipped).toBe(false);
  });

  test("makes events on demand", () => {
    const events = [...trace.events()];
    expect(events).toHaveLength(trace.eventCount);
    expect(events.map((event) => event.kind)).toEqual([
      "call",
      "line",
      "call",
      "line",
      "line",
      "yield",
      "resume",
      "exception",
      "line",
      "return",
      "return",
      "call",
    ]);
    expect(events[4]).toMatchObject({ index: 4, frame: 1, parent: 0, function: "f", line: 5, unwound: false });
    const changed = events[4]?.changes;
    expect(changed?.get("x")).toBeNull();
    expect(changed?.get("big")).toMatchObject({ repr: "[0, 1, 2...", cut: true, length: 1000, identity: 2 });
    expect(events[5]?.value?.repr).toBe("3");
    expect(events[7]?.exception).toMatchObject({
      type: "ValueError",
      message: 'a "b"\\\u0001',
      value: { repr: "'ab'" },
    });
    expect(events[9]).toMatchObject({ unwound: false, value: { type: "NoneType", repr: "None" } });
    expect(events[10]).toMatchObject({ unwound: true, value: null, parent: null });
  });

  test("knows the state at and after every event, in any order of asking", () => {
    const late = texts(trace.stateAt(8));
    expect(late).toEqual({
      x: "-0.5",
      xs: "[1, 2]",
      s: "'ab'",
      big: "[0, 1, 2...",
      y: "True",
      z: "<unreprable>",
      "\ud800": "None",
    });
    expect(Object.keys(late)).toEqual(["x", "xs", "s", "big", "y", "z", "\ud800"]);
    expect(texts(trace.stateAt(2))).toEqual({ x: "1", xs: "[1, 2]" });
    expect(texts(trace.stateAt(4))).toEqual({ xs: "[1, 2]", s: "'ab'", big: "[0, 1, 2..." });
    expect(texts(trace.stateAfter(3))).toEqual(texts(trace.stateAt(4)));
    expect(texts(trace.stateAfter(1))).toEqual({});
    expect(texts(trace.stateAfter(9))).toEqual(late);
    expect(() => trace.stateAt(12)).toThrow(RangeError);
    expect(() => trace.stateAt(-1)).toThrow(RangeError);
  });

  test("walks with a cursor", () => {
    const cursor = trace.cursor();
    const seen: string[] = [];
    while (cursor.next()) {
      if (cursor.kind === EVENT.line)
        seen.push(`${cursor.line} ${cursor.state("x")?.repr ?? "-"} ${cursor.changeCount}`);
    }
    expect(seen).toEqual(["1 - 0", "4 1 0", "5 - 3", "4 -0.5 4"]);
    expect(cursor.next()).toBe(false);
  });

  test("describes frames", () => {
    expect(trace.frame(1)).toEqual({ id: 1, parent: 0, functionName: "f", firstLine: 3, flags: 16 });
    expect(() => trace.frame(3)).toThrow(RangeError);
  });
});

test("a killed program's record is finished by another", () => {
  const writer = new RecordWriter(12);
  const frame = writer.frame(writer.code("f", 1));
  writer.event({ kind: "call", frame, line: 1, changes: [["n", intRef(7)]] });
  const partial = new Trace(writer.bytes());
  expect(partial.complete).toBe(false);
  expect(() => partial.outcome).toThrow(/without an outcome/);
  const done = appendOutcome(writer.bytes(), { status: "crash", exception: { type: "X", message: "m", line: null } });
  const finished = new Trace(done);
  expect(finished.outcome).toMatchObject({ status: "crash", exception: { type: "X", message: "m", line: null } });
  expect(finished.stateAt(0).get("n")?.repr).toBe("7");
  expect(() => appendOutcome(done, { status: "ok" })).toThrow(/already has an outcome/);
});
