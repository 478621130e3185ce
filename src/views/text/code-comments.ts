// A program with a comment behind the lines that something is said about.

import { ParseError } from "../../base/errors.ts";

const MARK = " #";

/** `comments` by line, from 1. */
export function withComments(code: string, comments: ReadonlyMap<number, string>): string {
  const lines = code.split("\n");
  return lines.map((line, i) => (comments.has(i + 1) ? `${line}${MARK}${comments.get(i + 1)}` : line)).join("\n");
}

/** The comments again, given the program; comments may have several lines, the program's lines are found in order. */
export function readComments(text: string, code: string): Map<number, string> {
  const comments = new Map<number, string>();
  let at = 0;
  const lines = code.split("\n");
  for (const [i, line] of lines.entries()) {
    if (!text.startsWith(line, at)) throw new ParseError("other-code", `line ${i + 1} of the program is not there`);
    at += line.length;
    if (text.startsWith(MARK, at)) {
      const next = lines[i + 1];
      const end = next === undefined ? text.length : text.indexOf(`\n${next}`, at);
      if (end < 0) throw new ParseError("other-code", `line ${i + 2} of the program is not there`);
      comments.set(i + 1, text.slice(at + MARK.length, end));
      at = end;
    }
    if (i < lines.length - 1) {
      if (text[at] !== "\n") throw new ParseError("other-code", `line ${i + 1} of the program goes on`);
      at += 1;
    }
  }
  if (at !== text.length) throw new ParseError("other-code", "text follows the program");
  return comments;
}
