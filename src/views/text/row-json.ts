import type { ByteSink } from "../../record/trace/byte-sink.ts";
import { PartedText } from "./parted-text.ts";

/** Shorter parts are encoded as quickly as they are found again. */
const WORTH_FINDING = 128;
/** Parts of the values that one line shows: of older ones few come again, and each is one more comparison. */
const REMEMBERED = 8;

/** Writes a row with its texts as JSON.stringify() would have it. */
export function writeRow(sink: ByteSink, row: unknown): void {
  if (isParted(row)) writeValue(sink, row);
  else sink.text(JSON.stringify(row));
}

function isParted(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return value instanceof PartedText || Object.values(value).some(isParted);
}

function writeValue(sink: ByteSink, value: unknown): void {
  if (value instanceof PartedText) writeParts(sink, value.parts);
  else if (!isParted(value)) sink.text(JSON.stringify(value));
  else if (Array.isArray(value)) writeItems(sink, "[]", value.entries());
  else writeItems(sink, "{}", Object.entries(value as object));
}

function writeItems(sink: ByteSink, brackets: "[]" | "{}", items: Iterable<[number | string, unknown]>): void {
  let before = brackets.charAt(0);
  for (const [key, item] of items) {
    // A member that is undefined is none.
    if (item === undefined && typeof key === "string") continue;
    sink.text(typeof key === "string" ? `${before}${JSON.stringify(key)}:` : before);
    writeValue(sink, item ?? null);
    before = ",";
  }
  sink.text(brackets.charAt(1));
}

function writeParts(sink: ByteSink, parts: readonly string[]): void {
  const known: { part: string; start: number; end: number }[] = [];
  let short = "";
  sink.text('"');
  for (const part of parts) {
    if (part.length < WORTH_FINDING) {
      short += part;
      continue;
    }
    sink.text(encoded(short));
    short = "";
    const found = known.find((other) => other.part === part);
    if (found !== undefined) {
      sink.repeat(found.start, found.end);
      continue;
    }
    const start = sink.size;
    sink.text(encoded(part));
    known.unshift({ part, start, end: sink.size });
    known.length = Math.min(known.length, REMEMBERED);
  }
  sink.text(`${encoded(short)}"`);
}

/** As it stands between the quotes. */
function encoded(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
