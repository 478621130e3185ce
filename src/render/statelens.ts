import { RenderError } from "../errors.ts";
import type { Trace } from "../record/trace.ts";
import type { Program } from "../schema/program.ts";
import { forEachLineState } from "./line-states.ts";
import { type LineRecord, skipLoops } from "./loop-skip.ts";
import { type Renderer, type View, WHOLE } from "./renderer.ts";
import { refuseGaps } from "./shown-events.ts";
import { correctLines } from "./statelens-correct.ts";

const SYSTEM = "You are an expert Python programmer";
const PUBLISHED_LOOPS = { head: 2, tail: 1 } as const;
const IMPLIES = { objects: "repr", maxValueChars: 0 } as const;

export interface StatelensRow {
  id: string;
  messages: { role: "system" | "user" | "assistant"; content: string }[];
  mask?: "user";
  type: "VALUE_TO_TEXT";
}

export const statelensRenderer: Renderer = {
  name: "statelens",
  title: "StateLens chat data: every line of the called function with the names bound after it",
  example: "Line 2: `s = 0`; n=1, s=0\nLine 3: `for i in range(n):`; i=0, n=1, s=0",
  implies: IMPLIES,
  extension: ".jsonl",
  corrects: "a statement of several lines is shown once, the calls of a recursion are told apart",
  render(program: Program, trace: Trace, view: View = WHOLE): StatelensRow {
    const call = entryOf(program);
    const answer = answerOf(call, trace);
    refuseGaps(trace);
    const lines =
      view.correct || view.loops !== null ? correctLines(program, trace, view) : allLines(program, trace, view);
    return {
      id: program.id,
      messages: messages(prompt(program.code, call), lines, answer),
      type: "VALUE_TO_TEXT",
    };
  },
  text: textOfRow,
};

export const statelensSkipRenderer: Renderer = {
  name: "statelens-skip",
  title: "StateLens chat data with the middle iterations of loops left out",
  example: "=== Iterations 3 to 4 skipped for `Line 3` ===\n...",
  implies: IMPLIES,
  extension: ".jsonl",
  corrects: "as for statelens; no loop is lost, nor its last check, and iterations are those that ran",
  render(program: Program, trace: Trace, view: View = WHOLE): StatelensRow {
    const call = entryOf(program);
    const answer = answerOf(call, trace);
    refuseGaps(trace);
    const loops = view.loops ?? PUBLISHED_LOOPS;
    const lines =
      view.correct || view.loops !== null
        ? correctLines(program, trace, { ...view, loops })
        : skipLoops(lineRecords(program, trace, view));
    return {
      id: program.id,
      messages: messages(`\n${prompt(program.code, call)}\n`, lines, answer),
      mask: "user",
      type: "VALUE_TO_TEXT",
    };
  },
  text: textOfRow,
};

function textOfRow(row: unknown): string {
  return (row as StatelensRow).messages.map(({ content }) => content).join("\n");
}

function allLines(program: Program, trace: Trace, view: View): string[] {
  return lineRecords(program, trace, view).map((record) => record.rendered);
}

/** Every line that ran in the called function, as the full trace shows it. */
function lineRecords(program: Program, trace: Trace, view: View): LineRecord[] {
  const sources = program.code.split(/\r\n|\r|\n/).map(splitIndent);
  const records: LineRecord[] = [];
  forEachLineState(program, trace, view, ({ line, locals }) => {
    const { indent, text } = sources[line - 1] ?? { indent: 0, text: "" };
    const shown = `Line ${line}: \`${text}\``;
    records.push({ line, text, indent, rendered: locals === "" ? shown : `${shown}; ${locals}` });
  });
  return records;
}

function splitIndent(source: string): { indent: number; text: string } {
  const text = source.trimStart();
  return { indent: source.length - text.length, text };
}

function entryOf(program: Program): string {
  if (program.entry !== null) return program.entry;
  throw new RenderError("no-entry", "The format shows a call; this program has no entry expression.");
}

function answerOf(call: string, trace: Trace): string {
  const { status, result, exception, detail } = trace.outcome;
  if (status !== "ok") {
    const cause = exception === null ? (detail ?? "") : `${exception.type}: ${exception.message}`;
    throw new RenderError(status, `The program did not finish (${status})${cause === "" ? "" : `: ${cause}`}.`);
  }
  if (result === null) throw new RenderError("no-result", "The entry left no result to show.");
  if (result.failed) throw new RenderError("unreprable", `The result, a ${result.type}, has no repr to show.`);
  return `${call} == ${result.repr}`;
}

function messages(user: string, lines: string[], answer: string): StatelensRow["messages"] {
  return [
    { role: "system", content: SYSTEM },
    { role: "user", content: user },
    {
      role: "assistant",
      content: `<think>\n${lines.join("\n")}\n</think>\n<answer>\n${answer}\n</answer>`,
    },
  ];
}

function prompt(code: string, call: string): string {
  return `Given the code snippet:
\`\`\`python
${code}
\`\`\`
and the function call with input arguments:
\`\`\`python
${call}
\`\`\`
Predict the exact output value for \`${call}\`, execute the program step by step before arriving at an answer within the \
tokens <think> and </think>, and output your prediction using the special tokens <answer> ${call} == ?? </answer>. \
Ensure the provided expression syntax is correct!`;
}
