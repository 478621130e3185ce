import type { Draft, QuestionMaker } from "./kind.ts";
import type { Ask } from "./question.ts";
import type { QuestionRun, Visit } from "./run.ts";
import { LINE_RULE, running, whenRun } from "./words.ts";

/** Which line of the same call comes next. */
export const pathMaker: QuestionMaker = {
  kind: "path",
  title: "which line runs next in the same call, or how the call ends",
  *asks({ run }) {
    for (const visit of run.drawn) {
      if (visit.frame.kind !== "class" && run.source.isAskable(visit.line) && isOpen(run, visit)) yield visitAsk(visit);
    }
  },
  answer({ run }, ask) {
    const visit = run.visit(ask);
    if (visit === undefined) return "the line does not run so often";
    const answer = follower(run, visit);
    if (answer === null) return "what comes next is no statement, or never came";
    const draft: Draft = {
      ask: visitAsk(visit),
      prompt: `${running(run)} Which line of the same call runs right after ${whenRun(visit)}? Answer with the line's number, with \`return\` if the function returns, with \`raise\` if an exception leaves the call, or with \`end\` if the program's top level ends. ${LINE_RULE} Lines of functions that are called meanwhile do not count, nor do lines that say only \`try:\`, \`else:\` or \`finally:\`.`,
      form: "line",
      answers: [{ text: answer }],
      proof: "the next statement that the same frame ran in the record",
      chance: 1 / Math.max(2, followers(run, visit).size),
      about: nextFact(visit),
      tells: [`coverage/${visit.line}`, ...(visit.next === null ? [] : [`coverage/${visit.next.line}`])],
    };
    return draft;
  },
};

export function visitAsk({ line, nth, frame }: Visit): Ask {
  return { line, visit: nth, function: frame.name, frame: frame.nth };
}

export function nextFact({ frame, line, nth }: Visit): string {
  return `next/${frame.name}/${frame.nth}/${line}/${nth}`;
}

/** A line number or an ending; null: neither can be said. */
export function follower(run: QuestionRun, visit: Visit): string | null {
  const next = counted(run, visit.next);
  if (next !== null) return run.source.text(next.statement).startsWith("@") ? null : String(next.line);
  const { ending, frame } = last(visit);
  // A generator that nobody goes on with is closed when its memory is taken back.
  return frame.generator ? null : ending;
}

/** The visit, or the first after it of a line that is more than the word of a block. */
export function counted({ source }: QuestionRun, visit: Visit | null): Visit | null {
  let found = visit;
  while (found !== null && source.isWord(found.statement)) found = found.next;
  return found;
}

/** The last visit of the call, seen from one after which nothing counts. */
function last(visit: Visit): Visit {
  let found = visit;
  while (found.next !== null) found = found.next;
  return found;
}

/** What came next after visits of the line in functions of this name. */
function followers(run: QuestionRun, { line, frame }: Visit): Set<string> {
  const found = new Set<string>();
  for (const visit of run.drawn) {
    if (visit.line === line && visit.frame.name === frame.name) found.add(follower(run, visit) ?? "");
  }
  return found;
}

/** Whether the source alone leaves open what comes next. */
function isOpen({ source }: QuestionRun, { statement, next, ending, raised }: Visit): boolean {
  if (raised !== null || ending === "raise") return true;
  if (/^(?:if|elif|while|for|async\s+for|match|except|with|break|continue)\b/.test(source.text(statement))) return true;
  return next !== null && (next.line <= statement.first || next.statement.indent !== statement.indent);
}
