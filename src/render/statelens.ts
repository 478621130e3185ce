import { RenderError } from "../errors.ts";
import type { Trace } from "../record/trace.ts";
import type { Program } from "../schema/program.ts";
import { forEachLineState } from "./line-states.ts";
import { type LineRecord, skipLoops } from "./loop-skip.ts";
import type { Renderer } from "./renderer.ts";

const SYSTEM = "You are an expert Python programmer";
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
  render(program: Program, trace: Trace): StatelensRow {
    const call = entryOf(program);
    const answer = answerOf(call, trace);
    const lines = lineRecords(program, trace).map((record) => record.rendered);
    return {
      id: program.id,
      messages: messages(prompt(program.code, call), lines, answer),
      type: "VALUE_TO_TEXT",
    };
  },
};

export const statelensSkipRenderer: Renderer = {
  name: "statelens-skip",
  title: "StateLens chat data with the middle iterations of loops left out",
  example: "=== Iterations 3 to 4 skipped for `Line 3` ===\n...",
  implies: IMPLIES,
  extension: ".jsonl",
  render(program: Program, trace: Trace): StatelensRow {
    const call = entryOf(program);
    const answer = answerOf(call, trace);
    const lines = skipLoops(lineRecords(program, trace));
    return {
      id: program.id,
      messages: messages(`\n${prompt(program.code, call)}\n`, lines, answer),
      mask: "user",
      type: "VALUE_TO_TEXT",
    };
  },
};

/** Every line that ran in the called function, as the full trace shows it. */
export function lineRecords(program: Program, trace: Trace): LineRecord[] {
  if (trace.loopsSkipped) {
    throw new RenderError("loops-skipped", "The format shows every line: record without --loops skip.");
  }
  const sources = program.code.split(/\r\n|\r|\n/).map(splitIndent);
  const records: LineRecord[] = [];
  forEachLineState(program, trace, (line, locals) => {
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
