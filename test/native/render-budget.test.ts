// Rows within a budget, counted again by the tokenizer that the budget is given in: real traces of programs with long
// loops and long values, in every format.
import { beforeAll, describe, expect, it } from "vitest";
import { RenderError } from "../../src/base/errors.ts";
import type { Program } from "../../src/base/schema/program.ts";
import { openTracer, type ProgramTrace } from "../../src/engine/tracer.ts";
import { rowsWithin } from "../../src/views/formats/budget.ts";
import { listRenderers } from "../../src/views/formats/registry.ts";
import { textOf } from "../../src/views/formats/renderer.ts";
import { openTokenCounter, type TokenCounter } from "../../src/views/text/tokens.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { writeByteTokenizer } from "../helpers/byte-tokenizer.ts";
import { TestFolder } from "../helpers/test-folder.ts";

const PROGRAMS: readonly Program[] = [
  {
    id: "long loop",
    code: "def f(n):\n    s = 0\n    for i in range(n):\n        s += i\n    return s",
    entry: "f(90)",
  },
  {
    id: "loops in loops, a call in each",
    code: "def g(a, b):\n    return a * b\ndef f(n):\n    s = 0\n    for i in range(n):\n        j = 0\n        while j < n:\n            s += g(i, j)\n            j += 1\n    return s",
    entry: "f(6)",
  },
  {
    id: "long values",
    code: "def f(n):\n    text = 'é🐍' * n\n    words = [text] * 3\n    table = {i: text for i in range(3)}\n    return len(words) + len(table)",
    entry: "f(150)",
  },
  {
    id: "a recursion",
    code: "def f(n):\n    if n == 0:\n        return 1\n    return n * f(n - 1)",
    entry: "f(12)",
  },
  {
    id: "an exception in a loop",
    code: "def f(n):\n    for i in range(n):\n        try:\n            1 / (n - i - 1)\n        except ZeroDivisionError:\n            return i",
    entry: "f(25)",
  },
  { id: "short", code: "def f(x):\n    return x", entry: "f(1)" },
];

const formats = listRenderers();
const [python] = await builtPythons();
const folder = new TestFolder("file");
const traces: ProgramTrace[] = [];
let count: TokenCounter;

beforeAll(async () => {
  writeByteTokenizer(folder.path);
  count = await openTokenCounter(folder.path);
});

describe.skipIf(python !== undefined)("rows within a budget", () => {
  it("need a build", (test) => test.skip(NOT_BUILT));
});

describe.skipIf(python === undefined)("rows within a budget", () => {
  beforeAll(async () => {
    const options = { ...(python && { python: python.executable }), workers: 1 };
    await using tracer = await openTracer({ ...options, maxValueChars: 0 });
    for await (const trace of tracer.run(PROGRAMS)) traces.push(trace);
  });

  it.each(formats)("fit it or are rejected, as $name", (renderer) => {
    const seen = { whole: 0, shorter: 0, rejected: 0 };
    for (const correct of renderer.corrects === null ? [false] : [false, true]) {
      for (const trace of traces) {
        const whole = rowsWithin(renderer, trace.program, trace, correct, null);
        const needed = Math.max(...whole.map((row) => count(textOf(row))));
        for (const maxTokens of [60, 1_100, 1_000_000]) {
          try {
            const rows = rowsWithin(renderer, trace.program, trace, correct, { maxTokens, count });
            for (const row of rows) expect(count(textOf(row))).toBeLessThanOrEqual(maxTokens);
            const same = JSON.stringify(rows) === JSON.stringify(whole);
            seen[same ? "whole" : "shorter"] += 1;
            expect(same).toBe(needed <= maxTokens);
          } catch (error) {
            if (!(error instanceof RenderError)) throw error;
            expect(error).toMatchObject({ code: "over-budget", message: expect.stringContaining(`${maxTokens}`) });
            seen.rejected += 1;
          }
        }
      }
    }
    expect(seen.whole).toBeGreaterThan(0);
    expect(seen.rejected).toBeGreaterThan(0);
    // A program without a trace has nothing that could be left out.
    if (renderer.name !== "naive") expect(seen.shorter).toBeGreaterThan(0);
  });
});
