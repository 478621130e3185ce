import { floatRepr } from "../../python/float-repr.ts";
import { keyOf, type PythonValue } from "../../python/python-value.ts";

/**
 * The value as it comes back from Python's json module: tuples are lists, keys of dicts are texts. What json refuses, such
 * as a set, stays what it is.
 */
export function throughJson(value: PythonValue): PythonValue {
  if (value.type === "list" || value.type === "tuple") return { type: "list", items: value.items.map(throughJson) };
  if (value.type !== "dict") return value;
  // Of keys that are one text, the last has its value, as in json.loads().
  const entries = new Map<string, readonly [PythonValue, PythonValue]>();
  for (const [key, member] of value.entries) {
    const text = textKey(key);
    entries.set(keyOf(text) ?? `no key ${entries.size}`, [text, throughJson(member)]);
  }
  return { type: "dict", entries: [...entries.values()] };
}

function textKey(key: PythonValue): PythonValue {
  switch (key.type) {
    case "NoneType":
      return { type: "str", value: "null" };
    case "bool":
    case "int":
      return { type: "str", value: String(key.value) };
    case "float":
      return { type: "str", value: floatText(key.value) };
    default:
      return key;
  }
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  return Number.isFinite(value) ? floatRepr(value) : value > 0 ? "Infinity" : "-Infinity";
}
