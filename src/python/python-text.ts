// Python's texts as formats write them and parsers read them. Nothing here is evaluated.

import { ParseError } from "../base/errors.ts";

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\\", "\\\\"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);
const UNESCAPES: ReadonlyMap<string, string> = new Map([
  ["\\", "\\"],
  ["'", "'"],
  ['"', '"'],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/** `repr` of a str, for texts of printable characters and line breaks; others that Python escapes stay as they are. */
export function quotePython(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(/[\\\n\r\t]/g, (character) => ESCAPES.get(character) as string);
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}

/** `repr` of a list of str. */
export function quoteList(texts: readonly string[]): string {
  return `[${texts.map(quotePython).join(", ")}]`;
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
  const quote = text[start];
  if (quote !== "'" && quote !== '"') throw new ParseError("no-string", "a quoted text is expected");
  let value = "";
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at] as string;
    if (character === quote) return { value, end: at + 1 };
    if (character !== "\\") value += character;
    else {
      at += 1;
      const plain = UNESCAPES.get(text[at] ?? "");
      if (plain === undefined) throw new ParseError("no-escape", "an escape that is none of Python's is in a text");
      value += plain;
    }
  }
  throw new ParseError("open-string", "a quoted text has no end");
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

/** Whether `text` is a literal that Python's own literal parser takes, among what `repr` writes. */
export function isLiteral(text: string): boolean {
  const reader = { at: 0, depth: 0 };
  return literal(text, reader) && reader.at === text.length;
}

const SCALAR =
  /-?(?:\d+(?:\.\d*)?(?:e[+-]?\d+)?)j?|\([-+]?[\d.e+-]+[-+][\d.e+-]+j\)|None|True|False|b?'(?:[^'\\]|\\[\s\S])*'|b?"(?:[^"\\]|\\[\s\S])*"/y;
const CLOSING: ReadonlyMap<string, string> = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);
/** Deeper ones are called no literals; Python refuses some of those itself. */
const DEEPEST = 100;

function literal(text: string, reader: { at: number; depth: number }): boolean {
  SCALAR.lastIndex = reader.at;
  const scalar = SCALAR.exec(text)?.[0];
  if (scalar !== undefined) {
    reader.at += scalar.length;
    return !/[\p{L}\p{N}_.]/u.test(text[reader.at] ?? "");
  }
  const close = CLOSING.get(text[reader.at] ?? "");
  if (close === undefined || reader.depth === DEEPEST) return false;
  reader.at += 1;
  reader.depth += 1;
  while (text[reader.at] !== close) {
    if (!literal(text, reader)) return false;
    if (close === "}" && text.startsWith(": ", reader.at)) {
      reader.at += 2;
      if (!literal(text, reader)) return false;
    }
    if (text[reader.at] === ",") reader.at += text[reader.at + 1] === " " ? 2 : 1;
    else if (text[reader.at] !== close) return false;
  }
  reader.at += 1;
  reader.depth -= 1;
  return true;
}
