import { z } from "zod";

/** A program to run: what every source adapter produces (fields as in the README's table). */
export const programSchema = z.strictObject({
  /** Unique in the input, kept in every output. */
  id: z.string().min(1),
  /** Module source, run once per program. */
  code: z.string(),
  /** Python expression evaluated after the module; null: the module itself is the program. */
  entry: z.string().nullable().default(null),
  stdin: z.string().optional(),
  argv: z.array(z.string()).optional(),
  /** A Python literal that the result is compared with, by value. */
  expected: z.string().optional(),
  /** Carried through untouched. */
  meta: z.unknown().optional(),
});

export type Program = z.output<typeof programSchema>;
/** What callers may write: `entry` can be left out. */
export type ProgramInput = z.input<typeof programSchema>;
