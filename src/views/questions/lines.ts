import type { QuestionMaker } from "./kind.ts";
import { counted } from "./path.ts";
import type { FrameRun, QuestionRun } from "./run.ts";
import { LINE_RULE, running, within } from "./words.ts";

const MOST_LINES = 60;

/** All lines of one call, in order. */
export const linesMaker: QuestionMaker = {
  kind: "lines",
  title: "the lines that run in one call, in order",
  *asks({ run }) {
    for (const { kind, name, nth } of run.frames.slice(0, 100)) {
      if (kind === "function" || (kind === "module" && run.program.entry === null))
        yield { function: name, frame: nth };
    }
  },
  answer({ run }, { function: name, frame: nth = 1 }) {
    const frame = name === undefined ? undefined : run.frame(name, nth);
    if (frame === undefined) return "there is no such call";
    const lines = linesOf(run, frame);
    if (lines === null) return "the call never ended, or runs lines that are no statements";
    if (lines.length < 2 || lines.length > MOST_LINES) return `the call does not run 2 to ${MOST_LINES} lines`;
    return {
      ask: { function: frame.name, frame: frame.nth },
      prompt: `${running(run)} Which lines run ${within(frame)}, in order, each as often as it runs? Answer with the numbers, commas between them. ${LINE_RULE} Lines of functions that are called meanwhile do not count, nor do lines that say only \`try:\`, \`else:\` or \`finally:\`.`,
      form: "lines",
      answers: [{ text: lines.join(", ") }],
      proof: "the statements that the frame ran in the record",
      chance: 0,
      about: `next/${frame.name}/${frame.nth}/`,
      tells: ["coverage/", "count/", "branch/", "lines/"],
    };
  },
};

function linesOf(run: QuestionRun, frame: FrameRun): number[] | null {
  const visits = frame.visits.filter((visit) => counted(run, visit) === visit);
  const ending = visits.at(-1)?.ending ?? null;
  if (ending === null || (frame.generator && ending === "raise")) return null;
  if (visits.some(({ statement }) => run.source.text(statement).startsWith("@"))) return null;
  return visits.map(({ line }) => line);
}
