import type { Draft, Material, QuestionMaker } from "./kind.ts";
import { visitAsk } from "./path.ts";
import type { Ask } from "./question.ts";
import { LINE_RULE, running, whenRun } from "./words.ts";

/** Statements in which an exception would surprise nobody. */
const RISKY = /\braise\b|\bassert\b|\[|\/|%|\b(?:int|float|next|index|remove|pop|open)\s*\(/;
/** What ends iterations, of which not every Python tells the line. */
const OF_ITERATION = /^(?:StopIteration|StopAsyncIteration|GeneratorExit)$/;
/** What the machine decides, not the program. */
const OF_THE_MACHINE = /^(?:SystemExit|KeyboardInterrupt|RecursionError|MemoryError|OSError)$/;

/** Whether, where and with what words something is raised. */
export const exceptionMaker: QuestionMaker = {
  kind: "exception",
  title: "whether a run or a line raises, what, where, with what message",
  asks: risky,
  answer(material, ask) {
    return ask.what === "visit" ? ofVisit(material, ask) : ofRun(material, ask);
  },
};

function* risky({ run }: Material): Generator<Ask> {
  const { exception } = run.trace.outcome;
  yield { what: "type" };
  if (exception !== null) {
    yield { what: "line" };
    yield { what: "message" };
  }
  for (const visit of run.drawn) {
    if (visit.raised !== null || RISKY.test(run.source.text(visit.statement))) {
      if (run.source.isAskable(visit.line)) yield { ...visitAsk(visit), what: "visit" };
    }
  }
}

function ofRun({ run }: Material, { what = "type" }: Ask): Draft | string {
  const { exception } = run.trace.outcome;
  if (exception !== null && OF_THE_MACHINE.test(exception.type)) return "the machine decides when it is raised";
  const base = { ask: { what }, about: `exception/${what}`, tells: what === "type" ? [] : ["exception/type"] };
  if (what === "type") {
    return {
      ...base,
      prompt: `${running(run)} Does an exception end the run? Answer with the name of its type, or with \`none\`.`,
      form: "error",
      answers: [{ text: exception?.type ?? "none" }],
      proof: "how the run ended in the record",
      chance: 0.5,
    };
  }
  if (exception === null) return "no exception ends the run";
  if (what === "message") {
    const { message } = exception;
    if (message === "" || message.length > 200 || /0x[0-9a-f]{6,}/i.test(message))
      return "the message is empty, long, or holds an address";
    return {
      ...base,
      prompt: `${running(run)} The run ends with an exception of type \`${exception.type}\`. What is its message, as \`str()\` gives it? Answer with the text exactly.`,
      form: "text",
      answers: [{ text: message }],
      proof: "the message in the record",
      chance: 0,
    };
  }
  if (what !== "line") return "it says neither type, line, message nor visit";
  if (exception.line === null) return "no line of the program raises it";
  const statement = run.source.at(exception.line);
  if (statement === undefined) return "no statement of the program raises it";
  return {
    ...base,
    prompt: `${running(run)} The run ends with an exception of type \`${exception.type}\`. On which line does the statement begin that raises it, the innermost one of the program? Answer with its number.`,
    form: "line",
    answers: [{ text: String(statement.first) }],
    proof: "the line in the record",
    chance: 1 / Math.max(2, run.source.askable.length),
  };
}

function ofVisit({ run }: Material, ask: Ask): Draft | string {
  const visit = run.visit(ask);
  if (visit === undefined) return "the line does not run so often";
  if (visit.after < 0 || visit.suspended) return "the line never ended, or others ran before it did";
  if (visit.raised !== null && (OF_THE_MACHINE.test(visit.raised) || OF_ITERATION.test(visit.raised)))
    return "the machine decides when it is raised";
  return {
    ask: { ...visitAsk(visit), what: "visit" },
    prompt: `${running(run)} When ${whenRun(visit)}, which exception was first raised in it, or reached it from a function that it called? Answer with the name of its type, or with \`none\`. ${LINE_RULE}`,
    form: "error",
    answers: [{ text: visit.raised ?? "none" }],
    proof: "the exceptions that the frame saw in the record, between this statement and its next",
    chance: 0.5,
    about: `exception/${visit.event}`,
    tells: [`coverage/${visit.line}`],
  };
}
