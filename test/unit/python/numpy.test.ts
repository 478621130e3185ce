// Verdicts on what shows NumPy's arrays and numbers, for rows that ask for it.
import { describe, expect, it } from "vitest";
import type { Program } from "../../../src/base/schema/program.ts";
import { roundedTo } from "../../../src/python/numpy-number.ts";
import type { Outcome, Value } from "../../../src/record/trace/value.ts";
import { verdictOf } from "../../../src/views/verdict/verdict.ts";

function judge(
  repr: string,
  expected: string,
  row: Partial<Pick<Program, "tolerance" | "numpy">> = {},
  value: Partial<Value> = {},
): string | undefined {
  const result: Value = {
    type: "ndarray",
    repr,
    cut: false,
    failed: false,
    literal: false,
    arrays: "exact",
    length: null,
    identity: null,
    ...value,
  };
  const outcome = { status: "ok", result } as Outcome;
  return verdictOf({ expected, numpy: true, ...row }, outcome)?.is;
}

describe("arrays", () => {
  it.each([
    ["array([1, 2, 3])", "[1, 2, 3]"],
    ["array([1., 2.5, nan])", "[1, 2.5, 3]", "no"],
    ["array([[1, 2], [3, 4]])", "[[1, 2], [3, 4]]"],
    ["array([[1, 2], [3, 4]])", "[1, 2, 3, 4]", "no"],
    ["array([[1, 2, 3, 4]])", "[[1, 2], [3, 4]]", "no"],
    ["array([1, 2, 3])", "(1, 2, 3)", "no"],
    ["array([[[0]]], dtype=int32)", "[[[0]]]"],
    ["array(5)", "5"],
    ["array([], dtype=float64)", "[]"],
    ["array([], shape=(0, 3), dtype=int64)", "[]"],
    ["array([ True, False])", "[True, False]"],
    ["array([ 1.e+00, -1.e-10,    inf,   -inf])", "[1.0, -1e-10, 1e999, -1e999]"],
    ["array([1. +2.5j, 3.5-4.j ])", "[1+2.5j, 3.5-4j]"],
    ["array(['a', 'b\\'\"'], dtype='<U3')", "['a', 'b\\'\"']"],
    ["array([b'a'], dtype='|S1')", "[b'a']"],
    ["array([1, 2], dtype='>i4')", "[1, 2]"],
    ["array([list([1, 2]), 'x', None], dtype=object)", "[[1, 2], 'x', None]"],
    ["array([Ellipsis], dtype=object)", "[...]"],
    ["[array([1]), {'a': array([[2.]])}, (np.int64(3), np.True_)]", "[[1], {'a': [[2]]}, (3, True)]"],
    ["{np.int64(1): np.str_('a')}", "{1: 'a'}", "not-comparable"],
    ["{np.int64(1): 'a', np.float64(2.0): 'b'}", "{1: 'a', 2: 'b'}"],
    ["np.float64(0.1)", "0.1"],
    ["np.float64(-inf)", "-1e999"],
    ["np.float64(0.30000000000000004)", "0.3", "no"],
    ["np.int64(3)", "3.0"],
    ["np.False_", "0"],
  ])("%s is %s", (repr, expected, verdict = "yes") => {
    expect(judge(repr, expected)).toBe(verdict);
  });

  it.each([
    ["np.float32(0.1)", "0.1"],
    ["np.float32(0.1)", "0.10000000149011612"],
    ["np.float32(0.1)", "0.10000001", "no"],
    ["np.float16(0.1)", "0.0999755859375"],
    ["array([0.1, 16777216.], dtype=float32)", "[0.1, 16777217]"],
    ["array([0.1], dtype='>f4')", "[0.1]"],
    ["array([0.1+0.2j], dtype=complex64)", "[0.1+0.2j]"],
    ["array([0.1], dtype=float16)", "[0.09999]"],
    ["array([0.1], dtype=float16)", "[0.1001]", "no"],
  ])("of a smaller type: %s is %s", (repr, expected, verdict = "yes") => {
    expect(judge(repr, expected)).toBe(verdict);
  });

  it("with fewer digits than they have need a tolerance, unless they are far apart", () => {
    const rounded = { arrays: "rounded" } as const;
    const thirds = "array([0.33333333, 0.66666667])";
    expect(judge(thirds, "[0.3333333333333333, 0.6666666666666666]", {}, rounded)).toBe("not-comparable");
    expect(judge(thirds, "[0.33333333, 0.66666667]", {}, rounded)).toBe("not-comparable");
    expect(judge(thirds, "[0.33333333, 0.6666666]", {}, rounded)).toBe("no");
    expect(judge(thirds, "[0.3333333, 0.6666666]", { tolerance: { absolute: 1e-6 } }, rounded)).toBe("yes");
    expect(judge(thirds, "[0.3333333, 0.6666666]", { tolerance: { absolute: 1e-9 } }, rounded)).toBe("no");
    expect(judge(thirds, "[0.33333333, 0.66666667]", { tolerance: { absolute: 1e-10 } }, rounded)).toBe(
      "not-comparable",
    );
    expect(judge("array([1.23456789e+20])", "[123456789012345678901]", {}, rounded)).toBe("not-comparable");
    expect(judge("array([1.23456789e+20])", "[123456800000000000000]", {}, rounded)).toBe("no");
    expect(judge("array([1.23456789e+20])", "[1.2345678e20]", { tolerance: { relative: 1e-6 } }, rounded)).toBe("yes");
    expect(judge("array([1, 2])", "[1, 2]", {}, rounded)).toBe("yes");
  });

  it("of which only the ends are recorded cannot be compared", () => {
    const long = "array([0, 1, 2, ..., 4997, 4998, 4999], shape=(5000,), digest=35c9d2d4)";
    expect(judge(long, "[0, 1, 2, 4997, 4998, 4999]")).toBe("not-comparable");
    expect(judge(`[${long}]`, "[[0, 1, 2, ..., 4997, 4998, 4999]]")).toBe("not-comparable");
    expect(judge("array([1, 2", "[1, 2]", {}, { cut: true })).toBe("not-comparable");
  });

  it("count for nothing in rows that do not ask for it, or where something else is in the text", () => {
    expect(judge("array([1])", "[1]", { numpy: false })).toBe("not-comparable");
    expect(judge("array([1])", "[1]", {}, { arrays: null })).toBe("not-comparable");
    expect(judge("array([1])", "[1]", {}, { arrays: null, literal: true })).toBe("not-comparable");
    expect(judge("[1]", "[1]", {}, { arrays: null, literal: true })).toBe("yes");
  });

  it.each([
    "array",
    "array(",
    "array(1",
    "array([1]",
    "array([1], dtype=)",
    "array([1], size=3)",
    "array([1, ..., 2])",
    "array(array)",
    "np",
    "np.",
    "np.int64",
    "np.int64(",
    "np.int64('a')",
    "np.int64([1])",
    "np.int64(1)(2)",
    "-np.int64(1)",
    "np.float64(1)+1j",
    "list(1",
    "other([1])",
    `${"array([".repeat(300)}1${"])".repeat(300)}`,
  ])("damaged or foreign: %s", (repr) => {
    expect(judge(repr, "[1]")).toBe("not-comparable");
  });
});

it("halves are rounded to even, as a float of 16 bits does", () => {
  const halves = new Float32Array([0, 1, -1.0004, 2049, 2051, 65519, 65520, 6e-8, 2.9e-8, 0.333251953125]);
  expect([...halves].map((value) => roundedTo(16, value))).toEqual([
    0,
    1,
    -1,
    2048,
    2052,
    65504,
    Infinity,
    2 ** -24,
    0,
    0.333251953125,
  ]);
});
