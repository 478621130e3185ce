import type { Knobs } from "./generate-options.ts";
import type { Random } from "./random.ts";

/**
 * What a variable holds. Numbers are `small` (a bounded expression of bounded numbers) or `int` (an accumulator, which
 * grows by small ones only), strings `word` (at most 16 characters) or `text`: so no value grows without bound.
 */
export type Kind = "small" | "int" | "word" | "text" | "ints" | "words" | "counts" | "unique" | "object";

export interface Variable {
  readonly name: string;
  readonly kind: Kind;
  /** Elements that it has at most. */
  bound: number;
  /** Loops around its first assignment, and how often that runs in all. */
  readonly loops: number;
  readonly times: number;
  /** It is never changed again: loops may rely on its bound, or on its value. */
  frozen: boolean;
  /** Of an object. */
  readonly type: ClassShape | undefined;
}

export interface ClassShape {
  readonly name: string;
  readonly method: string;
  readonly attribute: string;
  /** Events of a call of the method, at most. */
  readonly cost: number;
}

/** A function that may be called. */
export interface Signature {
  readonly name: string;
  readonly parameters: readonly Kind[];
  readonly returns: Kind;
  /** Events of a call, at most. */
  readonly cost: number;
}

/** Elements of a list that is handed to a function, at most. */
export const MOST_ARGUMENT_ELEMENTS = 8;
const STEP = "    ";
const INDENTS: readonly string[] = Array.from({ length: 12 }, (_, depth) => STEP.repeat(depth));

/** No name is in two lists, so that no number is needed to keep kinds apart. */
const NAMES: Readonly<Record<Kind, readonly string[]>> = {
  small: "count offset limit step width rank gap base shift delta".split(" "),
  int: "total score balance checksum amount".split(" "),
  word: "word key label tag token".split(" "),
  text: "text line message summary".split(" "),
  ints: "values numbers kept scores steps".split(" "),
  words: "parts labels names tokens pieces".split(" "),
  counts: "counts table lookup index groups".split(" "),
  unique: "seen found distinct".split(" "),
  object: "holder tracker record state".split(" "),
};

/** A function while it is written: its text, its variables, and how many events it can cause at most. */
export class Body {
  readonly random: Random;
  readonly knobs: Knobs;
  readonly helpers: readonly Signature[];
  readonly classes: readonly ClassShape[];
  text = "";
  cost = 2;
  /** How often the line that is written next runs, at most. */
  times = 1;
  loops = 0;
  readonly #budget: number;
  #variables: Variable[] = [];
  #indent = 1;
  readonly #firstName: number;
  #named = 0;

  constructor(
    random: Random,
    knobs: Knobs,
    budget: number,
    helpers: readonly Signature[],
    classes: readonly ClassShape[],
  ) {
    this.random = random;
    this.knobs = knobs;
    this.#budget = budget;
    this.helpers = helpers;
    this.classes = classes;
    this.#firstName = random.below(10);
  }

  line(text: string): void {
    this.text += `${INDENTS[this.#indent]}${text}\n`;
    this.cost += this.times;
  }

  /** Events that the lines themselves do not show: calls, comprehensions, headers of loops. */
  spend(events: number): void {
    this.cost += events * this.times;
  }

  fits(events: number): boolean {
    return this.cost + events * this.times <= this.#budget;
  }

  /** A name that the function has not used. */
  name(kind: Kind): string {
    const names = NAMES[kind];
    const at = this.#firstName + this.#named++;
    const name = names[at % names.length] as string;
    return this.#variables.some((variable) => variable.name === name) ? `${name}_${this.#named}` : name;
  }

  declare(kind: Kind, name: string, bound = 0, frozen = false, type?: ClassShape): Variable {
    const variable = { name, kind, bound, loops: this.loops, times: this.times, frozen, type };
    this.#variables.push(variable);
    return variable;
  }

  /** Writes the statements of `inside` one step deeper; what they declare is forgotten, since they may not run. */
  block(inside: () => void): void {
    const known = this.#variables.length;
    this.#indent++;
    inside();
    this.#indent--;
    this.#variables.length = known;
  }

  /** A loop of `most` turns around what `inside` writes. */
  loop(header: string, most: number, inside: () => void): void {
    this.line(header);
    this.spend(most);
    const { times } = this;
    this.times *= most;
    this.loops++;
    this.block(inside);
    this.loops--;
    this.times = times;
  }

  /** A variable of the kind, whatever happens to it later. */
  any(kind: Kind): Variable | undefined {
    return this.#choose((variable) => variable.kind === kind);
  }

  /** A variable that has a length. */
  measurable(): Variable | undefined {
    return this.#choose((variable) => MEASURABLE.has(variable.kind));
  }

  /** A variable whose bound holds here; it never grows again. */
  settled(kind: Kind): Variable | undefined {
    const found = this.#choose((variable) => {
      return variable.kind === kind && variable.bound > 0 && (variable.frozen || variable.loops === this.loops);
    });
    if (found !== undefined) found.frozen = true;
    return found;
  }

  /** A variable that may be changed here. */
  open(kind: Kind): Variable | undefined {
    return this.#choose((variable) => variable.kind === kind && !variable.frozen);
  }

  /** Whether a loop written here would have something to do. */
  hasAccumulator(): boolean {
    return this.#variables.some((variable) => !variable.frozen && ACCUMULATORS.has(variable.kind));
  }

  /** Something to accumulate in, whatever its kind. */
  accumulator(): Variable | undefined {
    return this.#choose((variable) => !variable.frozen && ACCUMULATORS.has(variable.kind));
  }

  /** One more element for every time that the next line runs. */
  grow(variable: Variable): void {
    variable.bound += this.times / variable.times;
  }

  #choose(fits: (variable: Variable) => boolean): Variable | undefined {
    const variables = this.#variables;
    if (variables.length === 0) return undefined;
    const start = this.random.below(variables.length);
    for (let i = 0; i < variables.length; i++) {
      const variable = variables[(start + i) % variables.length] as Variable;
      if (fits(variable)) return variable;
    }
    return undefined;
  }
}

const MEASURABLE: ReadonlySet<Kind> = new Set(["word", "text", "ints", "words", "counts", "unique"]);
const ACCUMULATORS: ReadonlySet<Kind> = new Set(["int", "text", "ints", "words", "counts", "unique", "object"]);
