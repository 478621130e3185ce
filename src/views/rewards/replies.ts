/** What a model said to one question; several replies are several samples. */
export interface Replies {
  /** Of the question. */
  readonly id: string;
  /** As they are in the row: text, or null where the model gave none. */
  readonly replies: readonly unknown[];
}

/** In the order in which they are looked for; the text that a model wrote before what somebody took out of it. */
const FIELDS: readonly string[] = [
  "replies",
  "reply",
  "responses",
  "response",
  "completions",
  "completion",
  "solutions",
];

/** Of a row of answers, `{id, reply}` or any that calls these otherwise; a text that says what the row lacks. */
export function repliesOf(row: unknown): Replies | string {
  if (typeof row !== "object" || row === null || Array.isArray(row)) return "the row is no object";
  const fields = row as Readonly<Record<string, unknown>>;
  const id = fields["id"] ?? fields["task_id"];
  if ((typeof id !== "string" && !Number.isSafeInteger(id)) || id === "") return "the row has no id";
  const field = FIELDS.find((name) => Object.hasOwn(fields, name));
  if (field === undefined) return 'the row has no "reply" or "replies"';
  const value = fields[field];
  return { id: String(id), replies: Array.isArray(value) ? value : [value] };
}
