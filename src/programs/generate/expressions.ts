import { type Body, type Kind, MOST_ARGUMENT_ELEMENTS, type Signature, type Variable } from "./body.ts";
import { WORDS } from "./words.ts";

// Python expressions that cannot fail: divisors are literals, indexes are guarded, and what is long is cut.

export function literalWord(b: Body): string {
  return `"${b.random.pick(WORDS)}"`;
}

export function literalInts(b: Body, length: number): string {
  const { random } = b;
  let text = "";
  for (let i = 0; i < length; i++) text += `${i === 0 ? "" : ", "}${random.between(-9, 40)}`;
  return `[${text}]`;
}

export function literalWords(b: Body, length: number): string {
  let text = "";
  for (let i = 0; i < length; i++) text += `${i === 0 ? "" : ", "}${literalWord(b)}`;
  return `[${text}]`;
}

/** Keys may repeat, as they may in Python. */
function literalCounts(b: Body, length: number): string {
  let text = "";
  for (let i = 0; i < length; i++) text += `${i === 0 ? "" : ", "}${literalWord(b)}: ${b.random.between(0, 20)}`;
  return `{${text}}`;
}

/** A name, a length or a literal: something that a `*` may stand behind. */
export function atom(b: Body): string {
  if (b.random.chance(85)) {
    const found = b.any("small")?.name ?? measured(b);
    if (found !== undefined) return found;
  }
  return String(b.random.between(1, 30));
}

/** A call of a name, without another one inside. */
const CALL = /^\w+\([^()]*\)$/;

/** In brackets where it needs them. */
function bracketed(expression: string): string {
  return expression.includes(" ") && !CALL.test(expression) ? `(${expression})` : expression;
}

/** Below `most`. */
export function remainder(expression: string, most: number): string {
  return `${bracketed(expression)} % ${most}`;
}

/** A bounded number. */
export function small(b: Body, depth: number): string {
  const { random } = b;
  switch (depth === 0 ? 0 : random.below(16)) {
    case 1:
    case 2:
      return `${small(b, depth - 1)} ${random.chance(60) ? "+" : "-"} ${atom(b)}`;
    case 3:
      return `${atom(b)} * ${random.between(2, 9)}`;
    case 4:
      return remainder(small(b, depth - 1), random.between(2, 50));
    case 5:
      return `${atom(b)} // ${random.between(2, 7)}`;
    case 6:
      return `abs(${small(b, depth - 1)})`;
    case 7:
      return `${random.chance(50) ? "max" : "min"}(${small(b, depth - 1)}, ${random.between(0, 25)})`;
    case 8:
    case 9:
      return measured(b) ?? atom(b);
    case 10:
      return reduced(b) ?? atom(b);
    case 11:
    case 12:
      return called(b, "small") ?? atom(b);
    case 13:
      return `(${atom(b)} if ${condition(b, 0)} else ${small(b, depth - 1)})`;
    case 14: {
      const total = b.any("int");
      return total === undefined ? atom(b) : `${total.name} % ${random.between(5, 99)}`;
    }
    case 15: {
      const object = b.any("object");
      return object?.type === undefined
        ? atom(b)
        : `${object.name}.${object.type.attribute} % ${random.between(5, 60)}`;
    }
    default:
      return atom(b);
  }
}

function measured(b: Body): string | undefined {
  const found = b.measurable();
  return found === undefined ? undefined : `len(${found.name})`;
}

function reduced(b: Body): string | undefined {
  const { random } = b;
  if (random.chance(30)) {
    const counts = b.any("counts");
    return counts === undefined ? undefined : `${counts.name}.get(${word(b)}, ${random.below(3)})`;
  }
  const list = b.settled("ints");
  if (list === undefined) return undefined;
  switch (random.below(4)) {
    case 0:
      return `sum(${list.name})`;
    case 1:
      return `max(${list.name}, default=${random.below(9)})`;
    case 2:
      return `(${list.name}[${random.chance(50) ? "0" : "-1"}] if ${list.name} else ${random.below(9)})`;
    default:
      return `${list.name}.count(${atom(b)})`;
  }
}

/** A call of a helper that returns the kind, when there is one and it fits. */
export function called(b: Body, returns: Kind): string | undefined {
  const { helpers, random } = b;
  if (helpers.length === 0) return undefined;
  const helper = random.pick(helpers);
  if (helper.returns !== returns || !b.fits(helper.cost + 3)) return undefined;
  b.spend(helper.cost);
  return `${helper.name}(${callArguments(b, helper)})`;
}

function callArguments(b: Body, helper: Signature): string {
  return helper.parameters.map((kind) => argument(b, kind)).join(", ");
}

function argument(b: Body, kind: Kind): string {
  if (kind === "word") return word(b);
  if (kind === "small") return `${atom(b)} % ${b.random.between(5, 40)}`;
  const found = b.settled(kind);
  if (found === undefined) return literalOf(b, kind, b.random.between(2, 4));
  // A dict cannot be sliced.
  if (found.bound <= MOST_ARGUMENT_ELEMENTS) return found.name;
  return kind === "counts" ? literalCounts(b, 3) : `${found.name}[:${MOST_ARGUMENT_ELEMENTS}]`;
}

export function literalOf(b: Body, kind: Kind, length: number): string {
  if (kind === "ints") return literalInts(b, length);
  if (kind === "words") return literalWords(b, length);
  if (kind === "counts") return literalCounts(b, length);
  return kind === "word" ? literalWord(b) : String(b.random.between(0, 40));
}

export function condition(b: Body, depth: number): string {
  const { random } = b;
  switch (random.below(depth === 0 ? 8 : 10)) {
    case 0:
      return `${atom(b)} % ${random.between(2, 5)} == ${random.below(2)}`;
    case 1:
      return strings(b) ?? `${atom(b)} >= ${random.between(2, 20)}`;
    case 2:
      return member(b) ?? `${atom(b)} != ${random.between(0, 20)}`;
    case 3:
      return `${random.between(0, 5)} < ${atom(b)} <= ${random.between(8, 40)}`;
    case 4:
      return compared(b);
    case 8:
      return `${condition(b, 0)} ${random.chance(50) ? "and" : "or"} ${condition(b, 0)}`;
    case 9:
      return `not ${bracketed(condition(b, 0))}`;
    default:
      return `${small(b, depth)} > ${random.between(0, 30)}`;
  }
}

function compared(b: Body): string {
  const left = atom(b);
  const right = atom(b);
  return `${left} ${b.random.pick(["<", ">", "==", "<="])} ${left === right ? b.random.between(1, 20) : right}`;
}

function strings(b: Body): string | undefined {
  const { random, knobs } = b;
  const found = knobs.strings === 0 ? undefined : b.any("word");
  if (found === undefined) return undefined;
  const { name } = found;
  switch (random.below(4)) {
    case 0:
      return `${name}.startswith("${random.pick("abcdrs".split(""))}")`;
    case 1:
      return `"${random.pick("aeiou".split(""))}" in ${name}`;
    case 2:
      return `len(${name}) > ${random.between(2, 5)}`;
    default:
      return `${name} < ${literalWord(b)}`;
  }
}

function member(b: Body): string | undefined {
  const { random } = b;
  const kind = random.pick<Kind>(["words", "counts", "ints", "unique"]);
  const found = b.any(kind);
  if (found === undefined) return undefined;
  const value = kind === "words" || kind === "counts" ? word(b) : atom(b);
  return `${value} ${random.chance(70) ? "in" : "not in"} ${found.name}`;
}

/** A string of at most 16 characters. */
export function word(b: Body): string {
  const { random, knobs } = b;
  const found = b.any("word");
  if (found === undefined) return literalWord(b);
  if (random.chance(65 - 10 * knobs.strings)) return found.name;
  const { name } = found;
  switch (random.below(9)) {
    case 0:
      return `${name}.upper()`;
    case 1:
      return `${name}[:${random.between(1, 4)}]`;
    case 2:
      return `${name}[::-1]`;
    case 3:
      return `${name}.replace("${random.pick("aeiou".split(""))}", "${random.pick(["", "_", "o"])}")`;
    case 4:
      return `f"{${name}[:3]}{${atom(b)} % ${random.between(3, 10)}}"`;
    case 5:
      return `${name}.title()`;
    case 6:
      return `${name}.strip("${random.pick("aeiourst".split(""))}")`;
    case 7:
      return literalWord(b);
    default:
      return name;
  }
}

/** A string for people. */
export function text(b: Body): string {
  const { random } = b;
  switch (random.below(7)) {
    case 0:
      return `f"{${nameOf(b, "word")}}: {${atom(b)}}"`;
    case 1: {
      const list = b.settled("words");
      return list === undefined ? `f"{${atom(b)}:03d}"` : `"${random.pick(["-", ", ", "", " "])}".join(${list.name})`;
    }
    case 2: {
      const list = b.settled("ints");
      if (list === undefined || !b.fits(3 * list.bound + 4)) return `str(${small(b, 1)})`;
      b.spend(3 * list.bound + 4);
      return `"${random.pick(["-", ",", "|"])}".join(str(v) for v in ${list.name})`;
    }
    case 3:
      return `f"{${atom(b)}:>${random.between(3, 6)}}|{${nameOf(b, "word")}:<${random.between(5, 9)}}"`;
    case 4:
      return `f"{${atom(b)} / ${random.between(2, 9)}:.${random.between(1, 3)}f}"`;
    case 5: {
      const found = b.any("int") ?? b.any("text");
      return found === undefined ? `f"<{${atom(b)}}>"` : `f"${random.pick(WORDS)}={${found.name}}"`;
    }
    default:
      return `${word(b)} + "${random.pick(["!", "?", "-", "."])}"`;
  }
}

function nameOf(b: Body, kind: Kind): string {
  const found: Variable | undefined = b.any(kind);
  return found?.name ?? atom(b);
}
