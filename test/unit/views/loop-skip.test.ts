import { describe, expect, test } from "vitest";
import { type LineRecord, skipLoops } from "../../../src/views/walk/loop-skip.ts";

/** Records from source lines (numbered from 1) and the numbers of the lines that ran. */
function records(source: string[], ran: number[]): LineRecord[] {
  return ran.map((line) => {
    const whole = source[line - 1] ?? "";
    const text = whole.trimStart();
    return { line, text, indent: whole.length - text.length, rendered: `L${line}`, missing: 0 };
  });
}

function repeat(times: number, lines: number[]): number[] {
  return Array.from({ length: times }, () => lines).flat();
}

const LOOP = ["def f(n):", "    s = 0", "    for i in range(n):", "        s += i", "    return s"];

describe("skipLoops", () => {
  test("shows two iterations, what was skipped, and the last one", () => {
    expect(skipLoops(records(LOOP, [1, 2, ...repeat(5, [3, 4]), 3, 5]))).toEqual([
      "L1",
      "L2",
      "=== Iteration 1 ===",
      "L3",
      "L4",
      "=== Iteration 2 ===",
      "L3",
      "L4",
      "=== Iterations 3 to 4 skipped for `Line 3` ===",
      "...",
      "=== Iteration 5 ===",
      "L3",
      "L4",
      "L5",
    ]);
  });

  test("names a single skipped iteration without a range", () => {
    const lines = skipLoops(records(LOOP, [1, 2, ...repeat(4, [3, 4]), 3, 5]));
    expect(lines?.filter((line) => line.includes("skipped"))).toEqual(["=== Iterations 3 skipped for `Line 3` ==="]);
  });

  test("shows up to three iterations whole", () => {
    const lines = skipLoops(records(LOOP, [1, 2, ...repeat(3, [3, 4]), 3, 5]));
    expect(lines?.filter((line) => line.startsWith("==="))).toEqual([1, 2, 3].map((k) => `=== Iteration ${k} ===`));
  });

  test("loses loops without a recorded body, as published", () => {
    expect(skipLoops(records(LOOP, [1, 2, 3, 5]))).toEqual(["L1", "L2", "L5"]);
    expect(skipLoops(records(["for i in r: s += i", "t = s"], [1, 1, 1, 2]))).toEqual(["L2"]);
  });

  test("shortens nested loops inside every shown iteration, without headings", () => {
    const source = ["for a in x:", "  for b in y:", "    c()", "  d()"];
    const inner = (times: number): number[] => [1, ...repeat(times, [2, 3]), 2, 4];
    expect(skipLoops(records(source, [...inner(4), ...inner(6), 1]))).toEqual([
      "=== Iteration 1 ===",
      "L1",
      "L2",
      "L3",
      "L2",
      "L3",
      "... (Iterations 3 skipped for `Line 2`)",
      "L2",
      "L3",
      "L4",
      "=== Iteration 2 ===",
      "L1",
      "L2",
      "L3",
      "L2",
      "L3",
      "... (Iterations 3 to 5 skipped for `Line 2`)",
      "L2",
      "L3",
      "L4",
    ]);
  });

  test("counts iterations that were not recorded", () => {
    const lines = records(LOOP, [1, 2, ...repeat(3, [3, 4]), 3, 4, 3, 5]);
    const gap = lines.map((line, i) => (i === 8 ? { ...line, missing: 996 } : line));
    expect(skipLoops(gap)).toEqual([
      "L1",
      "L2",
      "=== Iteration 1 ===",
      "L3",
      "L4",
      "=== Iteration 2 ===",
      "L3",
      "L4",
      "=== Iterations 3 to 999 skipped for `Line 3` ===",
      "...",
      "=== Iteration 1000 ===",
      "L3",
      "L4",
      "L5",
    ]);
  });

  test("has no text for iterations that are missing of what it takes for no loop", () => {
    const source = ["def f(x):", "    while(x):", "        x -= 1"];
    const lines = records(source, [1, 2, 3, 2, 3, 2]);
    expect(skipLoops(lines.map((line, i) => (i === 3 ? { ...line, missing: 5 } : line)))).toBeNull();
  });

  test("knows while loops, and only by their first word", () => {
    const lines = skipLoops(
      records(["while x:", "  y()", "while(x):", "  y()"], [...repeat(2, [1, 2]), 1, ...repeat(2, [3, 4])]),
    );
    expect(lines).toEqual([
      "=== Iteration 1 ===",
      "L1",
      "L2",
      "=== Iteration 2 ===",
      "L1",
      "L2",
      "L3",
      "L4",
      "L3",
      "L4",
    ]);
  });
});
