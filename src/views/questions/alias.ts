import type { Value } from "../../record/trace/value.ts";
import type { Material, QuestionMaker } from "./kind.ts";
import { visitAsk } from "./path.ts";
import type { Ask } from "./question.ts";
import { isOwnName } from "./values.ts";
import { LINE_RULE, running, whenRun } from "./words.ts";

/** Types whose objects can be changed, so that sharing one can be seen. */
const CHANGEABLE = /^(?:list|dict|set|bytearray|deque|defaultdict|Counter|OrderedDict)$/;

/** Whether two names hold one object. */
export const aliasMaker: QuestionMaker = {
  kind: "alias",
  title: "whether two names hold the same object after a line has run",
  asks: pairs,
  answer({ run }, ask) {
    const visit = run.visit(ask);
    const { name, other } = ask;
    if (visit === undefined || name === undefined || other === undefined)
      return "the line does not run so often, or names are missing";
    if (visit.after < 0 || visit.suspended) return "the line never ended, or others ran before it did";
    const state = run.after(visit);
    const [one, two] = [state.get(name), state.get(other)];
    if (one === undefined || two === undefined || !isShared(one) || !isShared(two))
      return "they do not both hold an object that can be changed";
    const same = one.identity === two.identity;
    return {
      ask: { ...visitAsk(visit), name, other },
      prompt: `${running(run)} Right after ${whenRun(visit)}, do the names \`${name}\` and \`${other}\` hold the same object, so that a change made through one is seen through the other? Answer with YES or NO. ${LINE_RULE}`,
      form: "yes-no",
      answers: [{ text: same ? "YES" : "NO" }],
      proof: "the identities of the two objects in the record",
      chance: 0.5,
      about: `alias/${visit.frame.name}/${visit.frame.nth}/${[name, other].sort().join("/")}`,
      tells: [`coverage/${visit.line}`],
    };
  },
};

function isShared({ type, identity }: Value): boolean {
  return identity !== null && CHANGEABLE.test(type);
}

/** Pairs of names, those of equal values first: they might be one object or two. */
function* pairs({ run }: Material): Generator<Ask> {
  const later: Ask[] = [];
  const seen = new Set<string>();
  for (const visit of run.drawn) {
    if (visit.after < 0 || visit.suspended || visit.frame.kind === "class" || !run.source.isAskable(visit.line))
      continue;
    const shared = Array.from(run.after(visit))
      .filter(([name, value]) => isOwnName(name) && isShared(value))
      .slice(0, 8);
    for (const [i, [name, value]] of shared.entries()) {
      for (const [other, second] of shared.slice(i + 1)) {
        const key = `${visit.frame.name} ${name} ${other} ${value.identity === second.identity}`;
        if (seen.has(key) || value.type !== second.type) continue;
        seen.add(key);
        const ask = { ...visitAsk(visit), name, other };
        if (value.repr === second.repr) yield ask;
        else later.push(ask);
      }
    }
  }
  yield* later;
}
