import { z } from "zod";
import { UsageError } from "../../base/errors.ts";

/** How much of what is in a generated program; 0: nothing of it. */
export interface Knobs {
  /** Loops and conditions inside one another, at most. */
  depth: number;
  /** Helper functions that the entry function calls, recursive ones among them, at most. */
  calls: number;
  /** Weight of lists, dicts and sets: comprehensions, counting, sorting, slicing. */
  containers: number;
  /** Classes, at most. */
  classes: number;
  /** Weight of try and raise. */
  exceptions: number;
  /** Weight of string methods and formatting. */
  strings: number;
}

/** Which programs; the same options give the same bytes everywhere. */
export interface GenerateOptions extends Knobs {
  seed: number;
  count: number;
}

/** What callers may write. */
export type GenerateInput = { count: number; seed?: number | undefined } & {
  [K in keyof Knobs]?: Knobs[K] | undefined;
};

const knob = (most: number, usual: number): z.ZodType<number, number | undefined> =>
  z
    .int(`a whole number, 0 to ${most}`)
    .min(0, `a whole number, 0 to ${most}`)
    .max(most, `a whole number, 0 to ${most}`)
    .default(usual);

const KNOBS = {
  depth: knob(4, 2),
  calls: knob(4, 1),
  containers: knob(5, 2),
  classes: knob(3, 1),
  exceptions: knob(5, 1),
  strings: knob(5, 2),
} satisfies { [K in keyof Knobs]: z.ZodType };

const COUNT = "a whole number, 1 or more";

const generateSchema: z.ZodType<GenerateOptions, GenerateInput> = z.strictObject({
  seed: z.int("a whole number, 0 or more").nonnegative("a whole number, 0 or more").default(0),
  count: z.int(COUNT).positive(COUNT),
  ...KNOBS,
});

const knobsSchema: z.ZodType<Partial<Knobs>> = z.strictObject(KNOBS);

/** Throws UsageError that names the option and what is wanted. */
export function checkGenerateOptions(input: GenerateInput): GenerateOptions {
  const result = generateSchema.safeParse(input);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join(".") || "options"}: give ${message}`);
  throw new UsageError("bad-option", `No programs can be generated: ${problems.join("; ")}.`);
}

/** `depth=3,calls=2`; throws an Error whose message says what is wanted. */
export function parseKnobs(text: string): Partial<Knobs> {
  const given: Record<string, number> = {};
  for (const part of text.split(",")) {
    const [, name, value] = /^\s*([a-z]+)\s*=\s*(\d{1,9})\s*$/.exec(part) ?? [];
    if (name === undefined || !Object.hasOwn(KNOBS, name)) {
      throw new Error(`name=number with commas between them; names: ${Object.keys(KNOBS).join(", ")}`);
    }
    if (Object.hasOwn(given, name)) throw new Error(`every name once; ${name} is there twice`);
    given[name] = Number(value);
  }
  const result = knobsSchema.safeParse(given);
  if (!result.success) {
    throw new Error(result.error.issues.map(({ path, message }) => `${path.join(".")} as ${message}`).join("; "));
  }
  // Without the defaults, which the caller adds with the rest.
  return given;
}

/** All of them in one line, as the manifest and the journal name the input. */
export function describeOptions(options: GenerateOptions): string {
  const { seed, count, ...knobs } = options;
  const shown = Object.entries({ seed, count, ...knobs }).map(([name, value]) => `${name}=${value}`);
  return `generate:${shown.join(",")}`;
}
