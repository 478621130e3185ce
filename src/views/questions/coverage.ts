import type { Material, QuestionMaker } from "./kind.ts";
import type { Ask } from "./question.ts";
import { LINE_RULE, running } from "./words.ts";

/** Whether a line runs at all. */
export const coverageMaker: QuestionMaker = {
  kind: "coverage",
  title: "whether a line runs at all",
  asks: balanced,
  answer({ run }, { line = 0 }) {
    if (!run.source.isAskable(line)) return "the line begins no statement that may be asked about";
    return {
      ask: { line },
      prompt: `${running(run)} Does line ${line} run at least once? Answer with YES or NO. ${LINE_RULE}`,
      form: "yes-no",
      answers: [{ text: run.visitsOf(line).length > 0 ? "YES" : "NO" }],
      proof: "whether the record has a visit of the line",
      chance: 0.5,
      about: `coverage/${line}`,
      tells: [],
    };
  },
};

/** Lines within functions and blocks: all that did not run, and as many, spread over the source, that did. */
function* balanced({ run }: Material): Generator<Ask> {
  const lines = run.source.askable.filter((line) => (run.source.at(line)?.indent ?? 0) > 0);
  const ran = lines.filter((line) => run.visitsOf(line).length > 0);
  const missed = lines.filter((line) => run.visitsOf(line).length === 0);
  for (const line of missed) yield { line };
  const as = Math.min(ran.length, Math.max(1, missed.length));
  for (let i = 0; i < as; i++) yield { line: ran[Math.floor((i * ran.length) / as)] as number };
}
