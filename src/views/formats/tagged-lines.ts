// The two formats of SemEnhance that show one event per line of text: Concise, and CodeExecutor's tokens as SemEnhance
// writes them. As published, arguments come first, returns and exceptions last; corrected, everything in its order.

import { ParseError } from "../../base/errors.ts";
import type { Program } from "../../base/schema/program.ts";
import { quoteList, readQuotedList, splitBindings } from "../../python/bindings.ts";
import type { Trace } from "../../record/trace/trace.ts";
import { assignments, callsIn, type LineEntry, lineEntries } from "../walk/line-entries.ts";
import type { Renderer, View } from "./renderer.ts";
import { textRenderer } from "./text-row.ts";

const KINDS: readonly (readonly LineEntry["kind"][])[] = [["init"], ["locals", "elided"], ["exception"], ["return"]];
const CORRECTS = "events in the order in which they happened; the calls of a recursion are told apart";
const SKIPS = "[SKIPPED] iterations 3 to 8 of line 3 [/SKIPPED]";

export const conciseRenderer: Renderer = textRenderer(
  {
    name: "concise",
    title: "Concise: one line of text per event, tagged with its line",
    example: "[L2] s = 0 [/L2]\n[L5] [OUTPUT] 3 [/OUTPUT] [/L5]",
    corrects: CORRECTS,
    skips: SKIPS,
  },
  (program, trace, view) => taggedLines(program, trace, view, conciseLine),
);

export const semenhanceExeRenderer: Renderer = textRenderer(
  {
    name: "semenhance-exe",
    title: "CodeExecutor's tokens as SemEnhance writes them: lines from 1, without arguments",
    example: "<line> <2> <state>s = 0</state>\n<output>3",
    corrects: `${CORRECTS}; arguments are shown`,
    skips: SKIPS,
  },
  (program, trace, view) => taggedLines(program, trace, view, exeLine),
);

type LineText = (entry: LineEntry, view: View) => string | null;

function taggedLines(program: Program, trace: Trace, view: View, text: LineText): string {
  const entries = lineEntries(program, trace, view);
  const tellCalls = view.correct && callsIn(entries) > 1;
  const ordered = view.correct ? entries : KINDS.flatMap((kinds) => entries.filter(({ kind }) => kinds.includes(kind)));
  const lines: string[] = [];
  let call = 0;
  for (const entry of ordered) {
    const line = text(entry, view);
    if (line === null) continue;
    if (tellCalls && entry.call !== call) lines.push(`[CALL ${entry.call}]`);
    call = entry.call;
    if (entry.elision !== null) {
      lines.push(`[SKIPPED] iterations ${entry.elision.from} to ${entry.elision.to} of line ${entry.line} [/SKIPPED]`);
      if (entry.names.size === 0) continue;
    }
    lines.push(line);
  }
  return lines.join("\n");
}

function conciseLine({ kind, line, names, text }: LineEntry): string {
  const inside = (content: string): string => `[L${line}] ${content} [/L${line}]`;
  if (kind === "return" || kind === "exception") return inside(`[OUTPUT] ${text} [/OUTPUT]`);
  if (kind === "init") return inside(`[INPUT] ${quoteList(assignments(names))} [/INPUT]`);
  return inside(assignments(names).join(","));
}

function exeLine({ kind, line, names, text }: LineEntry, { correct }: View): string | null {
  if (kind === "return" || kind === "exception") return `<output>${text}`;
  if (kind === "init" && !correct) return null;
  return `<line> <${line}> <state>${assignments(names).join("<dictsep>")}</state>`;
}

/** One line of text: what changed, or what was returned or raised. */
export interface TaggedEntry {
  /** null: an output of `semenhance-exe`, which does not say where. */
  line: number | null;
  input: boolean;
  names: Map<string, string>;
  output: string | null;
}

const MARKS = /^\[(?:CALL \d+|SKIPPED)\]/;

/** Throws ParseError for a text that is no Concise trace. */
export function parseConcise(text: string): TaggedEntry[] {
  return entryTexts(text, /^\[L\d+\] /).map((entry) => {
    const [whole, number = "", inner = ""] = /^\[L(\d+)\] ([\s\S]*) \[\/L\1\]$/.exec(entry) ?? [];
    if (whole === undefined) throw new ParseError("no-line", "a line of the trace has no [L...] around it");
    const line = Number(number);
    const output = /^\[OUTPUT\] ([\s\S]*) \[\/OUTPUT\]$/.exec(inner)?.[1];
    if (output !== undefined) return { line, input: false, names: new Map(), output };
    const input = /^\[INPUT\] ([\s\S]*) \[\/INPUT\]$/.exec(inner)?.[1];
    if (input === undefined) return { line, input: false, names: splitBindings(inner, ",", " = "), output: null };
    const { texts, end } = readQuotedList(input);
    if (end !== input.length) throw new ParseError("no-list", "text follows the arguments");
    const names = new Map(texts.flatMap((one) => Array.from(splitBindings(one, "\0", " = "))));
    return { line, input: true, names, output: null };
  });
}

/** Throws ParseError for a text that is no such trace. */
export function parseSemenhanceExe(text: string): TaggedEntry[] {
  return entryTexts(text, /^(?:<line> <|<output>)/).map((entry) => {
    if (entry.startsWith("<output>")) {
      return { line: null, input: false, names: new Map(), output: entry.slice("<output>".length) };
    }
    const [whole, line, state = ""] = /^<line> <(\d+)> <state>([\s\S]*)<\/state>$/.exec(entry) ?? [];
    if (whole === undefined) throw new ParseError("no-line", "a line of the trace has no <line> and <state>");
    return { line: Number(line), input: false, names: splitBindings(state, "<dictsep>", " = "), output: null };
  });
}

/** Values may have line breaks: lines that begin no entry belong to the one before. */
function entryTexts(text: string, begins: RegExp): string[] {
  const entries: string[] = [];
  for (const line of text === "" ? [] : text.split("\n")) {
    if (MARKS.test(line)) continue;
    const last = entries.length - 1;
    if (begins.test(line)) entries.push(line);
    else if (last < 0) throw new ParseError("no-line", "the trace begins with a line that is none of its own");
    else entries[last] = `${entries[last]}\n${line}`;
  }
  return entries;
}
