// What the lines of a program are, for questions: which are statements that run, and which belong to a statement's body.

import { SourceStatements, type Statement } from "../../python/statements.ts";

/** Logical lines that begin so run, if at all, in another way than a reader would say that a line runs. */
const NEVER = /^(?:else|try|finally|case|match|global|nonlocal|pass|def|class|async\s+def)\b|^[@'"(]|^[rbuf]{1,2}['"]/i;
/** `...`, a number, or an annotation alone, which have no code. */
const NO_CODE = /^(?:\.\.\.|[\d.]+|[\p{L}_][\p{L}\p{N}_.]*\s*:[^=]*)$/u;
/** Headers whose words end in a colon as an annotation does. */
const HEADER = /^(?:if|elif|while|for|with|except|async)\b/;

export class SourceLines {
  readonly statements: SourceStatements;
  /** First lines of the statements that may be asked about, rising. */
  readonly askable: readonly number[];
  readonly #askable: ReadonlySet<number>;
  readonly #starts: readonly Statement[];
  readonly #words: ReadonlySet<Statement>;
  readonly #withs: ReadonlySet<Statement>;
  readonly #texts: Map<Statement, string> = new Map();
  readonly #places: ReadonlyMap<Statement, number>;

  constructor(source: string) {
    this.statements = new SourceStatements(source);
    const starts = new Set<Statement>();
    for (let line = 1; line <= this.statements.lines.length; line++) {
      const statement = this.statements.at(line);
      if (statement !== undefined) starts.add(statement);
    }
    this.#starts = [...starts];
    this.#words = new Set(this.#starts.filter((statement) => /^(?:try|else|finally)\s*:$/.test(this.text(statement))));
    this.#withs = new Set(
      this.#starts.filter((statement) => !statement.inline && /^(?:async\s+)?with\b/.test(this.text(statement))),
    );
    this.#places = new Map(this.#starts.map((statement, place) => [statement, place]));
    this.askable = this.#starts.filter((statement) => this.#canBeAsked(statement)).map(({ first }) => first);
    this.#askable = new Set(this.askable);
  }

  at(line: number): Statement | undefined {
    return this.statements.at(line);
  }

  isAskable(line: number): boolean {
    return this.#askable.has(line);
  }

  /** The statement's code, without the comment behind it where it has no string. */
  text(statement: Statement): string {
    const known = this.#texts.get(statement);
    if (known !== undefined) return known;
    const whole = this.statements.text(statement);
    const text = /['"]/.test(whole) ? whole.trim() : whole.replace(/#.*$/, "").trim();
    this.#texts.set(statement, text);
    return text;
  }

  isWith(statement: Statement): boolean {
    return this.#withs.has(statement);
  }

  /** Whether it says only that a block begins. */
  isWord(statement: Statement): boolean {
    return this.#words.has(statement);
  }

  /** The last line of the block under a header; the header's own where nothing is under it. */
  blockEnd(header: Statement): number {
    let last = header.last;
    for (let at = this.#after(header); at < this.#starts.length; at++) {
      const statement = this.#starts[at] as Statement;
      if (statement.indent <= header.indent) break;
      last = statement.last;
    }
    return last;
  }

  /** The arms of the branch that begins with `header`: its own and those that follow it at the same depth. */
  arms(header: Statement, goesOn: RegExp): Statement[] {
    const arms = [header];
    for (let at = this.#after(header); at < this.#starts.length; at++) {
      const statement = this.#starts[at] as Statement;
      if (statement.indent > header.indent) continue;
      if (statement.indent < header.indent || !goesOn.test(this.text(statement))) break;
      arms.push(statement);
    }
    return arms;
  }

  /** The first statement under a header; undefined where its body is on its own line. */
  firstUnder(header: Statement): Statement | undefined {
    const next = this.#starts[this.#after(header)];
    return next !== undefined && next.indent > header.indent ? next : undefined;
  }

  /** Where the next statement stands in the source. */
  #after(statement: Statement): number {
    return (this.#places.get(statement) ?? this.#starts.length) + 1;
  }

  #canBeAsked(statement: Statement): boolean {
    const text = this.text(statement);
    if (NEVER.test(text)) return false;
    return HEADER.test(text) || !NO_CODE.test(text);
  }
}
