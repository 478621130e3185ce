// Expressions of Python as trees, so that two texts can be told to mean the same whatever their layout, quotes and
// brackets are. Nothing is evaluated.

import { keyedLiteral } from "./exact.ts";
import { LiteralError, parseLiteral } from "./literal.ts";
import { ExpressionError, TokenCursor } from "./token-cursor.ts";
import { type Token, tokenize } from "./tokens.ts";

/** One expression of a source. */
export interface Expression {
  /** Equal for expressions that Python's own parser gives equal trees. */
  readonly tree: string;
  /** Places in the source, the end exclusive; brackets around the expression belong to it. */
  readonly start: number;
  readonly end: number;
  /** Of a comparison: `operands` has one more than `operators`. */
  readonly comparison?: { readonly operators: readonly string[]; readonly operands: readonly Expression[] };
  /** Of a tuple without brackets of its own. */
  readonly items?: readonly Expression[];
  /** Of a call. */
  readonly call?: { readonly callee: Expression; readonly arguments: readonly Argument[] };
}

export interface Argument {
  /** The keyword, `*` or `**`; null of a positional argument. */
  readonly name: string | null;
  readonly value: Expression;
}

/** Of a slice that leaves one out; no tree of an expression. */
const NO_BOUND = "#";
/** As deep as Python's own parser goes. */
const MOST_DEPTH = 200;

/** From the loosest; those of a comparison chain. */
const BINARY: Readonly<Record<string, number>> = {
  "|": 1,
  "^": 2,
  "&": 3,
  "<<": 4,
  ">>": 4,
  "+": 5,
  "-": 5,
  "*": 6,
  "/": 6,
  "//": 6,
  "%": 6,
  "@": 6,
};
const COMPARISONS: ReadonlySet<string> = new Set(["==", "!=", "<", ">", "<=", ">=", "in", "is"]);
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from global " +
    "if import in is lambda nonlocal not or pass raise return try while with yield"
  ).split(" "),
);
const CONSTANTS: ReadonlySet<string> = new Set(["None", "True", "False", "..."]);

/**
 * The tree of one expression. Throws ExpressionError for everything else, also for what this parser does not know:
 * formatted strings, `yield` and `await`.
 */
export function parseExpression(text: string): Expression {
  const tokens = tokenize(text);
  if (tokens === null) throw new ExpressionError("this is no expression, or has a formatted string in it");
  const isLineEnd = (token: Token | undefined): boolean => token?.kind === "line-end";
  let first = 0;
  let end = tokens.length;
  while (isLineEnd(tokens[first])) first++;
  while (end > first && isLineEnd(tokens[end - 1])) end--;
  return new Parser(text, tokens.slice(first, end)).whole();
}

/** The same, null for what is none. */
export function expressionOf(text: string): Expression | null {
  try {
    return parseExpression(text);
  } catch (error) {
    if (error instanceof ExpressionError) return null;
    throw error;
  }
}

class Parser {
  readonly #text: string;
  readonly #tokens: TokenCursor;
  #depth = 0;

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text;
    this.#tokens = new TokenCursor(tokens, text.length);
  }

  whole(): Expression {
    const value = this.#list("");
    if (!this.#tokens.isAtEnd()) throw this.#tokens.error("more than one expression");
    return value;
  }

  /** One element, or a tuple of several without brackets of its own, up to `close`. */
  #list(close: string): Expression {
    const first = this.#element();
    if (this.#tokens.peek() !== ",") return first;
    const items = [first];
    while (this.#tokens.takes(",")) {
      if (close === "" ? this.#tokens.isAtEnd() : this.#tokens.peek() === close) break;
      items.push(this.#element());
    }
    return { ...this.#node(`(tuple ${trees(items)})`, first.start), items };
  }

  #element(): Expression {
    const start = this.#tokens.start();
    if (this.#tokens.takes("*")) return this.#node(`(star ${this.#binary(1).tree})`, start);
    const value = this.#conditional();
    if (!this.#tokens.takes(":=")) return value;
    return this.#node(`(walrus ${value.tree} ${this.#conditional().tree})`, start);
  }

  #conditional(): Expression {
    if (++this.#depth > MOST_DEPTH) throw this.#tokens.error(`an expression more than ${MOST_DEPTH} deep`);
    const value = this.#tokens.takes("lambda") ? this.#lambda() : this.#ternary();
    this.#depth--;
    return value;
  }

  #ternary(): Expression {
    const value = this.#or();
    if (!this.#tokens.takes("if")) return value;
    const test = this.#or();
    this.#tokens.expect("else");
    return this.#node(`(if ${test.tree} ${value.tree} ${this.#conditional().tree})`, value.start);
  }

  #lambda(): Expression {
    const { start, depth } = this.#tokens.previous();
    const parameters: string[] = [];
    while (this.#tokens.peek() !== ":" || this.#tokens.current()?.depth !== depth)
      parameters.push(this.#tokens.next().text);
    this.#tokens.next();
    if (parameters.at(-1) === ",") parameters.pop();
    return this.#node(`(lambda ${parameters.join(" ")} : ${this.#conditional().tree})`, start);
  }

  #or(): Expression {
    return this.#joined("or", () => this.#joined("and", () => this.#not()));
  }

  #joined(operator: string, operand: () => Expression): Expression {
    const first = operand();
    if (this.#tokens.peek() !== operator) return first;
    const operands = [first];
    while (this.#tokens.takes(operator)) operands.push(operand());
    return this.#node(`(${operator} ${trees(operands)})`, first.start);
  }

  #not(): Expression {
    const start = this.#tokens.start();
    if (!this.#tokens.takes("not")) return this.#comparison();
    if (++this.#depth > MOST_DEPTH) throw this.#tokens.error(`an expression more than ${MOST_DEPTH} deep`);
    const value = this.#not();
    this.#depth--;
    return this.#node(`(not ${value.tree})`, start);
  }

  #comparison(): Expression {
    const first = this.#binary(1);
    const operators: string[] = [];
    const operands = [first];
    for (;;) {
      const operator = this.#comparisonOperator();
      if (operator === null) break;
      operators.push(operator);
      operands.push(this.#binary(1));
    }
    if (operators.length === 0) return first;
    const tree = `(compare ${operands[0]?.tree} ${operators.map((op, i) => `${op} ${operands[i + 1]?.tree}`).join(" ")})`;
    return { ...this.#node(tree, first.start), comparison: { operators, operands } };
  }

  #comparisonOperator(): string | null {
    const next = this.#tokens.peek();
    if (next === "not" && this.#tokens.current(1)?.text === "in") {
      this.#tokens.next();
      this.#tokens.next();
      return "not in";
    }
    if (!COMPARISONS.has(next)) return null;
    this.#tokens.next();
    return next === "is" && this.#tokens.takes("not") ? "is not" : next;
  }

  #binary(level: number): Expression {
    let left = this.#unary();
    for (;;) {
      const operator = this.#tokens.peek();
      const own = Object.hasOwn(BINARY, operator) ? (BINARY[operator] as number) : 0;
      if (own < level) return left;
      this.#tokens.next();
      const right = this.#binary(own + 1);
      left = this.#node(`(${operator} ${left.tree} ${right.tree})`, left.start);
    }
  }

  #unary(): Expression {
    const start = this.#tokens.start();
    const sign = this.#tokens.peek();
    if (sign !== "-" && sign !== "+" && sign !== "~") return this.#power();
    this.#tokens.next();
    if (++this.#depth > MOST_DEPTH) throw this.#tokens.error(`an expression more than ${MOST_DEPTH} deep`);
    const value = this.#unary();
    this.#depth--;
    return this.#node(`(unary ${sign} ${value.tree})`, start);
  }

  #power(): Expression {
    const base = this.#primary();
    if (!this.#tokens.takes("**")) return base;
    return this.#node(`(** ${base.tree} ${this.#unary().tree})`, base.start);
  }

  #primary(): Expression {
    let value = this.#atom();
    for (;;) {
      if (this.#tokens.takes(".")) value = this.#node(`(. ${value.tree} ${this.#name()})`, value.start);
      else if (this.#tokens.takes("(")) value = this.#call(value);
      else if (this.#tokens.takes("[")) value = this.#subscript(value);
      else return value;
    }
  }

  #call(callee: Expression): Expression {
    const passed: Argument[] = [];
    while (!this.#tokens.takes(")")) {
      passed.push(this.#argument());
      if (!this.#tokens.takes(",") && this.#tokens.peek() !== ")") throw this.#tokens.error('neither "," nor ")"');
    }
    const tree = passed.map(({ name, value }) => (name === null ? value.tree : `${name}=${value.tree}`)).join(" ");
    return { ...this.#node(`(call ${callee.tree} ${tree})`, callee.start), call: { callee, arguments: passed } };
  }

  #argument(): Argument {
    for (const star of ["*", "**"]) if (this.#tokens.takes(star)) return { name: star, value: this.#conditional() };
    if (this.#tokens.current()?.kind === "name" && this.#tokens.current(1)?.text === "=") {
      const name = this.#name();
      this.#tokens.next();
      return { name, value: this.#conditional() };
    }
    const value = this.#element();
    return { name: null, value: this.#comprehension("generator", value) ?? value };
  }

  #subscript(value: Expression): Expression {
    const parts = [this.#slice()];
    let isTuple = false;
    while (this.#tokens.takes(",")) {
      isTuple = true;
      if (this.#tokens.peek() === "]") break;
      parts.push(this.#slice());
    }
    this.#tokens.expect("]");
    const index = isTuple ? `(tuple ${parts.join(" ")})` : (parts[0] as string);
    return this.#node(`([] ${value.tree} ${index})`, value.start);
  }

  #slice(): string {
    const bounds = [this.#bound()];
    while (this.#tokens.takes(":")) bounds.push(this.#bound());
    if (bounds.length > 3) throw this.#tokens.error("a slice of more than three parts");
    if (bounds.length === 1)
      return bounds[0] === NO_BOUND ? this.#tokens.fail("an empty subscript") : (bounds[0] as string);
    return `(slice ${bounds.join(" ")}${bounds.length === 2 ? ` ${NO_BOUND}` : ""})`;
  }

  #bound(): string {
    return [":", ",", "]"].includes(this.#tokens.peek()) ? NO_BOUND : this.#element().tree;
  }

  #atom(): Expression {
    const token = this.#tokens.next();
    const { kind, text, start } = token;
    if (kind === "string") return this.#strings(start);
    if (kind === "number" || CONSTANTS.has(text)) return this.#node(this.#constant(text), start);
    if (kind === "name" && !KEYWORDS.has(text)) return this.#node(`$${text.normalize("NFKC")}`, start);
    if (text === "(") return this.#parenthesised(start);
    if (text === "[") return this.#bracketed(start);
    if (text === "{") return this.#braced(start);
    throw this.#tokens.error(`no expression but ${JSON.stringify(text)}`);
  }

  #strings(start: number): Expression {
    while (this.#tokens.current()?.kind === "string") this.#tokens.next();
    const end = this.#tokens.end();
    return { tree: this.#constant(this.#text.slice(start, end)), start, end };
  }

  #constant(text: string): string {
    try {
      return keyedLiteral(parseLiteral(text));
    } catch (error) {
      if (error instanceof LiteralError) throw this.#tokens.error(error.message);
      throw error;
    }
  }

  #parenthesised(start: number): Expression {
    if (this.#tokens.takes(")")) return this.#node("(tuple )", start);
    const first = this.#list(")");
    const { items: _, ...inner } = this.#comprehension("generator", first) ?? first;
    this.#tokens.expect(")");
    return { ...inner, start, end: this.#tokens.end() };
  }

  #bracketed(start: number): Expression {
    if (this.#tokens.takes("]")) return this.#node("(list )", start);
    const items = [this.#element()];
    const comprehension = this.#comprehension("list-of", items[0] as Expression);
    if (comprehension !== null) {
      this.#tokens.expect("]");
      return { ...comprehension, start, end: this.#tokens.end() };
    }
    while (this.#tokens.takes(",")) {
      if (this.#tokens.peek() === "]") break;
      items.push(this.#element());
    }
    this.#tokens.expect("]");
    return this.#node(`(list ${trees(items)})`, start);
  }

  #braced(start: number): Expression {
    const entries: string[] = [];
    let kind = "dict";
    while (!this.#tokens.takes("}")) {
      if (this.#tokens.takes("**")) entries.push(`(star-star ${this.#binary(1).tree})`);
      else {
        const key = this.#element();
        if (this.#tokens.takes(":")) {
          const value = this.#conditional();
          const entry = { ...key, tree: `(: ${key.tree} ${value.tree})` };
          entries.push(this.#comprehension("dict-of", entry)?.tree ?? entry.tree);
        } else {
          kind = "set";
          entries.push(this.#comprehension("set-of", key)?.tree ?? key.tree);
        }
      }
      if (!this.#tokens.takes(",") && this.#tokens.peek() !== "}") throw this.#tokens.error('neither "," nor "}"');
    }
    return this.#node(`(${kind} ${entries.join(" ")})`, start);
  }

  /** What is made of the element, where `for` follows it. */
  #comprehension(kind: string, element: Expression): Expression | null {
    if (this.#tokens.peek() !== "for" && this.#tokens.peek() !== "async") return null;
    const clauses: string[] = [];
    for (;;) {
      const isAsync = this.#tokens.takes("async") ? "async-" : "";
      if (this.#tokens.takes("for")) clauses.push(`(${isAsync}for ${this.#target()} ${this.#or().tree})`);
      else if (this.#tokens.takes("if")) clauses.push(`(when ${this.#or().tree})`);
      else return this.#node(`(${kind} ${element.tree} ${clauses.join(" ")})`, element.start);
    }
  }

  /** With the `in` behind it. */
  #target(): string {
    const names: string[] = [];
    let isTuple = false;
    while (!this.#tokens.takes("in")) {
      const star = this.#tokens.takes("*") ? "*" : "";
      names.push(star + this.#binary(1).tree);
      if (this.#tokens.takes(",")) isTuple = true;
      else if (this.#tokens.peek() !== "in") throw this.#tokens.error('no "in"');
    }
    return isTuple ? `(tuple ${names.join(" ")})` : (names[0] ?? this.#tokens.fail("no target"));
  }

  #name(): string {
    const { kind, text } = this.#tokens.next();
    if (kind !== "name" || KEYWORDS.has(text)) throw this.#tokens.error("no name");
    return text.normalize("NFKC");
  }

  #node(tree: string, start: number): Expression {
    return { tree, start, end: this.#tokens.end() };
  }
}

function trees(items: readonly Expression[]): string {
  return items.map(({ tree }) => tree).join(" ");
}
