// Where the statements of a program begin and end, and which loops are around them: Python's lexical rules (strings,
// brackets, comments, continuation lines, indentation), which need no grammar.

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
const COMPOUND = /^(?:async|class|def|elif|else|except|finally|for|if|try|while|with)\b/;

export class SourceStatements {
  readonly lines: readonly string[];
  readonly #byLine: (Statement | undefined)[] = [];

  constructor(source: string) {
    this.lines = source.split(/\r\n|\r|\n/);
    this.#read();
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

  #read(): void {
    /** Headers around the current line. */
    const blocks: { indent: number; loops: readonly Statement[] }[] = [];
    for (let first = 1; first <= this.lines.length; ) {
      const text = this.lines[first - 1] as string;
      const code = text.trimStart();
      if (code === "" || code.startsWith("#")) {
        first += 1;
        continue;
      }
      const { last, endsWithColon, several } = logicalLine(this.lines, first);
      const indent = width(text.slice(0, text.length - code.length));
      while ((blocks.at(-1)?.indent ?? -1) >= indent) blocks.pop();
      const around = blocks.at(-1)?.loops ?? [];
      const loop = /^(?:async\s+for|for|while)\b/.test(code);
      const loops: Statement[] = [...around];
      const inline = COMPOUND.test(code) && !endsWithColon;
      const statement: Statement = { first, last, loop, inline, several, loops, indent };
      if (loop) loops.push(statement);
      for (let line = first; line <= last; line++) this.#byLine[line] = statement;
      // The body of a function or class is no part of the loop that defines it.
      const scope = /^(?:async\s+def|def|class)\b/.test(code);
      if (endsWithColon) blocks.push({ indent, loops: scope ? [] : loops });
      first = last + 1;
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

interface Scan {
  /** Brackets that are open. */
  depth: number;
  /** Quotes of the string that is open, "" when none is. */
  quote: string;
  /** A semicolon was seen. */
  several: boolean;
}

interface LogicalLine {
  last: number;
  endsWithColon: boolean;
  several: boolean;
}

function logicalLine(lines: readonly string[], first: number): LogicalLine {
  const scan: Scan = { depth: 0, quote: "", several: false };
  for (let line = first; ; line++) {
    const rest = scanLine(lines[line - 1] as string, scan);
    const goesOn = scan.depth > 0 || scan.quote !== "" || rest.continued;
    if (!goesOn || line >= lines.length) {
      return { last: line, endsWithColon: rest.lastCharacter === ":", several: scan.several };
    }
  }
}

/** Reads a physical line; `lastCharacter` is that of its code. */
function scanLine(text: string, scan: Scan): { continued: boolean; lastCharacter: string } {
  let last = "";
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (scan.quote !== "") {
      if (character === "\\") at += 1;
      else if (text.startsWith(scan.quote, at)) {
        at += scan.quote.length - 1;
        scan.quote = "";
      }
      last = "'";
    } else if (character === "#") {
      break;
    } else if (character === "'" || character === '"') {
      scan.quote = text.startsWith(character.repeat(3), at) ? character.repeat(3) : character;
      at += scan.quote.length - 1;
      last = character;
    } else if (character === "\\" && at === text.length - 1) {
      return { continued: true, lastCharacter: last };
    } else {
      if ("([{".includes(character)) scan.depth += 1;
      if (character === ";") scan.several = true;
      if (")]}".includes(character)) scan.depth = Math.max(0, scan.depth - 1);
      if (character.trim() !== "") last = character;
    }
  }
  // A string with single quotes ends with its line, unless a backslash carries it on.
  const carried = scan.quote.length === 1 && text.endsWith("\\");
  if (scan.quote.length === 1 && !carried) scan.quote = "";
  return { continued: carried, lastCharacter: last };
}
