import { RenderError } from "../errors.ts";
import type { Trace } from "../record/trace.ts";
import type { Program } from "../schema/program.ts";
import { gapsOf } from "./gaps.ts";
import { forEachLineState } from "./line-states.ts";
import { type LineRecord, skipLoops } from "./loop-skip.ts";
import { walkLoops } from "./loops.ts";
import { type Renderer, type View, WHOLE } from "./renderer.ts";
import { correctLines } from "./statelens-correct.ts";
import { SourceStatements } from "./statements.ts";
import { targetCodes } from "./target.ts";
import { TEXT_IMPLIES } from "./text-row.ts";
import { unfinished } from "./unfinished.ts";

const SYSTEM = "You are an expert Python programmer";
const PUBLISHED_LOOPS = { head: 2, tail: 1 } as const;

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
  implies: TEXT_IMPLIES,
  extension: ".jsonl",
  corrects: "a statement of several lines is shown once, the calls of a recursion are told apart",
  skips: "=== Iterations 3 to 8 skipped for `Line 3` ===",
  render(program: Program, trace: Trace, view: View = WHOLE): StatelensRow {
    const call = entryOf(program);
    const answer = answerOf(call, trace);
    const whole = !view.correct && view.loops === null && !trace.loopsSkipped;
    const lines = whole ? allLines(program, trace, view) : correctLines(program, trace, view);
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
  implies: TEXT_IMPLIES,
  extension: ".jsonl",
  corrects: "as for statelens; no loop is lost, nor its last check, and iterations are those that ran",
  skips: "=== Iterations 3 to 8 skipped for `Line 3` ===",
  render(program: Program, trace: Trace, view: View = WHOLE): StatelensRow {
    const call = entryOf(program);
    const answer = answerOf(call, trace);
    const published = view.correct || view.loops !== null ? null : publishedSkip(program, trace, view);
    const lines = published ?? correctLines(program, trace, { ...view, loops: view.loops ?? PUBLISHED_LOOPS });
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

/**
 * The lines as the published script shortens them; null: the record lacks iterations that the script shows, or some of a
 * loop that it does not know for one.
 */
function publishedSkip(program: Program, trace: Trace, view: View): string[] | null {
  const missing = new Map<number, number>();
  const statements = new SourceStatements(program.code);
  const { otherGaps } = walkLoops(trace, statements);
  const { eventFrame, frameCode } = trace.decoder.index;
  const targets = targetCodes(program, trace);
  for (const [event, gaps] of gapsOf(trace)) {
    if (targets[frameCode.at(eventFrame.at(event))] !== 1) continue;
    // Of a header of several lines the script counts every line.
    const counted = gaps.every(({ line }) => statements.at(line)?.last === line);
    if (otherGaps.has(event) || !counted) return null;
    if (gaps.some(({ first }) => first < PUBLISHED_LOOPS.head + 2)) return null;
    missing.set(
      event,
      gaps.reduce((sum, { count }) => sum + count, 0),
    );
  }
  return skipLoops(lineRecords(program, trace, view, missing));
}

/** Every line that ran in the called function, as the full trace shows it. `missing`: by event, iterations before it. */
function lineRecords(
  program: Program,
  trace: Trace,
  view: View,
  missing: ReadonlyMap<number, number> = new Map(),
): LineRecord[] {
  const sources = program.code.split(/\r\n|\r|\n/).map(splitIndent);
  const records: LineRecord[] = [];
  forEachLineState(program, trace, view, ({ line, locals, event }) => {
    const { indent, text } = sources[line - 1] ?? { indent: 0, text: "" };
    const shown = `Line ${line}: \`${text}\``;
    const rendered = locals === "" ? shown : `${shown}; ${locals}`;
    records.push({ line, text, indent, rendered, missing: missing.get(event) ?? 0 });
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
  const { status, result } = trace.outcome;
  if (status !== "ok") throw unfinished(trace.outcome);
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
      // Joined once: a text of parts is put together again when it is written.
      content: ["<think>", ...(lines.length === 0 ? [""] : lines), "</think>", "<answer>", answer, "</answer>"].join(
        "\n",
      ),
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
