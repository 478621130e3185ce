import type { Value } from "../../record/trace/value.ts";
import type { Draft, Material, QuestionMaker } from "./kind.ts";
import { follower, nextFact, visitAsk } from "./path.ts";
import type { Ask } from "./question.ts";
import type { Visit } from "./run.ts";
import { valueFact } from "./state.ts";
import { isOwnName, unaskable } from "./values.ts";
import { LINE_RULE, running, whenRun } from "./words.ts";

const MOST_NAMES = 12;

/** A single step: from a line and a state to the next. */
export const stepMaker: QuestionMaker = {
  kind: "step",
  title: "from a line and the state before it: the state after it and what comes next",
  *asks({ run }) {
    for (const visit of run.drawn) if (run.source.isAskable(visit.line)) yield visitAsk(visit);
  },
  answer({ run }, ask) {
    const visit = run.visit(ask);
    if (visit === undefined) return "the line does not run so often";
    if (visit.after < 0 || visit.suspended) return "the line never ended, or others ran before it did";
    if (visit.frame.kind !== "function") return "the line is in no function";
    if (visit.statement.inline && visit.statement.loop) return "the line is a whole loop";
    const before = shown(run.before(visit));
    const after = shown(run.after(visit));
    if (typeof before === "string") return before;
    if (typeof after === "string") return after;
    const next = visit.ending === "raise" ? visit.raised : follower(run, visit);
    if (next === null) return "what comes next is no statement, or never came";
    if (sharesObjects(run.before(visit))) return "two names hold one object, which the state does not say";
    if (dependsOnMore(visit, run.source.text(visit.statement)))
      return "what the line does depends on more than this state";
    const draft: Draft = {
      ask: { ...visitAsk(visit), given: Object.fromEntries(before) },
      prompt: `In a call of \`${visit.frame.name}\`, line ${visit.line} is about to run, and its names hold ${dict(before)}. What do they hold when the line has run once, and what comes next in this call? Answer with a tuple of a dict (every name that holds something, with its value) and a str: the number of the next line, \`return\`, or the name of the exception's type if one leaves the call, as in \`({'n': 3}, '7')\`. ${LINE_RULE} Lines that say only \`try:\`, \`else:\` or \`finally:\` do not count.`,
      form: "step",
      answers: [{ text: `(${dict(after)}, '${next}')` }],
      proof: "the states before and after the line in the record, and the frame's next statement",
      chance: 0,
      about: `step/${visit.event}`,
      tells: [nextFact(visit), ...[...after.keys()].map((name) => valueFact(visit, name)), `coverage/${visit.line}`],
    };
    return draft;
  },
};

/** The state before, given the one after. */
export const backwardMaker: QuestionMaker = {
  kind: "backward",
  title: "what a name held before a line ran, given the state after it",
  asks: overwritten,
  answer({ run }, ask) {
    const visit = run.visit(ask);
    const { name } = ask;
    if (visit === undefined || name === undefined) return "the line does not run so often, or no name is asked for";
    if (visit.after < 0 || visit.suspended) return "the line never ended, or others ran before it did";
    const value = run.before(visit).get(name);
    if (value === undefined) return "the name held nothing";
    const refused = unaskable(value);
    if (refused !== null) return refused;
    const after = shown(run.after(visit));
    if (typeof after === "string") return after;
    return {
      ask: { ...visitAsk(visit), name, given: Object.fromEntries(after) },
      prompt: `${running(run)} Right after ${whenRun(visit)}, the names hold ${dict(after)}. What did \`${name}\` hold right before this line ran? Answer with a Python literal. ${LINE_RULE}`,
      form: "literal",
      answers: [{ text: value.repr, type: value.type }],
      proof: "the state of the frame in the record, before the line ran",
      chance: 0.05,
      about: `${valueFact(visit, name)}/before`,
      tells: [...[...after.keys()].map((known) => valueFact(visit, known)), `coverage/${visit.line}`],
    };
  },
};

function* overwritten({ run }: Material): Generator<Ask> {
  for (const visit of run.drawn) {
    if (visit.after < 0 || visit.suspended || visit.frame.kind === "class" || !run.source.isAskable(visit.line))
      continue;
    const after = run.after(visit);
    for (const [name, value] of run.before(visit)) {
      if (isOwnName(name) && after.get(name)?.repr !== value.repr) yield { ...visitAsk(visit), name };
    }
  }
}

/** Every name with a value that can be shown, or why one cannot. */
function shown(state: ReadonlyMap<string, Value>): Map<string, string> | string {
  const texts = new Map<string, string>();
  for (const [name, value] of state) {
    if (!isOwnName(name)) continue;
    const refused = unaskable(value);
    if (refused !== null) return refused;
    texts.set(name, value.repr);
  }
  return texts.size > MOST_NAMES ? `more than ${MOST_NAMES} names hold something` : texts;
}

/**
 * Whether the state of the frame's names does not decide what the line does: a loop goes on where its iterator stands, an
 * exception is handled, objects are shared, functions and globals may have changed.
 */
function dependsOnMore({ nth, raised, ending, frame }: Visit, text: string): boolean {
  if (raised !== null && ending !== "raise") return true;
  if (
    /^(?:for|async|with|except|finally|raise$|return\b.*\byield\b)|\b(?:global|nonlocal|next|input|await|yield)\b/.test(
      text,
    )
  ) {
    return !/^for\b/.test(text) || nth > 1 || frame.generator;
  }
  return false;
}

function sharesObjects(state: ReadonlyMap<string, Value>): boolean {
  const seen = new Set<number>();
  for (const { identity } of state.values()) {
    if (identity === null) continue;
    if (seen.has(identity)) return true;
    seen.add(identity);
  }
  return false;
}

function dict(state: ReadonlyMap<string, string>): string {
  return `{${Array.from(state, ([name, text]) => `'${name}': ${text}`).join(", ")}}`;
}
