import type { Draft, Material, QuestionMaker } from "./kind.ts";
import { counted, nextFact, visitAsk } from "./path.ts";
import type { Ask } from "./question.ts";
import type { FrameRun, QuestionRun, Visit } from "./run.ts";
import { aboutToRun, LINE_RULE, running } from "./words.ts";

const COMMANDS = {
  into: "steps into (goes to the next line that runs, wherever it is)",
  over: "steps over (goes to the next line that runs in this call, or in a caller once this call is over)",
  out: "steps out (goes to the next line that runs in a caller, once this call is over)",
  continue: "continues",
} as const;

/** Where a debugger stops next. */
export const debugMaker: QuestionMaker = {
  kind: "debug",
  title: "where a debugger stops after step into, over, out, or continue",
  *asks({ run }) {
    for (const visit of run.drawn) {
      if (visit.frame.kind !== "function" || visit.frame.generator || !run.source.isAskable(visit.line)) continue;
      const commands = ["into", "over", "out", "continue"] as const;
      const command = commands[visit.event % commands.length] as (typeof commands)[number];
      const breakpoint = run.source.askable[(visit.event * 7) % run.source.askable.length];
      yield {
        ...visitAsk(visit),
        command,
        ...(command === "continue" && breakpoint !== undefined ? { breakpoint } : {}),
      };
    }
  },
  answer: stop,
};

function stop({ run }: Material, ask: Ask): Draft | string {
  const visit = run.visit(ask);
  const { command, breakpoint } = ask;
  if (visit === undefined || command === undefined) return "the line does not run so often, or no command is given";
  if (run.frames.some(({ generator }) => generator)) return "there are generators, into which calls go back";
  if (command === "continue" && (breakpoint === undefined || !run.source.isAskable(breakpoint)))
    return "there is no line to stop at";
  const next = nextStop(run, visit, command, breakpoint ?? 0);
  if (next === null && visit.ending === null && visit.next === null) return "the line never ended";
  if (command === "into" && next !== null && passesHidden(run, visit, next))
    return "a comprehension, a lambda or the library runs in between";
  if (next !== null && run.source.text(next.statement).startsWith("@")) return "a decorator is no statement";
  const does =
    command === "continue" ? `has a breakpoint on line ${breakpoint} and ${COMMANDS.continue}` : COMMANDS[command];
  return {
    ask: { ...visitAsk(visit), command, ...(breakpoint === undefined ? {} : { breakpoint }) },
    prompt: `${running(run)} A debugger has stopped where ${aboutToRun(visit)}. It ${does}. On which line does it stop next? Answer with the line's number, or with \`end\` if the run ends first. ${LINE_RULE} It does not stop on lines that say only \`try:\`, \`else:\` or \`finally:\`, nor in comprehensions and lambdas.`,
    form: "line",
    answers: [{ text: next === null ? "end" : String(next.line) }],
    proof: "the statements that run after this one in the record",
    chance: 0.3,
    about: `debug/${visit.event}/${command}/${breakpoint ?? 0}`,
    tells: [nextFact(visit), `coverage/${visit.line}`],
  };
}

function nextStop(run: QuestionRun, visit: Visit, command: keyof typeof COMMANDS, breakpoint: number): Visit | null {
  const callers = new Set<FrameRun>();
  for (let frame = visit.frame.parent; frame !== null; frame = frame.parent) callers.add(frame);
  for (let place = visit.place + 1; place < run.visits.length; place++) {
    const later = run.visits[place] as Visit;
    if (counted(run, later) !== later) continue;
    if (command === "continue" ? later.line === breakpoint : command === "into") return later;
    if (command === "over" ? later.frame === visit.frame || callers.has(later.frame) : callers.has(later.frame)) {
      if (command !== "continue") return later;
    }
  }
  return null;
}

function passesHidden(run: QuestionRun, from: Visit, to: Visit): boolean {
  const { eventFrame } = run.trace.decoder.index;
  for (let event = from.event; event < to.event; event++) if (run.isHidden(eventFrame.at(event))) return true;
  return false;
}
