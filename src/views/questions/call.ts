import type { Draft, Material, QuestionMaker } from "./kind.ts";
import type { Ask } from "./question.ts";
import type { QuestionRun } from "./run.ts";
import { blindGuess, isOwnName, unaskable } from "./values.ts";
import { running, within } from "./words.ts";

const MOST_EDGES = 12;

/** What calls are given and give, and which functions call which. */
export const callMaker: QuestionMaker = {
  kind: "call",
  title: "an argument or the return value of a call; which functions call which",
  asks: calls,
  answer(material, ask) {
    if (ask.what === "edges") return edges(material);
    return ask.what === "argument" ? argument(material, ask) : returned(material, ask);
  },
};

function* calls({ run }: Material): Generator<Ask> {
  yield { what: "edges" };
  for (const { kind, generator, name, nth, call, parent } of run.frames.slice(0, 400)) {
    if (kind !== "function" || generator || parent === null) continue;
    yield { function: name, frame: nth, what: "return" };
    for (const parameter of run.trace.stateAt(call).keys()) {
      if (isOwnName(parameter)) yield { function: name, frame: nth, name: parameter, what: "argument" };
    }
  }
}

function plainCall(run: QuestionRun, { function: name, frame: nth = 1 }: Ask) {
  const frame = name === undefined ? undefined : run.frame(name, nth);
  if (frame === undefined || frame.kind !== "function" || frame.generator)
    return "there is no such call of a plain function";
  return frame;
}

function argument({ run }: Material, ask: Ask): Draft | string {
  const frame = plainCall(run, ask);
  if (typeof frame === "string") return frame;
  const { name = "" } = ask;
  const value = run.trace.stateAt(frame.call).get(name);
  if (value === undefined) return "the function has no such parameter";
  const refused = unaskable(value);
  if (refused !== null) return refused;
  return {
    ask: { function: frame.name, frame: frame.nth, name, what: "argument" },
    prompt: `${running(run)} What does the parameter \`${name}\` hold when its body begins to run ${within(frame)}? Answer with a Python literal.`,
    form: "literal",
    answers: [{ text: value.repr, type: value.type }],
    proof: "the state of the frame in the record, when it was called",
    chance: blindGuess(value),
    about: `call/${frame.name}/${frame.nth}/${name}`,
    tells: [],
  };
}

function returned({ run }: Material, ask: Ask): Draft | string {
  const frame = plainCall(run, ask);
  if (typeof frame === "string") return frame;
  if (frame.returned === null) return frame.unwound ? "an exception leaves the call" : "the call never ended";
  const refused = unaskable(frame.returned);
  if (refused !== null) return refused;
  return {
    ask: { function: frame.name, frame: frame.nth, what: "return" },
    prompt: `${running(run)} What is returned ${within(frame)}? Calls are counted in the order in which they begin. Answer with a Python literal.`,
    form: "literal",
    answers: [{ text: frame.returned.repr, type: frame.returned.type }],
    proof: "what the frame returned in the record",
    chance: blindGuess(frame.returned),
    about: frame.parent === null ? "output" : `call/${frame.name}/${frame.nth}/return`,
    tells: [],
  };
}

function edges({ run }: Material): Draft | string {
  const found = new Set<string>();
  for (const { kind, generator, name, parent } of run.frames) {
    if (generator || parent?.generator) return "there are generators, whose calls run later";
    if (kind === "class" || parent?.kind === "class") return "there are classes, whose bodies are calls of their own";
    if (kind === "function") found.add(`('${parent?.name ?? "<module>"}', '${name}')`);
  }
  if (found.size < 2 || found.size > MOST_EDGES) return `there are not 2 to ${MOST_EDGES} edges`;
  return {
    ask: { what: "edges" },
    prompt: `${running(run)} Which functions of the program call which in this run? Answer with a list of pairs (caller, called) of qualified names, each pair once, as in \`[('<module>', 'f'), ('f', 'g')]\`; \`<module>\` is the program's top level and the expression that is evaluated. Calls from within a comprehension or a lambda are calls of the function around it.`,
    form: "edges",
    answers: [{ text: `[${[...found].join(", ")}]` }],
    proof: "the parents of the frames in the record",
    chance: 0,
    policy: { orderless: true },
    about: "call/edges",
    tells: [],
  };
}
