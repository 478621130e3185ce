import { ParseError } from "../../base/errors.ts";
import { quoteList, readQuotedList, splitBindings } from "../../python/bindings.ts";
import { readComments, withComments } from "../text/code-comments.ts";
import { textsByLine } from "../text/line-texts.ts";
import { assignments, type LineEntry, lineEntries } from "../walk/line-entries.ts";
import type { Renderer } from "./renderer.ts";
import { textRenderer } from "./text-row.ts";

export const scratchpadRenderer: Renderer = textRenderer(
  {
    name: "scratchpad",
    title: "Scratchpad: the program with every state behind its line",
    example:
      "    for i in range(n): #[STATE] ['i = 0'] [/STATE] [STATE] ['i = 1'] [/STATE]\n    return s #[OUTPUT] 1 [/OUTPUT]",
    corrects: "what a line changed stays when it also returns or raises",
    skips: "[SKIPPED] 3 to 8 [/SKIPPED]",
  },
  (program, trace, view) => {
    const texts = textsByLine(lineEntries(program, trace, view), scratchpadEntry, view.correct);
    const comments = new Map(Array.from(texts, ([line, all]) => [line, all.join(" ")]));
    return withComments(program.code, comments);
  },
);

function scratchpadEntry({ kind, names, text, elision }: LineEntry): string {
  if (kind === "return" || kind === "exception") return `[OUTPUT] ${text} [/OUTPUT]`;
  if (kind === "init") return `[INPUT] ${quoteList(assignments(names))} [/INPUT]`;
  const skipped = elision === null ? "" : `[SKIPPED] ${elision.from} to ${elision.to} [/SKIPPED] `;
  return `${skipped}[STATE] ${quoteList(assignments(names))} [/STATE]`;
}

export interface ScratchpadEntry {
  line: number;
  tag: "INPUT" | "STATE" | "OUTPUT";
  names: Map<string, string>;
  /** Of an output. */
  text: string | null;
}

/** Throws ParseError for a text that is not this program with such comments. */
export function parseScratchpad(text: string, code: string): ScratchpadEntry[] {
  const entries: ScratchpadEntry[] = [];
  for (const [line, comment] of readComments(text, code)) {
    for (let rest = comment; rest !== ""; ) {
      const head = /^ ?(?:\[SKIPPED\] \d+ to \d+ \[\/SKIPPED\] )?\[(INPUT|STATE|OUTPUT)\] /.exec(rest);
      if (head === null) throw new ParseError("no-entry", `line ${line}: no tag where one is expected`);
      const tag = head[1] as ScratchpadEntry["tag"];
      const end = ` [/${tag}]`;
      rest = rest.slice(head[0].length);
      const listed = tag === "OUTPUT" ? null : readQuotedList(rest);
      const at = listed === null ? rest.indexOf(end) : listed.end;
      if (at < 0 || !rest.startsWith(end, at)) throw new ParseError("open-tag", `line ${line}: [${tag}] has no end`);
      const names = new Map(listed?.texts.flatMap((one) => Array.from(splitBindings(one, "\0", " = "))));
      entries.push({ line, tag, names, text: listed === null ? rest.slice(0, at) : null });
      rest = rest.slice(at + end.length);
    }
  }
  return entries;
}
