import { describe, expect, test } from "vitest";
import { UsageError } from "../../../src/base/errors.ts";
import type { Program } from "../../../src/base/schema/program.ts";
import { CODE_FLAGS } from "../../../src/record/trace/format.ts";
import { Trace } from "../../../src/record/trace/trace.ts";
import { intRef, RecordWriter } from "../../../src/record/trace/writer.ts";
import { rowsWithin } from "../../../src/views/formats/budget.ts";
import { findRenderer, listRenderers } from "../../../src/views/formats/registry.ts";
import { type Rendered, textOf } from "../../../src/views/formats/renderer.ts";
import { openSettings } from "../../../src/views/formats/settings.ts";
import { estimateTokens } from "../../../src/views/text/tokens.ts";

const LOOP: Program = {
  id: "loop",
  code: "def f(n):\n    s = 'x'\n    for i in range(n):\n        s = g(s)\n    return i\n",
  entry: "f(50)",
};

/** Fifty iterations, each with a value of 300 characters. */
function loopTrace(): Trace {
  const writer = new RecordWriter(12);
  const frame = writer.frame(writer.code("f", 1, CODE_FLAGS.entry));
  const line = (number: number, name?: string, ref = intRef(0)): void =>
    writer.event({ kind: "line", frame, line: number, changes: name === undefined ? [] : [[name, ref]] });
  writer.event({ kind: "call", frame, line: 1, changes: [["n", intRef(50)]] });
  line(2);
  line(3, "s", writer.value({ type: "str", repr: "'x'" }));
  for (let i = 0; i < 50; i++) {
    line(4, "i", intRef(i));
    line(3, "s", writer.value({ type: "str", repr: `'${String(i % 10).repeat(300)}'` }));
  }
  line(5);
  writer.event({ kind: "return", frame, line: 5, value: intRef(49) });
  writer.outcome({ status: "ok", result: intRef(49) });
  return new Trace(writer.bytes());
}

const texts = listRenderers();

describe("a budget", () => {
  test.each(texts.filter(({ name }) => name !== "naive"))("is met by $name without cutting its text", (renderer) => {
    const whole = rowsWithin(renderer, LOOP, loopTrace(), false, null);
    const longest = Math.max(...whole.map((row) => estimateTokens(textOf(row))));
    const maxTokens = Math.max(Math.floor(longest / 4), 700);
    const rows = rowsWithin(renderer, LOOP, loopTrace(), false, { maxTokens, count: estimateTokens });
    for (const row of rows) expect(estimateTokens(textOf(row))).toBeLessThanOrEqual(maxTokens);
    const last = (all: readonly Rendered[]): string => textOf(all.at(-1) as Rendered).slice(-8);
    expect(last(rows)).toBe(last(whole));
  });

  test("changes nothing that fits", () => {
    for (const renderer of texts) {
      const whole = rowsWithin(renderer, LOOP, loopTrace(), false, null);
      const rows = rowsWithin(renderer, LOOP, loopTrace(), false, { maxTokens: 1e9, count: estimateTokens });
      expect(rows.map(({ row }) => row)).toEqual(whole.map(({ row }) => row));
    }
  });

  test("that cannot be met rejects the row with what it would take", () => {
    const tight = { maxTokens: 10, count: estimateTokens };
    expect(() => rowsWithin(findRenderer("snoop"), LOOP, loopTrace(), false, tight)).toThrow(
      expect.objectContaining({
        code: "over-budget",
        message: expect.stringMatching(/takes \d+ tokens.*--max-tokens 10/),
      }),
    );
  });

  test("leaves out iterations, says which, and shows what they changed", () => {
    const view = { correct: false, loops: { head: 2, tail: 1 }, valueChars: 4 };
    const text = findRenderer("concise").render(LOOP, loopTrace(), view).map(textOf).join();
    expect(text).toBe(`[L1] [INPUT] ['n = 50'] [/INPUT] [/L1]
[L2] s = 'x' [/L2]
[L3] i = 0 [/L3]
[L4] s = '000... [/L4]
[L3] i = 1 [/L3]
[L4] s = '111... [/L4]
[SKIPPED] iterations 3 to 49 of line 3 [/SKIPPED]
[L3] i = 48,s = '888... [/L3]
[L3] i = 49 [/L3]
[L4] s = '999... [/L4]
[L5] [OUTPUT] 49 [/OUTPUT] [/L5]`);
  });
});

describe("settings", () => {
  test.each([
    ["naive", { correct: true, maxTokens: null, tokenizer: null }, "nothing-to-correct"],
    ["next", { correct: false, maxTokens: 5, tokenizer: null }, "bad-budget"],
    ["next", { correct: false, maxTokens: null, tokenizer: "estimate" }, "bad-budget"],
    ["record", { correct: false, maxTokens: 5, tokenizer: "estimate" }, "bad-budget"],
  ])("of %s: %o are refused", async (format, settings, code) => {
    await expect(openSettings(format, settings)).rejects.toThrow(UsageError);
    await expect(openSettings(format, settings)).rejects.toThrow(expect.objectContaining({ code }));
  });
});
