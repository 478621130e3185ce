import { RecordError } from "../../base/errors.ts";
import type { Program } from "../../base/schema/program.ts";
import type { Trace } from "../../record/trace/trace.ts";
import { type Unfit, unfit } from "./fit.ts";
import type { Question } from "./question.ts";
import { makerOf } from "./registry.ts";
import type { QuestionRequest } from "./request.ts";
import { questionOf } from "./row.ts";
import { QuestionRun } from "./run.ts";
import { chooseChains, chooseQuestions } from "./select.ts";

/** A run that is asked about. */
export interface AskedRun {
  readonly program: Program;
  readonly trace: Trace;
}

/** What came of one program. */
export interface Asked {
  readonly id: string;
  readonly questions: readonly Question[];
  /** Why there are none, or of what somebody else asks, why one has no answer. */
  readonly refused: readonly Unfit[];
}

/** The questions about runs that stand together: runs of one program serve each other as the second run of a comparison. */
export function askAll(runs: readonly AskedRun[], request: QuestionRequest): Asked[] {
  const before = new Map<string, QuestionRun>();
  return runs.map(({ program, trace }) => {
    if (request.asks !== null && !request.asks.has(program.id)) return { id: program.id, questions: [], refused: [] };
    try {
      const run = new QuestionRun(program, trace);
      const reason = unfit(run);
      if (reason !== null) return { id: program.id, questions: [], refused: [reason] };
      const other = before.get(program.code) ?? null;
      before.set(program.code, run);
      return {
        id: program.id,
        ...(request.asks === null ? chosen(run, other, request) : answered(run, other, request)),
      };
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      return { id: program.id, questions: [], refused: [{ reason: error.code, message: error.message }] };
    }
  });
}

type Answered = Pick<Asked, "questions" | "refused">;

function chosen(run: QuestionRun, other: QuestionRun | null, request: QuestionRequest): Answered {
  const choose = request.consistent ? chooseChains : chooseQuestions;
  const questions = choose({ run, other }, request);
  if (questions.length > 0) return { questions, refused: [] };
  return {
    questions,
    refused: [{ reason: "nothing-to-ask", message: "no question of these kinds has an answer that can be proven" }],
  };
}

/** What somebody else asks. */
function answered(run: QuestionRun, other: QuestionRun | null, { asks }: QuestionRequest): Answered {
  const questions: Question[] = [];
  const refused: Unfit[] = [];
  for (const [i, { id, kind, ask }] of (asks?.get(run.program.id) ?? []).entries()) {
    const draft = makerOf(kind).answer({ run, other }, ask);
    const name = id ?? `${run.program.id}/${kind}-${i + 1}`;
    if (typeof draft !== "string") questions.push(questionOf(run, kind, draft, name));
    else refused.push({ reason: "no-answer", message: `${name}: ${draft}` });
  }
  return { questions, refused };
}
