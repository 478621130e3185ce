import { type JsonNode, parseJsonText } from "../../base/io/json-text.ts";
import { pythonSource } from "../../python/json-source.ts";
import type { AnswerForm } from "../questions/question.ts";

const KEYS: readonly string[] = ["answer", "output", "input", "result", "value", "line", "lines", "call", "assertion"];
/** Whose answer is a text of its own and no value: a JSON string is then that text. */
const TEXTUAL: ReadonlySet<AnswerForm> = new Set([
  "line",
  "lines",
  "yes-no",
  "assertion",
  "call",
  "error",
  "text",
  "step",
]);

/** The answer in a JSON object that holds nothing but the answer (with its type); null for all other text. */
export function jsonAnswer(text: string, form: AnswerForm): string | null {
  const members = membersOf(text);
  const [key] = KEYS.filter((name) => members?.has(name) === true);
  const node = key === undefined ? undefined : members?.get(key);
  if (members === null || node === undefined) return null;
  const type = members.get("type");
  if (form === "value-type" && type?.kind === "string" && members.size === 2) {
    const value = sourceOf(node);
    return value === null ? null : `${value}; ${type.value}`;
  }
  if (members.size !== 1) return null;
  return node.kind === "string" && (TEXTUAL.has(form) || form === "value-type") ? node.value : sourceOf(node);
}

function membersOf(text: string): ReadonlyMap<string, JsonNode> | null {
  try {
    const node = parseJsonText(text);
    return node.kind === "object" ? node.members : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function sourceOf(node: JsonNode): string | null {
  try {
    return pythonSource(node, "expression");
  } catch {
    return null;
  }
}
