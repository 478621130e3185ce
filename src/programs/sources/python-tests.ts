import { isLiteral } from "../../python/literal.ts";
import { type Token, tokenize } from "../../python/tokens.ts";

/** `assert CALL == EXPECTED`, both as they are in the source. */
export interface AssertedCall {
  readonly call: string;
  readonly expected: string;
  /** Whether `ast.literal_eval` understands what is expected. */
  readonly literal: boolean;
}

/** At the top level of what is asserted they mean that it is no plain comparison of two values. */
const OTHER_NAMES: ReadonlySet<string> = new Set("and or not in is if else lambda for await yield".split(" "));
const OTHER_OPERATORS: ReadonlySet<string> = new Set(["==", "!=", "<", ">", "<=", ">=", ",", ";", ":=", "=", ":"]);

/** The call and the value of a plain test of equality; null for every other source. */
export function assertedCall(source: string): AssertedCall | null {
  const text = source.trim();
  const tokens = tokenize(text);
  if (tokens?.[0]?.text !== "assert" || tokens.some(({ kind }) => kind === "line-end")) return null;
  const body = tokens.slice(1);
  const middle = body.findIndex((token) => token.depth === 0 && token.text === "==");
  if (middle < 1 || middle === body.length - 1) return null;
  const [left, right] = [withoutBrackets(body.slice(0, middle)), body.slice(middle + 1)];
  if (![left, right].every((side) => side.every(isPartOfValue))) return null;
  // A name (with dots) and its arguments, nothing behind them.
  const open = left.findIndex((token) => token.text === "(");
  const close = left.findIndex((token) => token.text === ")" && token.depth === 0);
  if (open < 1 || close !== left.length - 1) return null;
  if (!left.slice(0, open).every((token, i) => (i % 2 === 0 ? token.kind === "name" : token.text === "."))) return null;
  const expected = spanOf(text, right);
  return { call: spanOf(text, left), expected, literal: isLiteral(expected) };
}

/** `(f(x))` is the call `f(x)`; depths are those of what is inside. */
function withoutBrackets(tokens: readonly Token[]): readonly Token[] {
  const [first, last] = [tokens[0], tokens.at(-1)];
  const wrapped =
    first?.text === "(" &&
    last?.text === ")" &&
    tokens.findIndex((token, i) => i > 0 && token.depth === 0 && token.text === ")") === tokens.length - 1;
  if (!wrapped) return tokens;
  return withoutBrackets(tokens.slice(1, -1).map((token) => ({ ...token, depth: token.depth - 1 })));
}

/** The elements of a list or tuple that is a literal, each as source; null for every other source. */
export function literalElements(source: string): string[] | null {
  const text = source.trim();
  const tokens = tokenize(text);
  if (tokens === null || !isLiteral(text)) return null;
  const [first, last] = [tokens[0], tokens.at(-1)];
  if (first === undefined || last === undefined || !"[(".includes(first.text)) return null;
  if (tokens.findIndex((token, i) => i > 0 && token.depth === 0) !== tokens.length - 1) return null;
  const elements: string[] = [];
  let start = 1;
  for (let i = 1; i < tokens.length; i++) {
    const token = tokens[i] as Token;
    if (i < tokens.length - 1 && (token.depth !== 1 || token.text !== ",")) continue;
    if (i > start) elements.push(spanOf(text, tokens.slice(start, i)));
    start = i + 1;
  }
  return elements;
}

/** The logical lines of a function's body, without those of its docstring and comments; null when they cannot be told. */
export function bodyLines(source: string, functionName: string): string[] | null {
  const head = new RegExp(`^def[ \\t]+${functionName}[ \\t]*\\([^)\\n]*\\)[^:\\n]*:[ \\t]*\\r?\\n`, "m").exec(source);
  if (head === null) return null;
  const body = source.slice(head.index + head[0].length);
  const tokens = tokenize(body);
  if (tokens === null) return null;
  const lines: string[] = [];
  let line: Token[] = [];
  for (const token of [...tokens, { kind: "line-end" } as Token]) {
    if (token.kind !== "line-end") {
      line.push(token);
      continue;
    }
    const [first] = line;
    // The first line at the margin ends the function.
    if (first !== undefined && (first.start === 0 || "\r\n".includes(body[first.start - 1] as string))) break;
    if (first !== undefined && !line.every((part) => part.kind === "string")) lines.push(spanOf(body, line));
    line = [];
  }
  return lines;
}

function isPartOfValue(token: Token): boolean {
  if (token.depth > 0) return true;
  return token.kind === "name" ? !OTHER_NAMES.has(token.text) : !OTHER_OPERATORS.has(token.text);
}

function spanOf(source: string, tokens: readonly Token[]): string {
  return source.slice((tokens[0] as Token).start, (tokens.at(-1) as Token).end);
}
