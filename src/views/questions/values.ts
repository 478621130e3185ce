import type { Value } from "../../record/trace/value.ts";

/** Characters of the longest value that is asked for or shown. */
const MOST_CHARS = 300;

/** What keeps a value from being an answer; null: nothing does. */
export function unaskable(value: Value): string | null {
  if (value.cut) return "the value was recorded in part only";
  if (value.failed || !value.literal) return "the value is or holds something else than Python's own literals";
  if (value.repr.length > MOST_CHARS) return `the value has more than ${MOST_CHARS} characters`;
  if (/\b0x[0-9a-f]{6,}|<[\w.]+ object/i.test(value.repr)) return "the value holds an address";
  return null;
}

/** What a guess gets that knows how often such values come, but not the run. */
export function blindGuess({ type, repr }: Pick<Value, "type" | "repr">): number {
  if (type === "bool") return 0.5;
  if (type === "NoneType") return 0.1;
  if (type === "int" && /^-?\d$/.test(repr)) return 0.1;
  if (/^(?:''|\[\]|\{\}|\(\)|set\(\)|0\.0|1\.0)$/.test(repr)) return 0.1;
  return 0;
}

/** Names of the program's own that hold values to ask for. */
export function isOwnName(name: string): boolean {
  return !name.startsWith("__") && !name.startsWith(".") && name !== "_";
}
