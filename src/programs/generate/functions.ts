import { Body, type ClassShape, type Kind, MOST_ARGUMENT_ELEMENTS, type Signature } from "./body.ts";
import { newAccumulator } from "./containers.ts";
import { condition, small, text } from "./expressions.ts";
import type { Knobs } from "./generate-options.ts";
import type { Random } from "./random.ts";
import { callHelper, HELPER_ELEMENTS, newObject, type Statements } from "./statements.ts";
import { ATTRIBUTES, CLASSES, helperName, METHODS } from "./words.ts";

/** What the functions and classes of one program share. */
export interface Workshop {
  readonly random: Random;
  readonly knobs: Knobs;
  readonly statements: Statements;
  /** Whether functions say the types of their parameters. */
  readonly hints: boolean;
}

/** Text of a top-level definition, and what is known of it. */
export interface Made<T> {
  readonly text: string;
  readonly shape: T;
}

const HINTS: Readonly<Partial<Record<Kind, string>>> = {
  small: "int",
  word: "str",
  text: "str",
  ints: "list[int]",
  words: "list[str]",
  counts: "dict[str, int]",
};

const HELPER_BUDGET = 90;

/** What a function is given, with names that its body knows. */
function parameters(b: Body, kinds: readonly Kind[], hints: boolean): string {
  return kinds
    .map((kind) => {
      const name = b.name(kind);
      b.declare(kind, name, MOST_ARGUMENT_ELEMENTS, kind !== "small");
      return hints ? `${name}: ${HINTS[kind]}` : name;
    })
    .join(", ");
}

const HELPER_PARAMETERS: readonly Kind[] = ["small", "small", "ints", "words", "word", "counts"];

export function helper(shop: Workshop, number: number): Made<Signature> {
  const name = helperName(shop.random.below(40), number);
  return shop.random.chance(35) ? recursive(shop, name) : plain(shop, name);
}

function plain({ random, knobs, statements, hints }: Workshop, name: string): Made<Signature> {
  const b = new Body(random, knobs, HELPER_BUDGET, [], []);
  const kinds = Array.from({ length: random.between(1, 2) }, () => parameterKind(random, knobs, HELPER_PARAMETERS));
  const header = parameters(b, kinds, hints);
  const returns = random.pick(resultKinds(knobs));
  if (knobs.depth > 0 && random.chance(20)) earlyReturn(b, returns);
  statements.several(b, random.between(1, 2), Math.min(knobs.depth, 1));
  b.line(`return ${resultOf(b, returns)}`);
  const hint = hints ? ` -> ${HINTS[returns]}` : "";
  const shape = { name, parameters: kinds, returns, cost: b.cost };
  return { text: `def ${name}(${header})${hint}:\n${b.text}`, shape };
}

export function parameterKind(random: Random, knobs: Knobs, kinds: readonly Kind[]): Kind {
  const kind = random.pick(kinds);
  if (knobs.containers === 0 && kind !== "word") return "small";
  return knobs.strings === 0 && (kind === "word" || kind === "words") ? "small" : kind;
}

function resultKinds(knobs: Knobs): readonly Kind[] {
  const kinds: Kind[] = ["small", "small", "small"];
  if (knobs.strings > 0) kinds.push("text");
  if (knobs.containers > 0) kinds.push("ints");
  return kinds;
}

function earlyReturn(b: Body, returns: Kind): void {
  const value = { small: String(b.random.between(-1, 3)), text: '""', ints: "[]" }[
    returns as "small" | "text" | "ints"
  ];
  b.line(`if ${condition(b, 0)}:`);
  b.block(() => b.line(`return ${value}`));
}

function resultOf(b: Body, returns: Kind): string {
  if (returns === "text") return b.any("text")?.name ?? text(b);
  if (returns === "small") {
    const total = b.any("int");
    return total === undefined ? small(b, 2) : `${total.name} % ${b.random.between(50, 999)}`;
  }
  const list = b.any("ints");
  return list === undefined ? `[${small(b, 1)}]` : `${list.name}[:${HELPER_ELEMENTS}]`;
}

/** Functions that call themselves with less: what they are given says how deep they go. */
function recursive({ random, hints }: Workshop, name: string): Made<Signature> {
  const number = (type: string): string => (hints ? `${type}: int` : type);
  const arrow = hints ? " -> int" : "";
  const k = random.between(2, 9);
  switch (random.below(5)) {
    case 0: {
      const most = random.between(4, 6);
      const body = `    if n <= ${random.below(2)}:\n        return ${k}\n    return ${random.pick(["n +", `n * ${k} +`, `${k} +`, "n * n -"])} ${name}(n - 1)\n`;
      const text = `def ${name}(${number("n")})${arrow}:\n    n = min(n, ${most})\n${body}`;
      return { text, shape: { name, parameters: ["small"], returns: "small", cost: (most + 2) * 6 } };
    }
    case 1: {
      const body = `    if n < 2:\n        return n\n    return ${name}(n - 1) ${random.pick(["+", "-", "+ 2 *"])} ${name}(n - 2)\n`;
      const text = `def ${name}(${number("n")})${arrow}:\n    n = min(n, 5)\n${body}`;
      return { text, shape: { name, parameters: ["small"], returns: "small", cost: 15 * 5 } };
    }
    case 2: {
      const text = `def ${name}(${number("a")}, ${number("b")})${arrow}:\n    if b == 0:\n        return abs(a)\n    return ${name}(b, a % b)\n`;
      // Arguments are below 40 when it is called, so remainders reach 0 within 9 steps.
      return { text, shape: { name, parameters: ["small", "small"], returns: "small", cost: 12 * 4 } };
    }
    case 3: {
      const items = hints ? "items: list[int]" : "items";
      const take = random.pick(["items[0]", `items[0] * ${k}`, `items[0] % ${k}`, "max(items[0], 0)"]);
      const text = `def ${name}(${items})${arrow}:\n    if not items:\n        return ${random.below(3)}\n    return ${take} + ${name}(items[1:])\n`;
      return { text, shape: { name, parameters: ["ints"], returns: "small", cost: (MOST_ARGUMENT_ELEMENTS + 1) * 5 } };
    }
    default: {
      const text = `def ${name}(${number("n")})${arrow}:\n    n = abs(n)\n    if n < ${k}:\n        return n\n    return n % ${k} + ${name}(n // ${k})\n`;
      return { text, shape: { name, parameters: ["small"], returns: "small", cost: 8 * 6 } };
    }
  }
}

/** A class with one attribute that is counted, one list, and a method that changes both. */
export function classDefinition({ random, knobs, hints }: Workshop, number: number): Made<ClassShape> {
  const name = CLASSES[(number * 3 + random.below(3)) % CLASSES.length] as string;
  const attribute = random.pick(ATTRIBUTES);
  const method = random.pick(METHODS);
  const value = hints ? "value: int" : "value";
  const k = random.between(2, 20);
  const change = random.pick([
    "self.A += value",
    "self.A -= value",
    "self.A = max(self.A, value)",
    "self.A += value % 7",
  ]);
  const lines = [`class ${name}:`];
  if (random.chance(30)) lines.push(`    limit = ${k}`, "");
  lines.push(`    def __init__(self, ${value}):`, `        self.${attribute} = value`);
  const keeps = knobs.containers > 0 && random.chance(60);
  if (keeps) lines.push("        self.items = []");
  lines.push("", `    def ${method}(self, ${value}):`);
  if (random.chance(50))
    lines.push(`        if value % ${random.between(2, 4)} == 0:`, `            self.${attribute} += 1`);
  lines.push(`        ${change.replaceAll("A", attribute)}`);
  if (keeps) lines.push(`        self.items.append(value % ${k})`);
  lines.push(`        return self.${attribute}`, "", "    def __repr__(self):");
  lines.push(`        return f"${name}(${attribute}={self.${attribute}})"`, "");
  return { text: lines.join("\n"), shape: { name, method, attribute, cost: 8 } };
}

type EntryShape = Pick<Signature, "parameters" | "cost">;

/** The function that the entry calls; statements begin only while they fit the budget, but may end a little above it. */
export function entryFunction(
  { random, knobs, statements, hints }: Workshop,
  name: string,
  budget: number,
  helpers: readonly Signature[],
  classes: readonly ClassShape[],
): Made<EntryShape> {
  const b = new Body(random, knobs, budget, helpers, classes);
  const kinds = Array.from({ length: random.between(1, 3) }, () => parameterKind(random, knobs, ENTRY_PARAMETERS));
  const header = parameters(b, kinds, hints);
  if (random.chance(25)) b.text += `    """${sentence(name)}"""\n`;
  if (knobs.exceptions > 0 && knobs.depth > 0 && random.chance(8)) refuse(b);
  newAccumulator(b);
  if (classes.length > 0) newObject(b);
  if (random.chance(70)) statements.loop(b, knobs.depth);
  statements.several(b, random.between(1, 4), knobs.depth);
  if (helpers.length > 0) callHelper(b);
  b.line(`return ${entryResult(b)}`);
  return { text: `def ${name}(${header}):\n${b.text}`, shape: { parameters: kinds, cost: b.cost } };
}

const ENTRY_PARAMETERS: readonly Kind[] = ["small", "ints", "ints", "words", "words", "word", "counts"];

function sentence(name: string): string {
  const [verb = "", ...rest] = name.split("_");
  return `${verb.charAt(0).toUpperCase()}${verb.slice(1)} the ${rest.join(" ")}.`;
}

/** The only way in which a program may end with an exception; the text of the message tells it apart. */
function refuse(b: Body): void {
  b.line(`if ${condition(b, 0)}:`);
  b.block(() => b.line(`raise ValueError("cannot go on with ${b.random.between(1, 99)}")`));
}

const RESULTS: readonly Kind[] = ["int", "text", "ints", "words", "counts", "small", "word"];

function entryResult(b: Body): string {
  const { random } = b;
  const names = new Set<string>();
  for (let i = random.between(1, 3); i > 0; i--) {
    const found = b.accumulator() ?? b.any(random.pick(RESULTS));
    if (found?.kind === "object") names.add(`${found.name}.${found.type?.attribute}`);
    // A set's order is not part of its value.
    else if (found !== undefined) names.add(found.kind === "unique" ? `sorted(${found.name})` : found.name);
  }
  if (names.size === 0) return small(b, 2);
  return [...names].join(", ");
}
