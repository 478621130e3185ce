import type { Value } from "../../record/trace/value.ts";
import type { Draft, Material, QuestionMaker } from "./kind.ts";
import { visitAsk } from "./path.ts";
import { type Ask, UNBOUND } from "./question.ts";
import type { Visit } from "./run.ts";
import { blindGuess, isOwnName, unaskable } from "./values.ts";
import { LINE_RULE, running, whenRun } from "./words.ts";

/** Value and type of a name after a visit. */
export const stateMaker: QuestionMaker = {
  kind: "state",
  title: "the value and type of a name after a line has run, or that it holds none",
  asks: changedNames,
  answer(material, ask) {
    const found = nameAfter(material, ask);
    if (typeof found === "string") return found;
    const { visit, name, value } = found;
    const draft: Draft = {
      ask: { ...visitAsk(visit), name },
      prompt: `${running(material.run)} What does the name \`${name}\` hold right after ${whenRun(visit)}? Answer with the value as a Python literal and its type, as in \`3; int\`, or with \`${UNBOUND}\` if the name holds nothing then. ${LINE_RULE}`,
      form: "value-type",
      answers: value === null ? [{ text: UNBOUND }] : [{ text: value.repr, type: value.type }],
      proof: "the state of the frame in the record, when the line was over",
      chance: value === null ? 0.1 : blindGuess(value),
      about: valueFact(visit, name),
      tells: [`coverage/${visit.line}`],
    };
    return draft;
  },
};

/** The type alone, which may be one whose values are no literals. */
export const typeMaker: QuestionMaker = {
  kind: "type",
  title: "the type of a name's value after a line has run",
  asks: changedNames,
  answer(material, ask) {
    const found = nameAfter(material, ask, true);
    if (typeof found === "string") return found;
    const { visit, name, value } = found;
    const types = new Set<string>();
    for (const other of material.run.drawn) {
      if (other.line === visit.line && other.after >= 0)
        types.add(material.run.after(other).get(name)?.type ?? UNBOUND);
    }
    const draft: Draft = {
      ask: { ...visitAsk(visit), name },
      prompt: `${running(material.run)} What is the type of what the name \`${name}\` holds right after ${whenRun(visit)}? Answer with the type's name, as \`type(x).__name__\` gives it, or with \`${UNBOUND}\` if the name holds nothing then. ${LINE_RULE}`,
      form: "text",
      answers: [{ text: value?.type ?? UNBOUND }],
      proof: "the type of the value in the record, when the line was over",
      chance: 1 / Math.max(2, types.size),
      about: valueFact(visit, name),
      tells: [`coverage/${visit.line}`],
    };
    return draft;
  },
};

export function valueFact({ frame, line, nth }: Visit, name: string): string {
  return `value/${frame.name}/${frame.nth}/${line}/${nth}/${name}`;
}

interface NameAfter {
  readonly visit: Visit;
  readonly name: string;
  /** null: unbound. */
  readonly value: Value | null;
}

function nameAfter({ run }: Material, ask: Ask, anyValue: boolean = false): NameAfter | string {
  const visit = run.visit(ask);
  const { name } = ask;
  if (visit === undefined) return "the line does not run so often";
  if (name === undefined) return "no name is asked for";
  if (visit.after < 0) return "the line never ended";
  if (visit.suspended) return "others ran before the line was over";
  if (!visit.frame.names.has(name)) return "the name is never bound there";
  const value = run.after(visit).get(name) ?? null;
  const refused = value === null || anyValue ? null : unaskable(value);
  return refused ?? { visit, name, value };
}

/** For every visit the names that it changed, then one that it did not, which may be unbound. */
function* changedNames({ run }: Material): Generator<Ask> {
  for (const visit of run.drawn) {
    if (visit.after < 0 || visit.suspended || !run.source.isAskable(visit.line)) continue;
    if (visit.frame.kind === "class") continue;
    const before = run.before(visit);
    const after = run.after(visit);
    for (const name of visit.frame.names) {
      if (!isOwnName(name) || before.get(name)?.repr === after.get(name)?.repr) continue;
      yield { ...visitAsk(visit), name };
    }
    const kept = [...visit.frame.names].filter(isOwnName);
    const name = kept[visit.event % Math.max(1, kept.length)];
    if (name !== undefined && before.get(name)?.repr === after.get(name)?.repr) yield { ...visitAsk(visit), name };
  }
}
