// Where the statements of a program begin and end, and which loops are around them: Python's lexical rules (strings,
// brackets, comments, continuation lines, indentation), which need no grammar.

import { LogicalLines } from "./logical-lines.ts";

/** A logical line: one simple statement, several with semicolons, or the header of a compound one. */
export interface Statement {
  /** Lines, from 1. */
  readonly first: number;
  readonly last: number;
  /** Header of a `for`, `while` or `async for`. */
  readonly loop: boolean;
  /** Of a compound statement: its body follows the colon on the header's own line. */
  readonly inline: boolean;
  /** Semicolons separate statements. */
  readonly several: boolean;
  /** The loops around it within its function, outermost first; a header is in its own loop. */
  readonly loops: readonly Statement[];
  readonly indent: number;
}

/** `match` and `case` are left out: they are names too, and never on one line with their bodies' first statements. */
const COMPOUND = /(?:async|class|def|elif|else|except|finally|for|if|try|while|with)\b/y;
/** A loop, or what has no part in the loop that defines it. */
const LOOP = /(?:for|while|async(?:[ \t\f]|\\\r?\n|\\\r)+for)\b/y;
const SCOPE = /(?:def|class|async(?:[ \t\f]|\\\r?\n|\\\r)+def)\b/y;

export class SourceStatements {
  readonly lines: readonly string[];
  readonly #byLine: (Statement | undefined)[] = [];

  constructor(source: string) {
    this.lines = source.split(/\r\n|\r|\n/);
    this.#read(source);
  }

  /** The statement that the line is part of. */
  at(line: number): Statement | undefined {
    return this.#byLine[line];
  }

  /** The statement in one line: its source lines without their indentation, a space between them. */
  text({ first, last }: Statement): string {
    const lines = this.lines.slice(first - 1, last);
    // What is behind a statement of one line stays, as published.
    return lines.length === 1 ? (lines[0] as string).trimStart() : lines.map((line) => line.trim()).join(" ");
  }

  #read(source: string): void {
    const lines = new LogicalLines(source);
    const begins = (pattern: RegExp, at: number): boolean => {
      pattern.lastIndex = at;
      return pattern.test(source);
    };
    /** Headers around the current line. */
    const blocks: { indent: number; loops: readonly Statement[] }[] = [];
    for (let line = lines.next(); line !== null; line = lines.next()) {
      const { start, end, first, last, indentation, several } = line;
      const indent = width(indentation);
      while ((blocks.at(-1)?.indent ?? -1) >= indent) blocks.pop();
      const loop = begins(LOOP, start);
      const loops: Statement[] = [...(blocks.at(-1)?.loops ?? [])];
      const hasBlock = source[end - 1] === ":";
      const inline = !hasBlock && begins(COMPOUND, start);
      const statement: Statement = { first, last, loop, inline, several, loops, indent };
      if (loop) loops.push(statement);
      for (let of = first; of <= last; of++) this.#byLine[of] = statement;
      if (hasBlock) blocks.push({ indent, loops: begins(SCOPE, start) ? [] : loops });
    }
  }
}

/** Tabs reach to the next multiple of 8, as in Python. */
function width(indentation: string): number {
  let columns = 0;
  for (const character of indentation) {
    if (character === "\t") columns += 8 - (columns % 8);
    else if (character === "\f") columns = 0;
    else columns += 1;
  }
  return columns;
}
