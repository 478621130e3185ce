import { goesRound } from "./features.ts";
import type { Draft, Material, QuestionMaker } from "./kind.ts";
import type { Ask } from "./question.ts";
import { LINE_RULE, running } from "./words.ts";

/** How often something happens in the whole run. */
export const countMaker: QuestionMaker = {
  kind: "count",
  title: "how often a loop goes round, a function is called, a line runs",
  asks: counted,
  answer({ run }, ask) {
    const { line = 0, function: name, what } = ask;
    const statement = run.source.at(line);
    switch (what) {
      case "iterations": {
        if (statement?.first !== line || !statement.loop || statement.inline)
          return "no loop with a body of its own begins there";
        const visits = run.visitsOf(line);
        if (visits.length === 0) return "the loop is never reached";
        if (visits.some(({ next, ending }) => next === null && ending === null)) return "the loop never ended";
        const rounds = visits.filter((visit) => goesRound(run, visit)).length;
        return draft(`how often does the body of the loop on line ${line} begin to run in all?`, rounds);
      }
      case "calls": {
        const frames = run.frames.filter((frame) => frame.name === name);
        if (frames.length === 0 || frames.some(({ kind, generator }) => kind !== "function" || generator)) {
          return "it is no plain function that was called";
        }
        return draft(`how often is the function \`${name}\` called in all?`, frames.length);
      }
      case "visits":
        if (!run.source.isAskable(line)) return "the line begins no statement that may be asked about";
        return draft(`how often does line ${line} run in all? ${LINE_RULE}`, run.visitsOf(line).length);
      default:
        return "it says neither iterations, calls nor visits";
    }

    function draft(question: string, count: number): Draft {
      return {
        ask,
        prompt: `${running(run)} In the whole run, ${question} Answer with a number.`,
        form: "number",
        answers: [{ text: String(count), type: "int" }],
        proof: "counted in the record",
        chance: count <= 1 ? 0.3 : 0.1,
        about: `count/${what}/${what === "calls" ? name : line}`,
        tells: what === "calls" ? [] : [`coverage/${line}`, `count/visits/${line}`, `count/iterations/${line}`],
      };
    }
  },
};

function* counted({ run }: Material): Generator<Ask> {
  const names = new Set(
    run.frames.filter(({ kind, parent }) => kind === "function" && parent !== null).map(({ name }) => name),
  );
  for (const name of names) yield { function: name, what: "calls" };
  for (const line of run.source.askable) {
    const visits = run.visitsOf(line);
    if (visits.length === 0) continue;
    if (visits[0]?.statement.loop && !visits[0].statement.inline) yield { line, what: "iterations" };
    else if (visits.length > 1) yield { line, what: "visits" };
  }
}
