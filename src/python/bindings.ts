// Names with the texts of their values, as formats write them and parsers read them. Nothing here is evaluated.

import { ParseError } from "../base/errors.ts";
import { readString } from "./string-literal.ts";
import { stringRepr } from "./string-repr.ts";

/** `repr` of a list of str. */
export function quoteList(texts: readonly string[]): string {
  return `[${texts.map(stringRepr).join(", ")}]`;
}

/** The texts that quoteList wrote, from the start of `text`, and where they end. */
export function readQuotedList(text: string): { texts: string[]; end: number } {
  const texts: string[] = [];
  if (text.startsWith("[]")) return { texts, end: 2 };
  if (text[0] !== "[") throw new ParseError("no-list", "a list of texts is expected");
  for (let at = 1; ; ) {
    const { value, end } = readQuoted(text, at);
    texts.push(value);
    if (text[end] === "]") return { texts, end: end + 1 };
    if (!text.startsWith(", ", end)) throw new ParseError("no-list", "a comma or the end of a list is expected");
    at = end + 2;
  }
}

function readQuoted(text: string, start: number): { value: string; end: number } {
  if (text[start] !== "'" && text[start] !== '"') throw new ParseError("no-string", "a quoted text is expected");
  const read = readString(text, start);
  if (typeof read === "string") throw new ParseError("no-string", `a quoted text has ${read}`);
  return read;
}

/** Calls `visit` with every position outside of strings and brackets; false ends the walk. */
export function forEachTopLevel(text: string, visit: (at: number) => boolean): void {
  let depth = 0;
  /** Quotes that no later quote closes. */
  const stray = new Set<string>();
  for (let at = 0; at < text.length; at++) {
    if (depth === 0 && !visit(at)) return;
    const character = text[at] as string;
    if ("([{".includes(character)) depth += 1;
    else if (")]}".includes(character)) depth = Math.max(0, depth - 1);
    else if (!stray.has(character) && opensString(text, at)) {
      const end = stringEnd(text, at);
      if (end < 0) stray.add(character);
      else at = end;
    }
  }
}

/** A quote inside of a word is an apostrophe, unless the word is a prefix of a literal. */
function opensString(text: string, at: number): boolean {
  if (text[at] !== "'" && text[at] !== '"') return false;
  const word = /[\p{L}\p{N}_]+$/u.exec(text.slice(Math.max(0, at - 3), at))?.[0] ?? "";
  return word === "" || /^(?:[rbuf]|br|rb)$/i.test(word);
}

/** Of its closing quote; -1 when it has none. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === text[start]) return at;
  }
  return -1;
}

/** Splits "a = 1, b = [2, 3]": `separator` between bindings, `sign` between a name and its value. */
export function splitBindings(text: string, separator: string, sign: string): Map<string, string> {
  const bindings = new Map<string, string>();
  const name = /[\p{L}_.][\p{L}\p{N}_.]*/uy;
  const nameAt = (at: number): string | null => {
    name.lastIndex = at;
    const found = name.exec(text)?.[0];
    return found !== undefined && text.startsWith(sign, at + found.length) ? found : null;
  };
  let open = nameAt(0);
  if (open === null) throw new ParseError("no-binding", `a name and "${sign}" are expected`);
  let start = open.length + sign.length;
  forEachTopLevel(text, (at) => {
    const next = at >= start && text.startsWith(separator, at) ? nameAt(at + separator.length) : null;
    if (next === null) return true;
    bindings.set(open as string, text.slice(start, at));
    open = next;
    start = at + separator.length + next.length + sign.length;
    return true;
  });
  bindings.set(open, text.slice(start));
  return bindings;
}
