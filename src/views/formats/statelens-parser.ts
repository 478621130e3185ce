import { ParseError } from "../../base/errors.ts";
import { splitBindings } from "../../python/bindings.ts";

export interface StatelensLine {
  line: number;
  /** Which activation, where the text tells; else null. */
  call: number | null;
  source: string;
  names: Map<string, string>;
}

/** Headings and marks of left out iterations are passed over. */
const MARK = /^(?:=== Iterations? .* ===|\.\.\.(?: \(Iterations .* skipped for `Line \d+`\))?)$/;

/** The lines of a StateLens trace. Throws ParseError for a text that is none. */
export function parseStatelens(text: string): StatelensLine[] {
  const parts: string[] = [];
  for (const line of text === "" ? [] : text.split("\n")) {
    if (MARK.test(line)) continue;
    const last = parts.length - 1;
    // Values may have line breaks.
    if (/^Line \d+(?: \[call \d+\])?: `/.test(line)) parts.push(line);
    else if (last < 0) throw new ParseError("no-line", "the trace begins with a line that is none of its own");
    else parts[last] = `${parts[last]}\n${line}`;
  }
  return parts.map((part) => {
    const [whole, line, call, source = "", locals] =
      /^Line (\d+)(?: \[call (\d+)\])?: `([^\n]*?)`(?:; ([\s\S]*))?$/.exec(part) ?? [];
    if (whole === undefined) throw new ParseError("no-line", "a line has no number or no source in backticks");
    const names = locals === undefined ? new Map<string, string>() : splitBindings(locals, ", ", "=");
    return { line: Number(line), call: call === undefined ? null : Number(call), source, names };
  });
}
