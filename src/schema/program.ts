import { z } from "zod";

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
  /** A Python literal that the result is compared with, by value. */
  expected?: string | undefined;
  /** How far numbers of the result may lie from those of `expected`, as in `math.isclose`; exact when absent. */
  tolerance?: { relative?: number | undefined; absolute?: number | undefined } | undefined;
  /** Carried through untouched. */
  meta?: unknown;
}

/** What callers may write: `entry` can be left out. */
export type ProgramInput = Omit<Program, "entry"> & { entry?: string | null | undefined };

type Tolerance = NonNullable<Program["tolerance"]>;

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
  tolerance: toleranceSchema.optional(),
  meta: z.unknown().optional(),
});
