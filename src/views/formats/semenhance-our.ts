import { ParseError } from "../../base/errors.ts";
import type { Program } from "../../base/schema/program.ts";
import { forEachTopLevel, splitBindings } from "../../python/bindings.ts";
import { stringRepr } from "../../python/string-repr.ts";
import type { Trace } from "../../record/trace/trace.ts";
import { answerText } from "../text/answer.ts";
import { clipped, type LineTexts, textsByLine } from "../text/line-texts.ts";
import { verdictOf } from "../verdict/verdict.ts";
import { assignments, callsIn, type LineEntry, lineEntries } from "../walk/line-entries.ts";
import { callParts } from "../walk/target.ts";
import type { Renderer, View } from "./renderer.ts";
import { textRenderer } from "./text-row.ts";

/** Characters of a test's input and output, as published. */
const WRAPPED = 100;

export const semenhanceOurRenderer: Renderer = textRenderer(
  {
    name: "semenhance-our",
    title: "SemEnhance's own format: the program untouched, the test, what every line changed, the verdict",
    example: "* line 3: (3) i = 0 (4) i = 1 (6) i = 2\n* line 5: __return__=3",
    corrects: "a test that passes is not called failed, inputs are whole, and what NExT loses is kept",
    skips: "iterations 3 to 8 left out (where the line is not clipped to three entries)",
  },
  ourText,
);

function ourText(program: Program, trace: Trace, view: View): string {
  const shown = view.correct ? stringRepr : (text: string): string => wrapped(stringRepr(text));
  const args = callParts(program.entry)?.args ?? program.entry ?? "";
  const expected = program.expected === undefined ? "" : `expect_output1=${shown(program.expected)}\n\n`;
  return `
## Trace 

**BUGGY_PROGRAM**

\`\`\`python
${program.code}
\`\`\`

## TESTCASES 


**TEST1**

input1=${shown(args)}

${expected}
## EXPLANATION


**TEST1_RESULT**

${explanation(program, trace, view)}
  
TEST1_BUGGY_PROGRAM_OUTPUT = execute (BUGGY_PROGRAM, input1) = "${shown(outputOf(trace))}"    

${verdict(program, trace, view)}`;
}

function explanation(program: Program, trace: Trace, view: View): string {
  const entries = lineEntries(program, trace, view);
  const show = ourEntry(view.correct && callsIn(entries) > 1);
  const texts = textsByLine(entries, show, view.correct);
  return Array.from(texts, ([line, all]) => `* line ${line}: ${clipped(all)}`).join("\n");
}

function ourEntry(tellCalls: boolean): LineTexts {
  return ({ kind, call, order, names, text, elision }: LineEntry): string => {
    const who = tellCalls ? `call ${call} ` : "";
    if (kind === "return" || kind === "exception") return `${who}__return__=${text}`;
    const skipped = elision === null ? "" : `iterations ${elision.from} to ${elision.to} left out `;
    return `${who}(${order}) ${skipped}${assignments(names).join(" ")}`;
  };
}

function outputOf(trace: Trace): string {
  const { exception, status } = trace.outcome;
  const answer = answerText(trace);
  if (answer !== null) return answer;
  if (exception === null) return status;
  return exception.message === "" ? exception.type : `${exception.type}: ${exception.message}`;
}

/** As published every test failed, since only failing ones were traced. */
function verdict(program: Program, { outcome }: Trace, { correct }: View): string {
  const passed = verdictOf(program, outcome)?.is === "yes";
  if (correct && program.expected === undefined) return "";
  const is = correct && passed ? "True" : "False";
  const word = correct && passed ? "passed" : "failed";
  return `**${word.toUpperCase()}** 

assert TEST1_BUGGY_PROGRAM_OUTPUT == expect_output1 is ${is} 


TEST1 ${word} in BUGGY_PROGRAM 
`;
}

/** The first line of the text, wrapped. */
function wrapped(text: string): string {
  if (text.length <= WRAPPED) return text;
  const at = text.lastIndexOf(" ", WRAPPED);
  return text.slice(0, at > 0 ? at : WRAPPED).trimEnd();
}

export interface OurEntry {
  line: number;
  /** null: a return or an exception. */
  order: number | null;
  names: Map<string, string>;
  text: string | null;
}

/** What the explanation says, line by line. Throws ParseError for a text without one. */
export function parseSemenhanceOur(text: string): OurEntry[] {
  const start = text.indexOf("\n**TEST1_RESULT**\n\n");
  const end = text.lastIndexOf("\n  \nTEST1_BUGGY_PROGRAM_OUTPUT = ");
  if (start < 0 || end < start) throw new ParseError("no-explanation", "the text has no explanation of its test");
  const body = text.slice(start + "\n**TEST1_RESULT**\n\n".length, end);
  const entries: OurEntry[] = [];
  for (const part of body === "" ? [] : body.split(/\n(?=\* line \d+: )/)) {
    const [whole, line = ""] = /^\* line (\d+): /.exec(part) ?? [];
    if (whole === undefined) throw new ParseError("no-line", "the explanation begins with no line of the program");
    readEntries(part.slice(whole.length), Number(line), entries);
  }
  return entries;
}

const HEAD =
  /(?:; \.\.\.; |; | |(?<![\s\S]))(?:call \d+ )?(?:\((\d+)\) (?:iterations \d+ to \d+ left out ?)?|(__return__=))/y;

function readEntries(text: string, line: number, into: OurEntry[]): void {
  const heads: RegExpExecArray[] = [];
  let free = 0;
  forEachTopLevel(text, (at) => {
    HEAD.lastIndex = at;
    const head = at >= free ? HEAD.exec(text) : null;
    if (head !== null) {
      heads.push(head);
      free = at + head[0].length;
    }
    return true;
  });
  if (heads[0]?.index !== 0) throw new ParseError("no-entry", `line ${line}: no number and no return`);
  for (const [i, head] of heads.entries()) {
    const rest = text.slice(head.index + head[0].length, heads[i + 1]?.index ?? text.length);
    if (head[2] !== undefined) into.push({ line, order: null, names: new Map(), text: rest });
    else {
      const names = rest === "" ? new Map<string, string>() : splitBindings(rest, " ", " = ");
      into.push({ line, order: Number(head[1]), names, text: null });
    }
  }
}
