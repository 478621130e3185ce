import { keyOf, type PythonValue } from "./python-value.ts";

/**
 * A text that is equal for values that are the same by type and value, and for no others: `1`, `True` and `1.0` differ,
 * also as keys, and so do `0.0` and `-0.0`; every NaN is the same. Sets and dicts have no order.
 */
export function keyedLiteral(value: PythonValue): string {
  switch (value.type) {
    case "NoneType":
    case "ellipsis":
      return value.type;
    case "bool":
      return value.value ? "True" : "False";
    case "int":
      return String(value.value);
    case "float":
      return `f${real(value.value)}`;
    case "complex":
      return `c${real(value.real)},${real(value.imaginary)}`;
    case "str":
    case "bytes":
      return `${value.type === "str" ? "" : "b"}${JSON.stringify(value.value)}`;
    case "list":
      return `[${value.items.map(keyedLiteral).join()}]`;
    case "tuple":
      return `(${value.items.map(keyedLiteral).join()})`;
    case "set":
    case "frozenset":
      return `${value.type}{${firstOfEqual(value.items).map(keyedLiteral).sort().join()}}`;
    case "dict":
      return `{${settled(value.entries)
        .map(([key, held]) => `${keyedLiteral(key)}:${keyedLiteral(held)}`)
        .sort()
        .join()}}`;
  }
}

function real(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** Of elements that Python takes for one, the first stays. */
function firstOfEqual(items: readonly PythonValue[]): PythonValue[] {
  const found = new Map<string | null, PythonValue>();
  for (const item of items) {
    const key = keyOf(item);
    if (!found.has(key)) found.set(key, item);
  }
  return [...found.values()];
}

type Entry = readonly [key: PythonValue, value: PythonValue];

/** Of keys that Python takes for one, the first stays, with the value of the last. */
export function settled(entries: readonly Entry[]): Entry[] {
  const found = new Map<string | null, Entry>();
  for (const [key, value] of entries) {
    const name = keyOf(key);
    found.set(name, [found.get(name)?.[0] ?? key, value]);
  }
  return [...found.values()];
}
