import type { Tolerance } from "../../base/schema/program.ts";
import { keyedLiteral, settled } from "../../python/exact.ts";
import type { PythonValue } from "../../python/python-value.ts";
import { equalValues } from "./compare.ts";

/**
 * Whether two values are the same by type and value, all through; floats and complex numbers may be as far apart as the
 * tolerance says, but not those that are keys or elements of sets.
 */
export function sameTyped(one: PythonValue, other: PythonValue, tolerance: Tolerance | null = null): boolean {
  if (tolerance === null) return keyedLiteral(one) === keyedLiteral(other);
  if (one.type !== other.type) return false;
  if (one.type === "float" || one.type === "complex") {
    return keyedLiteral(one) === keyedLiteral(other) || equalValues(one, other, tolerance);
  }
  if (one.type === "list" || one.type === "tuple") {
    const { items } = other as typeof one;
    return (
      one.items.length === items.length &&
      one.items.every((item, i) => sameTyped(item, items[i] as PythonValue, tolerance))
    );
  }
  if (one.type !== "dict") return keyedLiteral(one) === keyedLiteral(other);
  const entries = settled(one.entries);
  const others = new Map(settled((other as typeof one).entries).map(([key, value]) => [keyedLiteral(key), value]));
  return (
    entries.length === others.size &&
    entries.every(([key, value]) => {
      const found = others.get(keyedLiteral(key));
      return found !== undefined && sameTyped(value, found, tolerance);
    })
  );
}
