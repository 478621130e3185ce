import type { Statement } from "../../python/statements.ts";
import type { QuestionMaker } from "./kind.ts";
import { nextFact, visitAsk } from "./path.ts";
import type { QuestionRun, Visit } from "./run.ts";
import { LINE_RULE, running, whenRun } from "./words.ts";

const NONE = "none";

/** Which arm of a branch is taken. */
export const branchMaker: QuestionMaker = {
  kind: "branch",
  title: "which arm of an if, match or try is taken",
  *asks({ run }) {
    for (const visit of run.visits.length > 2_000 ? run.drawn : run.visits) {
      if (kindOf(run, visit.statement) !== null) yield visitAsk(visit);
    }
  },
  answer({ run }, ask) {
    const visit = run.visit(ask);
    if (visit === undefined) return "the line does not run so often";
    const kind = kindOf(run, visit.statement);
    if (kind === null) return "no if, match or try with a body of its own begins there";
    const arms = armsOf(run, visit.statement, kind);
    const taken = takenArm(run, visit, arms);
    if (taken === null) return "the branch never ended, or an exception left it";
    const what =
      kind === "try"
        ? "except clause of the try statement handles an exception"
        : `arm of the ${kind} statement is taken`;
    const begins = kind === "match" ? "`case`" : kind === "try" ? "`except`" : "`if`, `elif` or `else`";
    return {
      ask: visitAsk(visit),
      prompt: `${running(run)} Which ${what} that begins on line ${visit.line}, when ${whenRun(visit)}? Answer with the number of the line on which its ${begins} stands, or with \`${NONE}\`. ${LINE_RULE}`,
      form: "line",
      answers: [{ text: taken === NONE ? NONE : String(taken.first) }],
      proof: "the statement that the frame ran next in the record",
      chance: 1 / (arms.length + (arms.some((arm) => /^else\b/.test(run.source.text(arm))) ? 0 : 1)),
      about: `branch/${visit.event}`,
      tells: [nextFact(visit), `coverage/${visit.line}`],
    };
  },
};

type BranchKind = "if" | "match" | "try";

function kindOf({ source }: QuestionRun, statement: Statement): BranchKind | null {
  if (statement.inline) return null;
  const word = /^(?:if|match|try)\b/.exec(source.text(statement))?.[0];
  if (word === undefined || source.firstUnder(statement) === undefined) return null;
  if (word === "match" && !source.text(statement).endsWith(":")) return null;
  return word as BranchKind;
}

/** The headers of the arms. */
function armsOf({ source }: QuestionRun, header: Statement, kind: BranchKind): Statement[] {
  if (kind === "if") return source.arms(header, /^(?:elif|else)\b/);
  if (kind === "try") return source.arms(header, /^(?:except|else|finally)\b/).slice(1);
  const first = source.firstUnder(header);
  return first === undefined ? [] : source.arms(first, /^case\b/);
}

/** Follows the frame past the headers of the arms; null: it was left before an arm was found. */
function takenArm(run: QuestionRun, visit: Visit, arms: readonly Statement[]): Statement | typeof NONE | null {
  const { source } = run;
  if (arms.some(({ inline }) => inline)) return null;
  const isTry = /^try\b/.test(source.text(visit.statement));
  const tried = source.blockEnd(visit.statement);
  let at = visit;
  for (;;) {
    const { next } = at;
    if (next === null)
      return isTry && (at.ending === "return" || at.ending === "end")
        ? NONE
        : at.ending === null || at.ending === "raise"
          ? null
          : NONE;
    const inside = arms.find((arm) => next.line > arm.last && next.line <= source.blockEnd(arm));
    if (inside !== undefined) return /^(?:else|finally)\b/.test(source.text(inside)) && isTry ? NONE : inside;
    const isArm = arms.includes(next.statement);
    const isTried = isTry && next.line > visit.line && next.line <= tried;
    if (!isArm && !isTried) return at.raised !== null && !isTry ? null : NONE;
    at = next;
  }
}
