import { RenderError } from "../../base/errors.ts";
import type { Program } from "../../base/schema/program.ts";
import type { Trace } from "../../record/trace/trace.ts";
import { answerText } from "../text/answer.ts";
import { verdictOf } from "../verdict/verdict.ts";
import { nextText } from "./next.ts";
import { type Rendered, type Renderer, type View, WHOLE } from "./renderer.ts";

export interface SemcoderRow {
  id: string;
  messages: { role: "user"; content: string }[];
}

export const semcoderRenderer: Renderer = {
  name: "semcoder",
  title: "SemCoder: what a model needs to write a monologue about a run: program, test, real states",
  example:
    "Explain this execution between [MONOLOGUE] and [/MONOLOGUE]: simulate it line by line, ...\n    s = 0 #(2) ['s = 0']",
  corrects: "as for next",
  skips: "after iterations 3 to 8 (where the line is not clipped to three entries)",
  extension: ".jsonl",
  asks: true,
  render(program: Program, trace: Trace, view: View = WHOLE): [Rendered<SemcoderRow>] {
    if (program.entry === null) {
      throw new RenderError("no-entry", "The format shows a call; this program has no entry.");
    }
    const shown = nextText(program, trace, view);
    const user = prompt(program, trace, shown);
    const row: SemcoderRow = { id: program.id, messages: [{ role: "user", content: user }] };
    return [{ row, said: () => ({ system: null, user, answer: null, trace: shown, result: answerText(trace) }) }];
  },
};

function prompt(program: Program, trace: Trace, shown: string): string {
  const { exception, status } = trace.outcome;
  const actual = answerText(trace) ?? (exception !== null ? `${exception.type}: ${exception.message}` : status);
  const wrong = verdictOf(program, trace.outcome)?.is === "no";
  const parts = wrong
    ? "simulate it line by line with the values that the comments give, name the root cause of the wrong result, and say how to fix it"
    : "simulate it line by line with the values that the comments give, and end with the result";
  const expected = program.expected === undefined ? "" : `\nExpected: \`${program.expected}\``;
  return `Explain this execution between [MONOLOGUE] and [/MONOLOGUE]: ${parts}. Speak of the program and its values only, \
never of the comments.

Program, with what every line changed in the order of the numbers:
\`\`\`python
${shown}
\`\`\`
Call: \`${program.entry}\`${expected}
Actual: \`${actual}\``;
}
