import { describe, expect, test } from "vitest";
import { RenderError } from "../../../src/base/errors.ts";
import type { Program } from "../../../src/base/schema/program.ts";
import { CODE_FLAGS } from "../../../src/record/trace/format.ts";
import { Trace } from "../../../src/record/trace/trace.ts";
import { constantRef, intRef, type OutcomeInput, RecordWriter, type Ref } from "../../../src/record/trace/writer.ts";
import { render } from "../../../src/views/formats/render.ts";
import { type StatelensRow, statelensRenderer } from "../../../src/views/formats/statelens.ts";

const SUM: Program = {
  id: "sum",
  code: "def f(n):\n    s = 0\n    for i in range(n):\n        s += i\n    return s",
  entry: "f(1)",
};

function sumRecord(
  outcome: OutcomeInput = { status: "ok", result: intRef(0) },
  flags: number = CODE_FLAGS.entry,
): Trace {
  const writer = new RecordWriter(11);
  const module = writer.frame(writer.code("<module>", 1, CODE_FLAGS.module));
  writer.event({ kind: "call", frame: module, line: 1 });
  writer.event({ kind: "return", frame: module, line: 1, value: constantRef("none") });
  const frame = writer.frame(writer.code("f", 1, flags));
  const event = (kind: "call" | "line", line: number, ...changes: [string, Ref][]): void =>
    writer.event({ kind, frame, line, changes });
  event("call", 1, ["n", intRef(1)]);
  event("line", 2);
  event("line", 3, ["s", intRef(0)], ["__hidden", intRef(5)], [".0", intRef(5)]);
  event("line", 4, ["i", intRef(0)]);
  event("line", 3);
  event("line", 5);
  writer.event({ kind: "return", frame, line: 5, value: intRef(0) });
  writer.outcome(outcome);
  return new Trace(writer.bytes());
}

function assistant(row: unknown): string {
  return (row as StatelensRow).messages[2]?.content ?? "";
}

function rowOf(program: Program, trace: Trace): unknown {
  return statelensRenderer.render(program, trace)[0]?.row;
}

describe("statelens", () => {
  test("shows the state after every line, names sorted", () => {
    const [shown] = statelensRenderer.render(SUM, sumRecord());
    const row = shown?.row as StatelensRow;
    expect(row.id).toBe("sum");
    expect(row.type).toBe("VALUE_TO_TEXT");
    expect(row.messages.map((message) => message.role)).toEqual(["system", "user", "assistant"]);
    expect(shown?.said()).toMatchObject({ answer: assistant(row), result: "0" });
    expect(assistant(row)).toBe(`<think>
Line 1: \`def f(n):\`; n=1
Line 2: \`s = 0\`; n=1, s=0
Line 3: \`for i in range(n):\`; i=0, n=1, s=0
Line 4: \`s += i\`; i=0, n=1, s=0
Line 3: \`for i in range(n):\`; i=0, n=1, s=0
Line 5: \`return s\`; i=0, n=1, s=0
</think>
<answer>
f(1) == 0
</answer>`);
  });

  test("finds the target by the call's name when no code is marked", () => {
    expect(assistant(render(Object.assign(sumRecord(undefined, 0), { program: SUM }), "statelens"))).toContain(
      "Line 5:",
    );
    expect(() => statelensRenderer.render({ ...SUM, entry: "g(1)" }, sumRecord(undefined, 0))).toThrow(
      expect.objectContaining({ code: "no-target" }),
    );
  });

  test("skips loops with the prompt between line feeds, as published", () => {
    const row = render(Object.assign(sumRecord(), { program: SUM }), "statelens-skip") as StatelensRow;
    expect(row.mask).toBe("user");
    expect(row.messages[1]?.content).toMatch(/^\nGiven the code snippet:\n[\s\S]*correct!\n$/);
    expect(assistant(row)).toContain("=== Iteration 1 ===\nLine 3: `for i in range(n):`; i=0, n=1, s=0\nLine 4:");
  });

  test("keeps the running line of every frame of a recursion", () => {
    const program: Program = { id: "r", code: "def f(n):\n  if n:\n    return f(n - 1)\n  return 0", entry: "f(1)" };
    const writer = new RecordWriter(11);
    const code = writer.code("f", 1, CODE_FLAGS.entry);
    const outer = writer.frame(code);
    writer.event({ kind: "call", frame: outer, line: 1, changes: [["n", intRef(1)]] });
    writer.event({ kind: "line", frame: outer, line: 2 });
    writer.event({ kind: "line", frame: outer, line: 3 });
    const inner = writer.frame(code, outer);
    writer.event({ kind: "call", frame: inner, line: 1, changes: [["n", intRef(0)]] });
    writer.event({ kind: "line", frame: inner, line: 2 });
    writer.event({ kind: "line", frame: inner, line: 4 });
    writer.event({ kind: "return", frame: inner, line: 4, value: intRef(0) });
    writer.event({ kind: "return", frame: outer, line: 3, value: intRef(0) });
    writer.outcome({ status: "ok", result: intRef(0) });
    const text = assistant(rowOf(program, new Trace(writer.bytes())));
    expect(Array.from(text.matchAll(/Line (\d).*n=(\d)/g), (match) => `${match[1]}:${match[2]}`)).toEqual([
      "1:1",
      "2:1",
      "1:0",
      "2:0",
      "4:0",
      "3:1",
    ]);
  });

  test("drops names that were unbound, names values without repr, and sorts by code point", () => {
    const writer = new RecordWriter(12);
    const frame = writer.frame(writer.code("f", 1, CODE_FLAGS.entry));
    const odd = writer.value({ type: "Odd", repr: "?", failed: true });
    const big = writer.value({ type: "list", repr: "[0", cut: true, length: 9 });
    writer.event({
      kind: "call",
      frame,
      line: 1,
      changes: [
        ["\u{1d4d0}", intRef(2)],
        ["ｆ", intRef(1)],
        ["b", odd],
        ["a", big],
      ],
    });
    writer.event({ kind: "line", frame, line: 2 });
    writer.event({ kind: "line", frame, line: 3, changes: [["b", constantRef("unbound")]] });
    writer.event({ kind: "return", frame, line: 3, changes: [["b", constantRef("true")]], value: intRef(0) });
    writer.outcome({ status: "ok", result: constantRef("none") });
    const program: Program = { id: "x", code: "def f():\n\tpass\n\treturn", entry: "f()" };
    expect(assistant(rowOf(program, new Trace(writer.bytes())))).toContain(
      `Line 1: \`def f():\`; a=[0..., b=<unreprable Odd>, ｆ=1, \u{1d4d0}=2
Line 2: \`pass\`; a=[0..., ｆ=1, \u{1d4d0}=2
Line 3: \`return\`; a=[0..., b=True, ｆ=1, \u{1d4d0}=2
</think>`,
    );
  });

  test.each<[OutcomeInput, string, RegExp]>([
    [{ status: "timeout", detail: "5000 ms" }, "timeout", /timeout.*5000 ms/],
    [{ status: "exception", exception: { type: "KeyError", message: "'a'" } }, "exception", /KeyError: 'a'/],
    [{ status: "ok" }, "no-result", /no result/],
  ])("rejects a run that ended with %o", (outcome, code, message) => {
    const fail = (): unknown => statelensRenderer.render(SUM, sumRecord(outcome));
    expect(fail).toThrow(RenderError);
    expect(fail).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  });

  test("rejects a program without a call", () => {
    const fail = (): unknown => statelensRenderer.render({ ...SUM, entry: null }, sumRecord());
    expect(fail).toThrow(expect.objectContaining({ code: "no-entry" }));
  });
});
