import type { Token } from "./tokens.ts";

export class ExpressionError extends Error {}

/** A place among the tokens of a source, as a parser goes through them. */
export class TokenCursor {
  readonly #tokens: readonly Token[];
  readonly #length: number;
  #at = 0;

  /** @param length of the source, in characters */
  constructor(tokens: readonly Token[], length: number) {
    this.#tokens = tokens;
    this.#length = length;
  }

  isAtEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  current(ahead: number = 0): Token | undefined {
    return this.#tokens[this.#at + ahead];
  }

  previous(): Token {
    return this.#tokens[this.#at - 1] as Token;
  }

  /** The next name, number or operator; empty before a string and at the end. */
  peek(): string {
    const token = this.current();
    return token === undefined || token.kind === "string" ? "" : token.text;
  }

  /** Whether this comes next; then it is passed. */
  takes(text: string): boolean {
    if (this.peek() !== text) return false;
    this.#at++;
    return true;
  }

  expect(text: string): void {
    if (!this.takes(text)) throw this.error(`no ${JSON.stringify(text)}`);
  }

  next(): Token {
    const token = this.current();
    if (token === undefined) throw this.error("an end that comes too early");
    this.#at++;
    return token;
  }

  /** Where the next token starts. */
  start(): number {
    return this.current()?.start ?? this.#length;
  }

  /** Where the token that was passed last ends. */
  end(): number {
    return this.previous().end;
  }

  error(what: string): ExpressionError {
    return new ExpressionError(`${what} at character ${this.start() + 1}`);
  }

  fail(what: string): never {
    throw this.error(what);
  }
}
