/** What is known besides of a number that is NumPy's. */
export interface NumpyNumber {
  /** Of each of its parts, where they have fewer than a `float`. */
  readonly bits?: 16 | 32;
  /** How far each of its parts may lie from what shows, where an array shows it with fewer digits than it has. */
  readonly error?: number;
}

/** A value of Python's built-in types, as a literal writes it. Bytes are a string of code units up to 255. */
export type PythonValue =
  | { readonly type: "NoneType" }
  | { readonly type: "ellipsis" }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "int"; readonly value: bigint }
  | ({ readonly type: "float"; readonly value: number } & NumpyNumber)
  | ({ readonly type: "complex"; readonly real: number; readonly imaginary: number } & NumpyNumber)
  | { readonly type: "str" | "bytes"; readonly value: string }
  | { readonly type: "list" | "tuple" | "set" | "frozenset"; readonly items: readonly PythonValue[] }
  | { readonly type: "dict"; readonly entries: readonly (readonly [key: PythonValue, value: PythonValue])[] };

export type PythonNumber = Extract<PythonValue, { type: "bool" | "int" | "float" | "complex" }>;

export function isNumber(value: PythonValue): value is PythonNumber {
  return value.type === "bool" || value.type === "int" || value.type === "float" || value.type === "complex";
}

/**
 * Equal for what Python takes for one key of a dict or element of a set; null for what it cannot hash. NaN equals
 * nothing, so a key with one in it is never found.
 */
export function keyOf(value: PythonValue): string | null {
  switch (value.type) {
    case "NoneType":
    case "ellipsis":
      return value.type;
    case "str":
    case "bytes":
      return `${value.type}${JSON.stringify(value.value)}`;
    case "tuple":
    case "frozenset": {
      const keys: string[] = [];
      for (const item of value.items) {
        const key = keyOf(item);
        if (key === null) return null;
        keys.push(key);
      }
      return value.type === "tuple" ? `(${keys.join()})` : `{${[...new Set(keys)].sort().join()}}`;
    }
    case "list":
    case "set":
    case "dict":
      return null;
    default:
      return numberKey(value);
  }
}

let distinct = 0;

function numberKey(value: PythonNumber): string {
  if (value.type === "bool") return value.value ? "1" : "0";
  if (value.type === "int") return String(value.value);
  if (value.type === "float") return realKey(value.value);
  return value.imaginary === 0 ? realKey(value.real) : `${realKey(value.real)}+${realKey(value.imaginary)}j`;
}

function realKey(value: number): string {
  if (Number.isNaN(value)) return `nan${distinct++}`;
  return Number.isInteger(value) ? String(BigInt(value)) : String(value);
}
