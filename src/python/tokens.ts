import { stringEnd } from "./string-end.ts";

/** A formatted string holds expressions: it is no literal. */
export type TokenKind = "string" | "formatted-string" | "number" | "name" | "operator" | "line-end";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Places in the source, the end exclusive. */
  readonly start: number;
  readonly end: number;
  /** Brackets around it; an opening bracket and its closing one have the depth of what is around them. */
  readonly depth: number;
}

const SKIPPED = /(?:[ \t\f]|\\\r?\n|#[^\r\n]*)+/y;
const LINE_END = /\r\n?|\n/y;
const STRING_PREFIX = /(?:[rbuft]|r[bft]|[bft]r)?(?=["'])/iy;
const NUMBER = /(?:0[xXoObB][0-9a-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?)[jJ]?/y;
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const OPERATOR = /\*\*=|\/\/=|>>=|<<=|\.\.\.|[=!<>:+\-*/%@&|^]=|->|\*\*|\/\/|<<|>>|[()[\]{}.,:;=+\-*/%@&|^~<>!]/y;

/** The tokens of Python source, as far as telling strings from the rest needs them; null where that fails. */
export function tokenize(source: string): Token[] | null {
  const tokens: Token[] = [];
  let depth = 0;
  let at = 0;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0] ?? null;
  };
  const push = (kind: TokenKind, text: string): void => {
    if ("([{".includes(text) && kind === "operator")
      tokens.push({ kind, text, start: at, end: at + 1, depth: depth++ });
    else if (")]}".includes(text) && kind === "operator") {
      tokens.push({ kind, text, start: at, end: at + 1, depth: --depth });
    } else tokens.push({ kind, text, start: at, end: at + text.length, depth });
    at += text.length;
  };
  while (at < source.length) {
    const skipped = take(SKIPPED);
    if (skipped !== null) {
      at += skipped.length;
      continue;
    }
    const lineEnd = take(LINE_END);
    if (lineEnd !== null) {
      // A line that goes on inside brackets does not end.
      if (depth === 0) push("line-end", lineEnd);
      else at += lineEnd.length;
      continue;
    }
    const prefix = take(STRING_PREFIX);
    if (prefix !== null) {
      const end = stringEnd(source, at + prefix.length, at);
      if (end < 0) return null;
      push(/[ft]/i.test(prefix) ? "formatted-string" : "string", source.slice(at, end));
      continue;
    }
    const number = take(NUMBER);
    const name = number === null ? take(NAME) : null;
    const operator = number === null && name === null ? take(OPERATOR) : null;
    const text = number ?? name ?? operator;
    if (text === null) return null;
    push(number !== null ? "number" : name !== null ? "name" : "operator", text);
    if (depth < 0) return null;
  }
  return depth === 0 ? tokens : null;
}
