import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { floatRepr } from "../../../src/python/float-repr.ts";

describe("floatRepr", () => {
  // As CPython prints them.
  test.each([
    [0, "0.0"],
    [-0, "-0.0"],
    [1, "1.0"],
    [-2.5, "-2.5"],
    [0.1, "0.1"],
    [0.1 + 0.2, "0.30000000000000004"],
    [1e-4, "0.0001"],
    [1.5e-4, "0.00015"],
    [1e-5, "1e-05"],
    [1.25e-7, "1.25e-07"],
    [1e15, "1000000000000000.0"],
    [9999999999999998, "9999999999999998.0"],
    [1e16, "1e+16"],
    [123456789012345680, "1.2345678901234568e+17"],
    [1e100, "1e+100"],
    [1.7976931348623157e308, "1.7976931348623157e+308"],
    [5e-324, "5e-324"],
    [2.2250738585072014e-308, "2.2250738585072014e-308"],
    [100, "100.0"],
    [123.456, "123.456"],
    [Number.POSITIVE_INFINITY, "inf"],
    [Number.NEGATIVE_INFINITY, "-inf"],
    [Number.NaN, "nan"],
  ])("%d is %s", (value, text) => {
    expect(floatRepr(value)).toBe(text);
  });

  test("reads back as the same number and always looks like a float", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = floatRepr(value);
        expect(Object.is(Number(text), value)).toBe(true);
        expect(text).toMatch(/^-?\d+(\.\d+|(\.\d+)?e[+-]\d\d+)$/);
      }),
    );
  });
});
