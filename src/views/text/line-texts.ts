import type { LineEntry } from "../walk/line-entries.ts";

/** The text of one entry. */
export type LineTexts = (entry: LineEntry) => string;

/** More texts of one line than these are clipped. */
const SHOWN_WHOLE = 3;

/**
 * The texts of every line, lines in ascending order. As published, a line that returned or raised shows only that, and
 * one that took arguments only those; `all` keeps everything in the order in which it happened.
 */
export function textsByLine(entries: readonly LineEntry[], text: LineTexts, all: boolean): Map<number, string[]> {
  const byLine = new Map<number, LineEntry[]>();
  for (const entry of entries) {
    const line = byLine.get(entry.line);
    if (line === undefined) byLine.set(entry.line, [entry]);
    else line.push(entry);
  }
  const lines = Array.from(byLine.keys()).toSorted((a, b) => a - b);
  return new Map(lines.map((line) => [line, kept(byLine.get(line) ?? [], all).map(text)]));
}

function kept(entries: readonly LineEntry[], all: boolean): readonly LineEntry[] {
  if (all) return entries;
  const ends = entries.filter(({ kind }) => kind === "return" || kind === "exception");
  if (ends.length > 0) return ends;
  const inits = entries.filter(({ kind }) => kind === "init");
  return inits.length > 0 ? inits : entries;
}

/** The first two and the last of more than three. */
export function clipped(texts: readonly string[]): string {
  if (texts.length <= SHOWN_WHOLE) return texts.join(" ");
  return [...texts.slice(0, 2), "...", ...texts.slice(-1)].join("; ");
}
