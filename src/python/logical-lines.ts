import { commentEnd, stringEnd } from "./string-end.ts";

/** What stands between two line ends that Python sees: brackets, strings and backslashes carry a line on. */
export interface LogicalLine {
  /** Places in the source of its first character that is code, and behind its last one. */
  readonly start: number;
  readonly end: number;
  /** Lines of these, from 1. */
  readonly first: number;
  readonly last: number;
  readonly indentation: string;
  /** Semicolons separate statements. */
  readonly several: boolean;
}

const TAB = 9;
const LINE_FEED = 10;
const FORM_FEED = 12;
const RETURN = 13;
const SPACE = 32;
const DOUBLE_QUOTE = 34;
const HASH = 35;
const QUOTE = 39;
const SEMICOLON = 59;
const BACKSLASH = 92;

/** By Python's lexical rules, without its grammar. Where a string has no end, the source has no further line. */
export class LogicalLines {
  readonly #source: string;
  #at: number = 0;
  #line: number = 1;

  constructor(source: string) {
    this.#source = source;
  }

  /** Null behind the last one; lines without code are passed over. */
  next(): LogicalLine | null {
    for (;;) {
      const margin = this.#at;
      this.#skipSpace();
      const indentation = this.#source.slice(margin, this.#at);
      while (this.#skipContinuation()) this.#skipSpace();
      if (this.#at >= this.#source.length) return null;
      if (this.#source.charCodeAt(this.#at) === HASH) this.#at = commentEnd(this.#source, this.#at);
      if (!this.#skipLineEnd() && this.#at < this.#source.length) return this.#read(indentation);
    }
  }

  #read(indentation: string): LogicalLine {
    const source = this.#source;
    const [start, first] = [this.#at, this.#line];
    let [end, last, depth, several] = [start, first, 0, false];
    while (this.#at < source.length) {
      const code = source.charCodeAt(this.#at);
      if (code === LINE_FEED || code === RETURN) {
        this.#skipLineEnd();
        if (depth === 0) break;
        continue;
      }
      if (code === HASH) {
        this.#at = commentEnd(source, this.#at);
        continue;
      }
      if (code === BACKSLASH && this.#skipContinuation()) continue;
      if (code === QUOTE || code === DOUBLE_QUOTE) this.#skipString(start);
      else {
        this.#at += 1;
        // ( [ { and ) ] }
        if (code === 40 || code === 91 || code === 123) depth += 1;
        else if (code === 41 || code === 93 || code === 125) depth = Math.max(0, depth - 1);
        else if (code === SEMICOLON) several = true;
        else if (isSpace(code)) continue;
      }
      end = this.#at;
      last = this.#line;
    }
    return { start, end, first, last, indentation, several };
  }

  #skipString(from: number): void {
    const end = stringEnd(this.#source, this.#at, from);
    const behind = end < 0 ? this.#source.length : end;
    while (this.#at < behind) if (!this.#skipLineEnd()) this.#at += 1;
  }

  #skipSpace(): void {
    while (isSpace(this.#source.charCodeAt(this.#at))) this.#at += 1;
  }

  /** A backslash and the line end behind it. */
  #skipContinuation(): boolean {
    if (this.#source.charCodeAt(this.#at) !== BACKSLASH) return false;
    this.#at += 1;
    if (this.#skipLineEnd()) return true;
    this.#at -= 1;
    return false;
  }

  #skipLineEnd(): boolean {
    const code = this.#source.charCodeAt(this.#at);
    if (code !== LINE_FEED && code !== RETURN) return false;
    this.#at += code === RETURN && this.#source.charCodeAt(this.#at + 1) === LINE_FEED ? 2 : 1;
    this.#line += 1;
    return true;
  }
}

function isSpace(code: number): boolean {
  return code === SPACE || code === TAB || code === FORM_FEED;
}
