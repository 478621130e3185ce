import type { QuestionMaker } from "./kind.ts";
import { counted } from "./path.ts";
import type { QuestionRun, Visit } from "./run.ts";
import { LINE_RULE, running } from "./words.ts";

/** Where the runs of two calls of one program part. */
export const differMaker: QuestionMaker = {
  kind: "differ",
  title: "after which line the runs of two calls first go different ways",
  asks: ({ other }) => (other === null ? [] : [{ call: other.program.entry ?? "" }]),
  answer({ run, other }) {
    if (other === null || run.program.entry === null || other.program.entry === null) return "there is no second call";
    if (run.program.entry === other.program.entry) return "the calls are the same";
    const [one, two] = [calledLines(run), calledLines(other)];
    if (one.at(-1)?.ending == null || two.at(-1)?.ending == null) return "a call never ended";
    let same = 0;
    while (same < one.length && same < two.length && one[same]?.line === two[same]?.line) same += 1;
    const parted = same < one.length || same < two.length;
    const last = one[same - 1];
    if (last === undefined) return "the runs have no line in common";
    return {
      ask: { call: other.program.entry.trim() },
      prompt: `${running(run)} In another run of the same program \`${other.program.entry.trim()}\` is evaluated instead. Compare the lines that run in the two outermost calls, in order: which is the last line before they first differ (that is, both runs go the same way up to and with this line, then run different lines, or only one of them goes on)? Answer with its number, or with \`none\` if they never differ. ${LINE_RULE} Lines that say only \`try:\`, \`else:\` or \`finally:\` do not count.`,
      form: "line",
      answers: [{ text: parted ? String(last.line) : "none" }],
      proof: "the longest common beginning of the two records",
      chance: 1 / Math.max(2, run.source.askable.length),
      about: "differ",
      tells: [],
    };
  },
};

function calledLines(run: QuestionRun): Visit[] {
  const called = run.frames.find(({ kind, parent }) => kind === "function" && parent === null);
  return (called?.visits ?? []).filter((visit) => counted(run, visit) === visit);
}
