import type { Body } from "./body.ts";
import { accumulate, accumulateIf, newAccumulator, newContainer } from "./containers.ts";
import { atom, called, condition, literalWord, remainder, small, text, word } from "./expressions.ts";
import type { Knobs } from "./generate-options.ts";

type Statement = "number" | "string" | "container" | "branch" | "for" | "while" | "try" | "call" | "object" | "add";

/** How often each kind of statement is drawn. */
function statementWeights(knobs: Knobs): readonly Statement[] {
  const weights: Record<Statement, number> = {
    number: 3,
    add: 4,
    string: knobs.strings,
    container: knobs.containers,
    branch: knobs.depth > 0 ? 4 : 0,
    for: knobs.depth > 0 ? 5 : 0,
    while: knobs.depth > 0 ? 1 : 0,
    try: knobs.exceptions,
    call: 2 * Math.min(knobs.calls, 2),
    object: 2 * Math.min(knobs.classes, 2),
  };
  return Object.entries(weights).flatMap(([kind, weight]) => Array.from({ length: weight }, () => kind as Statement));
}

/** Writes a function's statements. */
export class Statements {
  readonly #weights: readonly Statement[];

  constructor(knobs: Knobs) {
    this.#weights = statementWeights(knobs);
  }

  /** A loop, where loops are wanted. */
  loop(b: Body, depth: number): void {
    if (depth > 0) this.#for(b, depth - 1);
  }

  /** `depth` is how many more loops and conditions may be inside one another. */
  several(b: Body, count: number, depth: number): void {
    for (let i = 0; i < count; i++) this.#one(b, depth);
  }

  #one(b: Body, depth: number): void {
    const kind = b.random.pick(this.#weights);
    if (depth > 0 && kind === "branch") this.#branch(b, depth - 1);
    else if (depth > 0 && kind === "for") this.#for(b, depth - 1);
    else if (depth > 0 && kind === "while") this.#while(b, depth - 1);
    else FLAT[kind](b);
  }

  #branch(b: Body, depth: number): void {
    const { random } = b;
    b.line(`if ${condition(b, 1)}:`);
    b.block(() => this.#inner(b, depth));
    if (random.chance(25)) {
      b.line(`elif ${condition(b, 1)}:`);
      b.block(() => this.#inner(b, depth));
    }
    if (random.chance(50)) {
      b.line("else:");
      b.block(() => this.#inner(b, depth));
    }
  }

  /** What a loop or a branch does: at least one line that is seen from outside. */
  #inner(b: Body, depth: number): void {
    if (b.random.chance(30)) this.#one(b, depth);
    if (!accumulate(b)) newNumber(b);
  }

  #for(b: Body, depth: number): void {
    if (!b.hasAccumulator() || b.random.chance(30)) newAccumulator(b);
    const header = loopHeader(b);
    if (!b.fits(header.most * 6 + 2)) {
      newNumber(b);
      return;
    }
    b.loop(header.line, header.most, () => {
      for (const [kind, name] of header.variables) b.declare(kind, name, 0, true);
      this.#turn(b, depth);
      if (b.random.chance(10)) jump(b, "break");
    });
  }

  #while(b: Body, depth: number): void {
    if (!b.hasAccumulator()) newAccumulator(b);
    const most = b.random.between(2, 5);
    if (!b.fits(most * 7 + 3)) {
      newNumber(b);
      return;
    }
    const name = b.name("small");
    b.line(`${name} = ${most}`);
    b.declare("small", name, 0, true);
    b.loop(`while ${name} > 0${b.random.chance(25) ? ` and ${condition(b, 0)}` : ""}:`, most, () => {
      // First, so that no "continue" can leave it out.
      b.line(`${name} -= 1`);
      this.#turn(b, depth);
    });
  }

  #turn(b: Body, depth: number): void {
    const { random } = b;
    if (random.chance(15)) jump(b, "continue");
    if (depth > 0 && random.chance(60)) this.#one(b, depth);
    if (random.chance(35)) accumulateIf(b);
    if (!accumulate(b)) newNumber(b);
  }
}

interface LoopHeader {
  line: string;
  most: number;
  variables: readonly (readonly ["small" | "word", string])[];
}

function loopHeader(b: Body): LoopHeader {
  const { random } = b;
  const first = random.below(6);
  // The next kind where there is nothing of the one that was drawn.
  const kinds = [overNumbers, overWords, overItems];
  for (let turn = 0; first < 5 && turn < kinds.length; turn++) {
    const header = kinds[(first + turn) % kinds.length]?.(b);
    if (header !== undefined) return header;
  }
  const number = b.name("small");
  const most = random.between(2, 6);
  const range = random.chance(50) ? `${most}` : `min(${atom(b)}, ${most})`;
  return { line: `for ${number} in range(${range}):`, most, variables: [["small", number]] };
}

function overNumbers(b: Body): LoopHeader | undefined {
  const list = b.settled("ints");
  if (list === undefined) return undefined;
  const most = list.bound;
  const number = b.name("small");
  if (b.random.chance(70)) return { line: `for ${number} in ${list.name}:`, most, variables: [["small", number]] };
  const variables = [
    ["small", "i"],
    ["small", number],
  ] as const;
  return { line: `for i, ${number} in enumerate(${list.name}):`, most, variables };
}

function overWords(b: Body): LoopHeader | undefined {
  const list = b.settled("words");
  if (list === undefined) return overCharacters(b);
  const name = b.name("word");
  const other = b.random.chance(30) ? b.settled("ints") : undefined;
  if (other === undefined)
    return { line: `for ${name} in ${list.name}:`, most: list.bound, variables: [["word", name]] };
  const number = b.name("small");
  const variables = [
    ["word", name],
    ["small", number],
  ] as const;
  const most = Math.min(list.bound, other.bound);
  return { line: `for ${name}, ${number} in zip(${list.name}, ${other.name}):`, most, variables };
}

function overCharacters(b: Body): LoopHeader | undefined {
  const found = b.any("word");
  return found && { line: `for ch in ${found.name}[:6]:`, most: 6, variables: [["word", "ch"]] };
}

function overItems(b: Body): LoopHeader | undefined {
  const counts = b.settled("counts");
  if (counts === undefined) return undefined;
  const key = b.name("word");
  const number = b.name("small");
  const variables = [
    ["word", key],
    ["small", number],
  ] as const;
  return { line: `for ${key}, ${number} in sorted(${counts.name}.items()):`, most: counts.bound, variables };
}

function jump(b: Body, how: "break" | "continue"): void {
  b.line(`if ${condition(b, 0)}:`);
  b.block(() => b.line(how));
}

function newNumber(b: Body): void {
  const { random } = b;
  const old = random.chance(20) ? b.open("small") : undefined;
  if (old !== undefined) {
    b.line(`${old.name} = ${remainder(small(b, 1), random.between(7, 200))}`);
    return;
  }
  const name = b.name("small");
  b.line(`${name} = ${small(b, 2)}`);
  // A loop that multiplied what it was given before would let it grow.
  b.declare("small", name);
}

function newString(b: Body): void {
  const kind = b.random.chance(60) ? "word" : "text";
  const name = b.name(kind);
  b.line(`${name} = ${kind === "word" ? word(b) : text(b)}`);
  b.declare(kind, name, 0, kind === "word");
}

function accumulateOrNumber(b: Body): void {
  if (!accumulate(b)) newNumber(b);
}

export function callHelper(b: Body): void {
  const kind = b.random.pick(["small", "small", "text", "ints"] as const);
  const call = called(b, kind);
  if (call === undefined) {
    accumulateOrNumber(b);
    return;
  }
  const name = b.name(kind);
  b.line(`${name} = ${call}`);
  b.declare(kind, name, kind === "ints" ? HELPER_ELEMENTS : 0, true);
}

/** Elements of a list that a helper returns, at most: it cuts it. */
export const HELPER_ELEMENTS = 6;

export function newObject(b: Body): void {
  const { classes, random } = b;
  const type = classes.length === 0 ? undefined : random.pick(classes);
  if (type === undefined || !b.fits(type.cost + 6)) {
    accumulateOrNumber(b);
    return;
  }
  const name = b.name("object");
  b.spend(type.cost + 5);
  b.line(`${name} = ${type.name}(${atom(b)})`);
  b.declare("object", name, 0, false, type);
}

/** What may fail, and what then. */
const RISKS: readonly (readonly [(b: Body) => string | undefined, string])[] = [
  [(b) => `${small(b, 1)} // (${atom(b)} % 3)`, "ZeroDivisionError"],
  [(b) => `int(${word(b)})`, "ValueError"],
  [(b) => indexed(b, "counts", word(b)), "KeyError"],
  [(b) => indexed(b, "ints", String(b.random.between(1, 6))), "IndexError"],
  [(b) => `${atom(b)} + ${word(b)}`, "TypeError"],
  [(b) => `{${literalWord(b)}: ${atom(b)}}[${word(b)}]`, "KeyError"],
];

function indexed(b: Body, kind: "counts" | "ints", index: string): string | undefined {
  const found = b.any(kind);
  return found === undefined ? undefined : `${found.name}[${index}]`;
}

function handled(b: Body): void {
  const { random } = b;
  const [risk, error] = random.pick(RISKS);
  const expression = risk(b) ?? `int(${word(b)})`;
  const name = b.name("small");
  b.line("try:");
  b.block(() => {
    b.line(`${name} = ${expression}`);
    if (b.knobs.depth > 0 && random.chance(25)) guard(b);
    b.spend(1);
  });
  // The expression that stands in for another one fails in another way.
  const errors = `(${[...new Set([error, "ValueError"])].join(", ")})`;
  b.line(random.chance(30) ? `except ${errors} as error:` : `except ${errors}:`);
  b.block(() => b.line(`${name} = ${random.between(-1, 9)}`));
  if (random.chance(20)) {
    b.line("finally:");
    b.block(() => {
      if (!accumulate(b)) b.line("pass");
    });
  }
  b.declare("small", name);
}

function guard(b: Body): void {
  b.line(`if ${condition(b, 0)}:`);
  b.block(() => b.line(`raise ValueError(f"bad value: {${atom(b)}}")`));
}

/** What is written where nothing may be nested any deeper. */
const FLAT: Readonly<Record<Statement, (b: Body) => void>> = {
  number: newNumber,
  add: accumulateOrNumber,
  string: newString,
  container: newContainer,
  branch: newNumber,
  for: accumulateOrNumber,
  while: accumulateOrNumber,
  try: handled,
  call: callHelper,
  object: newObject,
};
