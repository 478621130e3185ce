import { RenderError } from "../../base/errors.ts";
import type { Program } from "../../base/schema/program.ts";
import { SourceStatements } from "../../python/statements.ts";
import type { Trace } from "../../record/trace/trace.ts";
import { resultText } from "../text/answer.ts";
import { PartedText } from "../text/parted-text.ts";
import { gapsOf } from "../walk/gaps.ts";
import { forEachLineState } from "../walk/line-states.ts";
import { type LineRecord, skipLoops } from "../walk/loop-skip.ts";
import { walkLoops } from "../walk/loops.ts";
import { targetCodes } from "../walk/target.ts";
import { type Rendered, type Renderer, type View, WHOLE } from "./renderer.ts";
import { correctLines } from "./statelens-correct.ts";

const TYPE = "VALUE_TO_TEXT";
const SYSTEM = "You are an expert Python programmer";
const PUBLISHED_LOOPS = { head: 2, tail: 1 } as const;
/** Characters from which on a text is not put together before it is written. */
const LONG_RESPONSE = 16 * 1024;

/** A line of the source without its indentation, and the width of that. */
interface SourceLine {
  readonly indent: number;
  readonly text: string;
}

const NO_SOURCE: SourceLine = { indent: 0, text: "" };

export interface StatelensRow<Text = string> {
  id: string;
  messages: { role: "system" | "user" | "assistant"; content: Text }[];
  mask?: "user";
  type: typeof TYPE;
}

export const statelensRenderer: Renderer = {
  name: "statelens",
  title: "StateLens chat data: every line of the called function with the names bound after it",
  example: "Line 2: `s = 0`; n=1, s=0\nLine 3: `for i in range(n):`; i=0, n=1, s=0",
  extension: ".jsonl",
  corrects: "a statement of several lines is shown once, the calls of a recursion are told apart",
  skips: "=== Iterations 3 to 8 skipped for `Line 3` ===",
  render(program: Program, trace: Trace, view: View = WHOLE): [Rendered<StatelensRow>] {
    const run = runInParts(program, trace, view);
    const content = messages(prompt(program.code, run.call), responseParts(run).join(""));
    return [rendered({ id: program.id, messages: content, type: TYPE }, run)];
  },
  inParts: rowInParts,
};

export const statelensSkipRenderer: Renderer = {
  name: "statelens-skip",
  title: "StateLens chat data with the middle iterations of loops left out",
  example: "=== Iterations 3 to 4 skipped for `Line 3` ===\n...",
  extension: ".jsonl",
  corrects: "as for statelens; no loop is lost, nor its last check, and iterations are those that ran",
  skips: "=== Iterations 3 to 8 skipped for `Line 3` ===",
  render(program: Program, trace: Trace, view: View = WHOLE): [Rendered<StatelensRow>] {
    const call = entryOf(program);
    const result = shownResult(trace);
    const published = view.correct || view.loops !== null ? null : publishedSkip(program, trace, view);
    const lines = published ?? correctLines(program, trace, { ...view, loops: view.loops ?? PUBLISHED_LOOPS });
    const run = { call, result, lines: [lines.join("\n")] };
    const row: StatelensRow = {
      id: program.id,
      messages: messages(`\n${prompt(program.code, call)}\n`, responseParts(run).join("")),
      mask: "user",
      type: TYPE,
    };
    return [rendered(row, run)];
  },
};

function rendered(row: StatelensRow, { lines, result }: Run): Rendered<StatelensRow> {
  const of = (wanted: string): string | null => row.messages.find(({ role }) => role === wanted)?.content ?? null;
  return {
    row,
    said: () => ({
      system: of("system"),
      user: of("user"),
      answer: of("assistant"),
      trace: lines.join(""),
      result,
    }),
  };
}

interface Run {
  readonly call: string;
  readonly result: string;
  /** Parts of the trace. */
  readonly lines: readonly string[];
}

function runInParts(program: Program, trace: Trace, view: View): Run {
  const call = entryOf(program);
  const result = shownResult(trace);
  const whole = !view.correct && view.loops === null && !trace.loopsSkipped;
  const lines = whole ? linesInParts(program, trace, view) : [correctLines(program, trace, view).join("\n")];
  return { call, result, lines };
}

function rowInParts(program: Program, trace: Trace, view: View): StatelensRow<string | PartedText> {
  const run = runInParts(program, trace, view);
  const parts = responseParts(run);
  const chars = parts.reduce((sum, part) => sum + part.length, 0);
  return {
    id: program.id,
    messages: messages(prompt(program.code, run.call), chars < LONG_RESPONSE ? parts.join("") : new PartedText(parts)),
    type: TYPE,
  };
}

/** Every line that ran in the called function. */
function linesInParts(program: Program, trace: Trace, view: View): string[] {
  const sources = sourcesOf(program);
  const parts: string[] = [];
  forEachLineState(program, trace, view, ({ line, locals }) => {
    const start = parts.length === 0 ? "" : "\n";
    parts.push(`${start}${shownLine(line, sources)}${locals.length === 0 ? "" : "; "}`);
    for (const part of locals) parts.push(part);
  });
  return parts;
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

/** The same, with what shortening them takes. `missing`: by event, iterations before it. */
function lineRecords(
  program: Program,
  trace: Trace,
  view: View,
  missing: ReadonlyMap<number, number> = new Map(),
): LineRecord[] {
  const sources = sourcesOf(program);
  const records: LineRecord[] = [];
  forEachLineState(program, trace, view, ({ line, locals, event }) => {
    const { indent, text } = sources[line - 1] ?? NO_SOURCE;
    const shown = shownLine(line, sources);
    const rendered = locals.length === 0 ? shown : `${shown}; ${locals.join("")}`;
    records.push({ line, text, indent, rendered, missing: missing.get(event) ?? 0 });
  });
  return records;
}

function shownLine(line: number, sources: readonly SourceLine[]): string {
  return `Line ${line}: \`${(sources[line - 1] ?? NO_SOURCE).text}\``;
}

function sourcesOf({ code }: Program): SourceLine[] {
  return code.split(/\r\n|\r|\n/).map(splitIndent);
}

function splitIndent(source: string): SourceLine {
  const text = source.trimStart();
  return { indent: source.length - text.length, text };
}

function entryOf(program: Program): string {
  if (program.entry !== null) return program.entry;
  throw new RenderError("no-entry", "The format shows a call; this program has no entry expression.");
}

function shownResult(trace: Trace): string {
  const answer = resultText(trace);
  const { result } = trace.outcome;
  if (result?.failed) throw new RenderError("unreprable", `The result, a ${result.type}, has no repr to show.`);
  return answer;
}

function messages<Text>(user: string, response: Text): StatelensRow<string | Text>["messages"] {
  return [
    { role: "system", content: SYSTEM },
    { role: "user", content: user },
    { role: "assistant", content: response },
  ];
}

function responseParts({ call, result, lines }: Run): string[] {
  return ["<think>\n", ...lines, `\n</think>\n<answer>\n${call} == ${result}\n</answer>`];
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
