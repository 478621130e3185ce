import { ParseError } from "../../base/errors.ts";

export type SnoopKind =
  | "call"
  | "line"
  | "variable"
  | "return"
  | "yield"
  | "raise"
  | "unwound"
  | "comprehension"
  | "skipped";

/** One line of a snoop trace. */
export interface SnoopLine {
  kind: SnoopKind;
  /** Calls around it. */
  depth: number;
  /** Of a line. */
  line: number | null;
  /** Of a variable, or the function that is called or left. */
  name: string | null;
  /** Of a variable or a result, the source of a line, what was raised. */
  text: string | null;
}

const LINES: readonly (readonly [SnoopKind, RegExp])[] = [
  ["call", /^>>> (?:Call to|Start generator|Re-enter generator) (?<name>.+)$/],
  ["return", /^<<< Return value from (?<name>[^:]+): (?<text>.*)$/],
  ["yield", /^<<< Yield value from (?<name>[^:]+): (?<text>.*)$/],
  ["return", /^(?<name>Result): (?<text>.*)$/],
  ["unwound", /^!!! Call ended by exception$/],
  ["raise", /^!!! (?<text>.*)$/],
  ["comprehension", /^(?<name>List|Set|Dict) comprehension:$/],
  ["variable", /^\.{6,} (?<name>[\p{L}_][\p{L}\p{N}_]*) = (?<text>.*)$/u],
  ["variable", /^\.{6,} (?:Values of )?(?<name>[\p{L}_][\p{L}\p{N}_]*): (?<text>.*)$/u],
  ["variable", /^\.{6,} (?<name>Iterating over) (?<text>.*)$/],
  ["skipped", /^ {5}\| \.\.\. (?<text>iterations \d+ to \d+ of line \d+)$/],
  ["line", /^ *(?<line>\d+) \| (?<text>.*)$/],
];

/** Values have their lines joined again. Throws ParseError for a text that is no snoop trace. */
export function parseSnoop(text: string): SnoopLine[] {
  const parsed: SnoopLine[] = [];
  let depth = -1;
  for (const whole of text === "" ? [] : text.split("\n")) {
    const found = lineAt(whole, depth);
    if (found === null) {
      const last = parsed.at(-1);
      if (last?.text == null) throw new ParseError("no-line", "a line of the trace is none of snoop's");
      last.text += `\n${whole.trimStart()}`;
      continue;
    }
    parsed.push(found);
    depth =
      found.kind === "return" || found.kind === "yield" || found.kind === "unwound" ? found.depth - 1 : found.depth;
  }
  return parsed;
}

/** Depths change by calls and returns only, which tells the lines of a value from lines of their own. */
function lineAt(whole: string, depth: number): SnoopLine | null {
  for (const expected of [depth, depth + 1]) {
    const indentation = `${"    ".repeat(Math.max(0, expected))} `;
    if (expected < 0 || !whole.startsWith(indentation)) continue;
    const rest = whole.slice(indentation.length);
    for (const [kind, shape] of LINES) {
      const groups = shape.exec(rest)?.groups ?? (shape.test(rest) ? {} : null);
      const enters = kind === "call" || kind === "comprehension";
      if (groups === null || enters !== (expected === depth + 1)) continue;
      const line = groups["line"] === undefined ? null : Number(groups["line"]);
      return { kind, depth: expected, line, name: groups["name"] ?? null, text: groups["text"] ?? null };
    }
  }
  return null;
}
