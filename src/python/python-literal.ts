import { SourceError } from "../base/errors.ts";
import type { JsonNode } from "../base/io/json-text.ts";

/** Python's own parser refuses brackets nested more than 200 deep; the call around the value takes some. */
const MAX_DEPTH = 150;

// What str.isprintable() calls unprintable: everything in Unicode's "other" and "separator" groups but the space.
const UNPRINTABLE = /[\p{C}\p{Z}]/u;
const NEEDS_ESCAPE = /[\\'"\p{C}\p{Z}]/u;

const SHORT_ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * How not-a-number and the infinities are written: `expression` may call float(), `literal` must be understood by
 * ast.literal_eval, which has no way to write NaN.
 */
export type Purpose = "expression" | "literal";

/** The Python source of a string, as repr() writes it. */
export function pythonString(text: string): string {
  if (!NEEDS_ESCAPE.test(text)) return `'${text}'`;
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let source = quote;
  for (const character of text) {
    if (character === quote) source += `\\${quote}`;
    else source += SHORT_ESCAPES[character] ?? (isPrintable(character) ? character : escapeCode(character));
  }
  return source + quote;
}

function isPrintable(character: string): boolean {
  return character === " " || !UNPRINTABLE.test(character);
}

function escapeCode(character: string): string {
  const code = character.codePointAt(0) as number;
  const digits = code.toString(16);
  if (code <= 0xff) return `\\x${digits.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${digits.padStart(4, "0")}` : `\\U${digits.padStart(8, "0")}`;
}

/** The Python source of the value that Python's json module reads from the same text. */
export function pythonSource(node: JsonNode, purpose: Purpose, depth: number = 0): string {
  if (depth > MAX_DEPTH) {
    throw new SourceError("too-deep", `A value is nested deeper than ${MAX_DEPTH}, which Python does not compile.`);
  }
  switch (node.kind) {
    case "null":
      return "None";
    case "true":
      return "True";
    case "false":
      return "False";
    case "nan":
      if (purpose === "literal") throw new SourceError("no-literal", "NaN cannot be written as a Python literal.");
      return "float('nan')";
    case "infinity":
      return purpose === "literal" ? "1e999" : "float('inf')";
    case "-infinity":
      return purpose === "literal" ? "-1e999" : "float('-inf')";
    case "number":
      return node.text;
    case "string":
      return pythonString(node.value);
    case "array":
      return `[${node.items.map((item) => pythonSource(item, purpose, depth + 1)).join(", ")}]`;
    case "object":
      return dictSource(node.members, purpose, depth);
  }
}

export function dictSource(members: ReadonlyMap<string, JsonNode>, purpose: Purpose, depth: number = 0): string {
  const items = Array.from(
    members,
    ([key, value]) => `${pythonString(key)}: ${pythonSource(value, purpose, depth + 1)}`,
  );
  return `{${items.join(", ")}}`;
}

/** Whether a JSON value holds a NaN anywhere. */
export function holdsNan(node: JsonNode): boolean {
  if (node.kind === "array") return node.items.some(holdsNan);
  if (node.kind === "object") return Array.from(node.members.values()).some(holdsNan);
  return node.kind === "nan";
}
