import { ParseError } from "../../base/errors.ts";
import type { Program } from "../../base/schema/program.ts";
import { quoteList, readQuotedList, splitBindings } from "../../python/bindings.ts";
import type { Trace } from "../../record/trace/trace.ts";
import { readComments, withComments } from "../text/code-comments.ts";
import { clipped, type LineTexts, textsByLine } from "../text/line-texts.ts";
import { assignments, callsIn, type LineEntry, lineEntries } from "../walk/line-entries.ts";
import type { Renderer, View } from "./renderer.ts";
import { textRenderer } from "./text-row.ts";

export const nextRenderer: Renderer = textRenderer(
  {
    name: "next",
    title: "NExT: the program with comments that say, in order, what every line changed",
    example: "    for i in range(n): #(3) ['i = 0'] (4) ['i = 1'] (6) ['i = 2']\n    return s #__return__=3",
    corrects: "what a line changed stays when it also returns or raises; the calls of a recursion are told apart",
    skips: "after iterations 3 to 8 (where the line is not clipped to three entries)",
  },
  nextText,
);

export function nextText(program: Program, trace: Trace, view: View): string {
  const entries = lineEntries(program, trace, view);
  const show = nextEntry(view.correct && callsIn(entries) > 1);
  const comments = new Map<number, string>();
  for (const [line, texts] of textsByLine(entries, show, view.correct)) comments.set(line, clipped(texts));
  return withComments(program.code, comments);
}

function nextEntry(tellCalls: boolean): LineTexts {
  return (entry: LineEntry): string => {
    const call = tellCalls ? `call ${entry.call} ` : "";
    switch (entry.kind) {
      case "return":
      case "exception":
        return `${call}__return__=${entry.text}`;
      case "elided":
        return `${call}(${entry.order}) ${quoteList(assignments(entry.names))} after iterations ${entry.elision?.from} to ${entry.elision?.to}`;
      default:
        return `${call}(${entry.order}) ${quoteList(assignments(entry.names))}`;
    }
  };
}

/** What a comment says happened: names that changed, or what was returned or raised. */
export interface NextEntry {
  line: number;
  /** null: a return or an exception. */
  order: number | null;
  names: Map<string, string>;
  text: string | null;
}

/** What the comments say, line by line. Throws ParseError for a text that is not this program with such comments. */
export function parseNext(text: string, code: string): NextEntry[] {
  const entries: NextEntry[] = [];
  for (const [line, comment] of readComments(text, code)) readEntries(comment, line, entries);
  return entries;
}

function readEntries(comment: string, line: number, into: NextEntry[]): void {
  let rest = comment;
  while (rest !== "") {
    const head = /^(?:\.\.\.; |; | )?(?:\.\.\.; )?(?:call \d+ )?(?:\((\d+)\) |(__return__=))/.exec(rest);
    if (head === null) throw new ParseError("no-entry", `line ${line}: no number and no return where one is expected`);
    rest = rest.slice(head[0].length);
    if (head[2] !== undefined) {
      const next = nextReturn(rest);
      into.push({ line, order: null, names: new Map(), text: rest.slice(0, next) });
      rest = rest.slice(next);
      continue;
    }
    const { texts, end } = readQuotedList(rest);
    const names = new Map(texts.flatMap((text) => Array.from(splitBindings(text, "\0", " = "))));
    into.push({ line, order: Number(head[1]), names, text: null });
    rest = rest.slice(end).replace(/^ after iterations \d+ to \d+/, "");
  }
}

/** Where the next entry begins behind a returned value. */
function nextReturn(text: string): number {
  const found = /(?: |; )(?:\.\.\.; )?(?:call \d+ )?__return__=/.exec(text);
  return found === null ? text.length : found.index;
}
