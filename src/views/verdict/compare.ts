import type { Tolerance } from "../../base/schema/program.ts";
import { roundedTo } from "../../python/numpy-number.ts";
import { isNumber, keyOf, type PythonNumber, type PythonValue } from "../../python/python-value.ts";

/** For numbers that show with fewer digits than they have: whether they may be equal, or must be. */
export type Certainty = "may" | "must";

/**
 * As Python's `==` between values of built-in types: numbers by value whatever their types, so `1 == 1.0 == True`.
 * With a tolerance floating-point numbers need only be close, but not those that are keys or elements of sets.
 * @param one what was recorded, NumPy's numbers among it; they are equal to what their own type would make of the other
 */
export function equalValues(
  one: PythonValue,
  other: PythonValue,
  tolerance: Tolerance | null,
  certainty: Certainty = "must",
): boolean {
  if (isNumber(one)) {
    return isNumber(other) && (equalNumbers(one, other, certainty) || close(one, other, tolerance, certainty));
  }
  if (one.type === "set" || one.type === "frozenset") {
    return (other.type === "set" || other.type === "frozenset") && sameKeys(one.items, other.items);
  }
  if (one.type === "dict") return other.type === "dict" && equalDicts(one.entries, other.entries, tolerance, certainty);
  if (one.type !== other.type) return false;
  if (one.type === "str" || one.type === "bytes") return one.value === (other as typeof one).value;
  if (one.type === "list" || one.type === "tuple") {
    const { items } = other as typeof one;
    return (
      one.items.length === items.length &&
      one.items.every((item, i) => equalValues(item, items[i] as PythonValue, tolerance, certainty))
    );
  }
  return true;
}

/** Without loss: an int and a float of the same rounded value may differ. */
function equalNumbers(one: PythonNumber, other: PythonNumber, certainty: Certainty): boolean {
  const { bits, error } = numpyPart(one);
  if (error > 0) return certainty === "may" && apart(one, other).every((distance) => distance <= error);
  if (bits !== 64) {
    const [a, b] = [parts(one), parts(other)];
    return a.real === roundedTo(bits, b.real) && a.imaginary === roundedTo(bits, b.imaginary);
  }
  if (one.type === "float" && other.type === "float") return one.value === other.value;
  return keyOf(one) === keyOf(other);
}

function close(one: PythonNumber, other: PythonNumber, tolerance: Tolerance | null, certainty: Certainty): boolean {
  if (tolerance === null) return false;
  const [a, b] = [parts(one), parts(other)];
  const { error } = numpyPart(one);
  const slack = certainty === "may" ? error : -error;
  return (
    isClose(a.real, b.real, tolerance, slack) &&
    isClose(a.imaginary, b.imaginary, tolerance, one.type === "complex" ? slack : 0)
  );
}

function numpyPart(number: PythonNumber): { bits: 16 | 32 | 64; error: number } {
  if (number.type !== "float" && number.type !== "complex") return { bits: 64, error: 0 };
  return { bits: number.bits ?? 64, error: number.error ?? 0 };
}

function apart(one: PythonNumber, other: PythonNumber): number[] {
  const [a, b] = [parts(one), parts(other)];
  return [Math.abs(a.real - b.real), Math.abs(a.imaginary - b.imaginary)];
}

function parts(value: PythonNumber): { real: number; imaginary: number } {
  return value.type === "complex" ? value : { real: Number(value.value), imaginary: 0 };
}

function isClose(a: number, b: number, { relative = 0, absolute = 0 }: Tolerance, slack: number): boolean {
  if (a === b && slack >= 0) return true;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return false;
  return Math.abs(a - b) - slack <= Math.max(relative * Math.max(Math.abs(a), Math.abs(b)), absolute);
}

function sameKeys(one: readonly PythonValue[], other: readonly PythonValue[]): boolean {
  const keys = new Set(one.map(keyOf));
  const others = new Set(other.map(keyOf));
  return keys.size === others.size && Array.from(keys).every((key) => others.has(key));
}

type Entries = readonly (readonly [PythonValue, PythonValue])[];

function equalDicts(one: Entries, other: Entries, tolerance: Tolerance | null, certainty: Certainty): boolean {
  // Of equal keys the last one counts, as in Python.
  const values = new Map(one.map(([key, value]) => [keyOf(key), value]));
  const others = new Map(other.map(([key, value]) => [keyOf(key), value]));
  if (values.size !== others.size) return false;
  return Array.from(values).every(([key, value]) => {
    const found = others.get(key);
    return found !== undefined && equalValues(value, found, tolerance, certainty);
  });
}
