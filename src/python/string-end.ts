// Where string literals end. A replacement field of an f-string holds any expression, and so any string: since Python
// 3.12 one with the quotes of the f-string itself. What Python 3.11 takes ends at the same place by both rules.

/** As deep as Python lets f-strings be in each other. */
const DEEPEST = 150;
/** A prefix has at most two letters; a third one tells a longer word. */
const MOST_PREFIX = 3;
const FORMATTED = /^(?:[ft]r?|r[ft])$/i;

const LINE_FEED = 10;
const RETURN = 13;
const HASH = 35;
const BACKSLASH = 92;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/**
 * The place behind the string literal whose opening quotes are at `quote`; -1 when it has no end.
 * @param from where the code that the literal is part of begins: its prefix lies behind that.
 */
export function stringEnd(source: string, quote: number, from: number = 0): number {
  return endOf(source, quote, from, 0);
}

function endOf(source: string, quote: number, from: number, level: number): number {
  const mark = source[quote] as string;
  const close = source.startsWith(mark.repeat(3), quote) ? mark.repeat(3) : mark;
  const at = quote + close.length;
  const prefix = prefixOf(source, quote, from);
  if (!FORMATTED.test(prefix)) return plainEnd(source, at, close);
  return level === DEEPEST ? -1 : new Formatted(source, close, /r/i.test(prefix), level).end(at);
}

/** The word before a quote, or the last letters of a longer one. */
function prefixOf(source: string, quote: number, from: number): string {
  let start = quote;
  while (start > from && quote - start < MOST_PREFIX && isWordCode(source.charCodeAt(start - 1))) start--;
  return source.slice(start, quote);
}

function isWordCode(code: number): boolean {
  return (
    (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122) || code > 127
  );
}

function plainEnd(source: string, start: number, close: string): number {
  for (let at = start; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (code === BACKSLASH) at = escapeEnd(source, at) - 1;
    else if (isLineEnd(code) && close.length === 1) return -1;
    else if (source.startsWith(close, at)) return at + close.length;
  }
  return -1;
}

/** Behind a backslash and what it makes a part of the string: a line end of two characters is one. */
function escapeEnd(source: string, backslash: number): number {
  const crlf = source.charCodeAt(backslash + 1) === RETURN && source.charCodeAt(backslash + 2) === LINE_FEED;
  return backslash + (crlf ? 3 : 2);
}

function isLineEnd(code: number): boolean {
  return code === LINE_FEED || code === RETURN;
}

/** One f-string or t-string. Its methods give places in the source, -1 for a string that has no end. */
class Formatted {
  readonly #source: string;
  readonly #close: string;
  readonly #raw: boolean;
  readonly #level: number;

  constructor(source: string, close: string, raw: boolean, level: number) {
    this.#source = source;
    this.#close = close;
    this.#raw = raw;
    this.#level = level;
  }

  /** From behind the opening quotes to behind the closing ones. */
  end(start: number): number {
    const source = this.#source;
    for (let at = start; at >= 0 && at < source.length; ) {
      const code = source.charCodeAt(at);
      if (code === BACKSLASH) at = this.#escapeEnd(at);
      else if (code === OPEN_BRACE) at = source.charCodeAt(at + 1) === OPEN_BRACE ? at + 2 : this.#fieldEnd(at + 1, 0);
      else if (isLineEnd(code) && this.#close.length === 1) return -1;
      else if (source.startsWith(this.#close, at)) return at + this.#close.length;
      else at += 1;
    }
    return -1;
  }

  /** A backslash makes no brace a part of the text, save those around the name of a character. */
  #escapeEnd(backslash: number): number {
    const next = this.#source.charCodeAt(backslash + 1);
    if (next === OPEN_BRACE || next === CLOSE_BRACE) return backslash + 1;
    if (this.#raw || !this.#source.startsWith("N{", backslash + 1)) return escapeEnd(this.#source, backslash);
    const named = this.#source.indexOf("}", backslash);
    return named < 0 ? -1 : named + 1;
  }

  /** From behind the brace that opens a replacement field to behind the one that closes it. */
  #fieldEnd(start: number, nested: number): number {
    const source = this.#source;
    let depth = 0;
    for (let at = start; at < source.length; at++) {
      const character = source[at] as string;
      if (character === "'" || character === '"') {
        at = endOf(source, at, start, this.#level + 1) - 1;
        if (at < 0) return -1;
      } else if (source.charCodeAt(at) === HASH) at = commentEnd(source, at) - 1;
      else if ("([{".includes(character)) depth += 1;
      else if (depth > 0 && ")]}".includes(character)) depth -= 1;
      else if (character === "}") return at + 1;
      else if (character === ":" && depth === 0) return this.#specEnd(at + 1, nested);
    }
    return -1;
  }

  /** The same for a field that has a format: text in which fields may be, and no doubled brace stands for one. */
  #specEnd(start: number, nested: number): number {
    const source = this.#source;
    for (let at = start; at >= 0 && at < source.length; ) {
      const code = source.charCodeAt(at);
      if (code === CLOSE_BRACE) return at + 1;
      if (code === BACKSLASH) at = this.#escapeEnd(at);
      else if (code === OPEN_BRACE) at = nested === DEEPEST ? -1 : this.#fieldEnd(at + 1, nested + 1);
      else if (source.startsWith(this.#close, at)) return -1;
      else at += 1;
    }
    return -1;
  }
}

/** The line end behind a comment, or the source's end. */
export function commentEnd(source: string, hash: number): number {
  let at = hash;
  while (at < source.length && !isLineEnd(source.charCodeAt(at))) at++;
  return at;
}
