import type { Body, Kind } from "./body.ts";
import { atom, condition, literalInts, literalOf, literalWord, literalWords, small, word } from "./expressions.ts";

// Statements that make lists, dicts and sets. Every container carries the most elements that it can have.

/** What is assigned to a new variable. */
interface Value {
  readonly kind: Kind;
  readonly expression: string;
  /** Elements at most. */
  readonly bound: number;
}

function value(kind: Kind, expression: string, bound: number): Value {
  return { kind, expression, bound };
}

function assign(b: Body, { kind, expression, bound }: Value): void {
  const name = b.name(kind);
  b.line(`${name} = ${expression}`);
  b.declare(kind, name, bound);
}

/** Assigns a new container, or what is made of one. */
export function newContainer(b: Body): void {
  assign(b, container(b));
}

function container(b: Body): Value {
  const { random } = b;
  switch (random.below(8)) {
    case 0:
    case 1:
      return newInts(b);
    case 2:
    case 3:
      return newWords(b);
    case 4:
      return newCounts(b);
    case 5:
      return newUnique(b);
    default:
      return comprehension(b);
  }
}

function newInts(b: Body): Value {
  const { random } = b;
  const source = b.settled("ints");
  if (source === undefined || random.chance(25)) {
    const length = random.between(2, 6);
    return value("ints", random.chance(20) ? `list(range(${length}))` : literalInts(b, length), length);
  }
  const { name, bound } = source;
  switch (random.below(4)) {
    case 0:
      return value("ints", `sorted(${name}${random.chance(40) ? ", reverse=True" : ""})`, bound);
    case 1:
      return value("ints", `${name}[${random.pick(["1:", "::2", "::-1", ":-1"])}]`, bound);
    case 2:
      return value("ints", `${name}[:${random.between(2, 4)}] + [${atom(b)}]`, Math.min(bound, 4) + 1);
    default:
      return value("ints", `[${atom(b)}, *${name}]`, bound + 1);
  }
}

function newWords(b: Body): Value {
  const { random } = b;
  const source = b.settled("words");
  if (source === undefined || random.chance(25)) {
    const length = random.between(2, 5);
    return value("words", literalWords(b, length), length);
  }
  const { name, bound } = source;
  switch (random.below(4)) {
    case 0:
      return value("words", `sorted(${name}, key=len)`, bound);
    case 1:
      if (!b.fits(3 * bound + 1)) return value("words", `sorted(${name})`, bound);
      b.spend(3 * bound);
      return value("words", `sorted(${name}, key=lambda w: (len(w), w))`, bound);
    case 2:
      return value("words", `${name}[${random.pick(["1:", "::2", "::-1", ":-1"])}]`, bound);
    default:
      return value("words", `${name} + [${word(b)}]`, bound + 1);
  }
}

function newCounts(b: Body): Value {
  const { random } = b;
  const words = b.settled("words");
  const values = b.settled("ints");
  if (words !== undefined && values !== undefined && random.chance(50)) {
    return value("counts", `dict(zip(${words.name}, ${values.name}))`, Math.min(words.bound, values.bound));
  }
  const length = random.between(2, 4);
  return value("counts", literalOf(b, "counts", length), length);
}

function newUnique(b: Body): Value {
  const values = b.settled("ints");
  if (values === undefined) return newInts(b);
  return value("unique", `set(${values.name})`, values.bound);
}

/** A frame of its own up to Python 3.11: a call, a return and a line for every element. */
function comprehension(b: Body): Value {
  const { random } = b;
  const overWords = random.chance(40);
  const source = b.settled(overWords ? "words" : "ints");
  if (source === undefined || !b.fits(2 * source.bound + 5)) return overWords ? newWords(b) : newInts(b);
  b.spend(2 * source.bound + 4);
  const { name, bound } = source;
  if (overWords) return overStrings(b, name, bound);
  const filter = random.chance(50) ? ` if v % ${random.between(2, 4)} ${random.pick(["==", "!="])} 0` : "";
  switch (random.below(6)) {
    case 0:
      return value("unique", `{v % ${random.between(3, 9)} for v in ${name}${filter}}`, bound);
    case 1:
      return value("ints", `[i * v for i, v in enumerate(${name})]`, bound);
    case 2: {
      b.spend(bound);
      return value("small", `sum(v * ${random.between(2, 5)} for v in ${name}${filter})`, 0);
    }
    case 3:
      return value("words", `[str(v) for v in ${name}${filter}]`, bound);
    default:
      return value(
        "ints",
        `[v ${random.pick(["+", "-", "*", "%"])} ${random.between(2, 9)} for v in ${name}${filter}]`,
        bound,
      );
  }
}

function overStrings(b: Body, name: string, bound: number): Value {
  const { random } = b;
  const filter = random.chance(40) ? ` if len(w) > ${random.between(2, 4)}` : "";
  switch (random.below(4)) {
    case 0:
      return value("counts", `{w: len(w) for w in ${name}${filter}}`, bound);
    case 1:
      return value("ints", `[len(w) for w in ${name}${filter}]`, bound);
    case 2:
      return value("ints", `[ord(w[0]) - 97 if w else 0 for w in ${name}${filter}]`, bound);
    default:
      return value(
        "words",
        `[w${random.pick([".upper()", "[::-1]", "[:3]", ".title()"])} for w in ${name}${filter}]`,
        bound,
      );
  }
}

const EMPTY = { ints: "[]", words: "[]", counts: "{}", unique: "set()", int: "0", text: '""' } as const;

/** Something that a loop fills. */
export function newAccumulator(b: Body): void {
  const { random, knobs } = b;
  const kinds: (keyof typeof EMPTY)[] = ["int"];
  if (knobs.strings > 0) kinds.push("text");
  if (knobs.containers > 0) kinds.push("ints", "words", "counts", "unique");
  const kind = random.chance(25) ? "int" : random.pick(kinds);
  assign(b, value(kind, EMPTY[kind], 0));
}

/** One line that changes an accumulator; false when there is none. */
export function accumulate(b: Body): boolean {
  const { random } = b;
  const found = b.accumulator();
  if (found === undefined) return false;
  const { name, kind, type } = found;
  switch (kind) {
    case "int":
      if (random.chance(20))
        b.line(`${name} = (${name} * ${random.between(2, 31)} + ${atom(b)}) % ${random.between(97, 9_973)}`);
      else b.line(`${name} ${random.pick(["+=", "+=", "-=", "^="])} ${small(b, 1)}`);
      return true;
    case "text":
      b.line(`${name} += ${word(b)}${random.chance(40) ? ` + "${random.pick(["-", " ", "."])}"` : ""}`);
      return true;
    case "object":
      if (type === undefined || !b.fits(type.cost + 1)) return false;
      b.spend(type.cost);
      b.line(`${name}.${type.method}(${small(b, 1)})`);
      return true;
    case "counts": {
      const key = b.any("word")?.name ?? literalWord(b);
      b.line(random.chance(60) ? `${name}[${key}] = ${name}.get(${key}, 0) + 1` : `${name}[${key}] = ${small(b, 1)}`);
      break;
    }
    case "unique":
      b.line(`${name}.add(${small(b, 1)})`);
      break;
    case "words":
      b.line(`${name}.append(${word(b)})`);
      break;
    default:
      b.line(random.chance(80) ? `${name}.append(${small(b, 1)})` : `${name}.insert(0, ${atom(b)})`);
  }
  b.grow(found);
  return true;
}

/** An accumulator that is filled if a condition holds. */
export function accumulateIf(b: Body): void {
  b.line(`if ${condition(b, 1)}:`);
  b.block(() => {
    if (!accumulate(b)) b.line("pass");
  });
}
