import { SourceError } from "../base/errors.ts";
import type { JsonNode } from "../base/io/json-text.ts";
import { stringRepr } from "./string-repr.ts";

/** Python's own parser refuses brackets nested more than 200 deep; the call around the value takes some. */
const MAX_DEPTH = 150;

/**
 * How not-a-number and the infinities are written: `expression` may call float(), `literal` must be understood by
 * ast.literal_eval, which has no way to write NaN.
 */
export type Purpose = "expression" | "literal";

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
      return stringRepr(node.value);
    case "array":
      return `[${node.items.map((item) => pythonSource(item, purpose, depth + 1)).join(", ")}]`;
    case "object":
      return dictSource(node.members, purpose, depth);
  }
}

export function dictSource(members: ReadonlyMap<string, JsonNode>, purpose: Purpose, depth: number = 0): string {
  const items = Array.from(members, ([key, value]) => `${stringRepr(key)}: ${pythonSource(value, purpose, depth + 1)}`);
  return `{${items.join(", ")}}`;
}

/** Whether a JSON value holds a NaN anywhere. */
export function holdsNan(node: JsonNode): boolean {
  if (node.kind === "array") return node.items.some(holdsNan);
  if (node.kind === "object") return Array.from(node.members.values()).some(holdsNan);
  return node.kind === "nan";
}
