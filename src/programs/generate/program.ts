import { Body, type ClassShape, type Kind, type Signature } from "./body.ts";
import { literalOf } from "./expressions.ts";
import { classDefinition, entryFunction, helper, type Workshop } from "./functions.ts";
import type { GenerateOptions, Knobs } from "./generate-options.ts";
import { Random } from "./random.ts";
import { Statements } from "./statements.ts";
import { entryName } from "./words.ts";

/** Events of a whole program, at most, in every Python version. */
export const MOST_EVENTS = 2_000;
/** Of the entry function and all that it calls; the rest is for the module and its class bodies. */
const MOST_ENTRY_EVENTS = 1_900;
/** Where statements stop to begin. */
const ENTRY_BUDGET = 1_400;

/** A program with a call of its last function. */
export interface GeneratedProgram {
  id: string;
  code: string;
  entry: string;
}

/** Makes the programs of one seed, any of them at any time. */
export class ProgramMaker {
  readonly #seed: number;
  readonly #knobs: Knobs;
  readonly #random: Random = new Random();
  readonly #statements: Statements;

  constructor({ seed, count: _count, ...knobs }: GenerateOptions) {
    this.#seed = seed;
    this.#knobs = knobs;
    this.#statements = new Statements(knobs);
  }

  /** Number `index`, from 0; its id counts from 1, as rows do. */
  program(index: number): GeneratedProgram {
    const random = this.#random;
    random.start(this.#seed, index);
    const knobs = this.#knobs;
    const shop: Workshop = { random, knobs, statements: this.#statements, hints: random.chance(40) };
    const parts: string[] = [];
    const classes: ClassShape[] = [];
    for (let i = random.below(knobs.classes + 1); i > 0; i--) {
      const made = classDefinition(shop, classes.length);
      classes.push(made.shape);
      parts.push(made.text);
    }
    const helpers: Signature[] = [];
    for (let i = random.below(knobs.calls + 1); i > 0; i--) {
      const made = helper(shop, helpers.length);
      helpers.push(made.shape);
      parts.push(made.text);
    }
    const name = entryName(index, this.#seed);
    let budget = ENTRY_BUDGET;
    let entry = entryFunction(shop, name, budget, helpers, classes);
    // Without a budget there are no loops and calls, so that this ends.
    while (entry.shape.cost > MOST_ENTRY_EVENTS) {
      budget >>= 1;
      entry = entryFunction(shop, name, budget, helpers, classes);
    }
    parts.push(entry.text);
    return {
      id: `g${this.#seed}-${index + 1}`,
      code: parts.join("\n\n"),
      entry: `${name}(${this.#literals(entry.shape.parameters)})`,
    };
  }

  #literals(kinds: readonly Kind[]): string {
    const random = this.#random;
    // Literals need the random numbers only.
    const b = new Body(random, this.#knobs, 0, [], []);
    return kinds.map((kind) => literalOf(b, kind, random.chance(5) ? 0 : random.between(2, 6))).join(", ");
  }
}
