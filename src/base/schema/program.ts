import { z } from "zod";

/** How far numbers may lie apart, as in `math.isclose`: by a part of the larger, or by this much. */
export interface Tolerance {
  relative?: number | undefined;
  absolute?: number | undefined;
}

/**
 * How a run is compared with what its row expects. `literal`: the result with a Python literal, by value. `json`: the same
 * for values that went through JSON, where a tuple is a list and every key is a text. `stdout-tokens`: what was printed
 * with a text, word by word.
 */
export const COMPARISONS = ["literal", "json", "stdout-tokens"] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** A program to run: what every source adapter produces. */
export interface Program {
  /** Unique in the input, kept in every output. */
  id: string;
  /** Module source, run once per program. */
  code: string;
  /** Python expression evaluated after the module; null: the module itself is the program. */
  entry: string | null;
  stdin?: string | undefined;
  argv?: string[] | undefined;
  /** A Python literal that the result is compared with, by value; a text where `compare` says so. */
  expected?: string | undefined;
  /** `literal` when absent. */
  compare?: Comparison | undefined;
  /** Of numbers of the result, against those of `expected`; exact when absent. */
  tolerance?: Tolerance | undefined;
  /** NumPy's arrays and numbers in the result are compared by value and shape, as `tolist()` gives them. */
  numpy?: boolean | undefined;
  /** Carried through untouched. */
  meta?: unknown;
}

/** What callers may write: `entry` can be left out. */
export type ProgramInput = Omit<Program, "entry"> & { entry?: string | null | undefined };

export const toleranceSchema: z.ZodType<Tolerance, Tolerance> = z.strictObject({
  relative: z.number().nonnegative().optional(),
  absolute: z.number().nonnegative().optional(),
});

export const programSchema: z.ZodType<Program, ProgramInput> = z.strictObject({
  id: z.string().min(1),
  code: z.string(),
  entry: z.string().nullable().default(null),
  stdin: z.string().optional(),
  argv: z.array(z.string()).optional(),
  expected: z.string().optional(),
  compare: z.enum(COMPARISONS).optional(),
  tolerance: toleranceSchema.optional(),
  numpy: z.boolean().optional(),
  meta: z.unknown().optional(),
});
