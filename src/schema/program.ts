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
  /** Carried through untouched. */
  meta?: unknown;
}

/** What callers may write: `entry` can be left out. */
export type ProgramInput = Omit<Program, "entry"> & { entry?: string | null | undefined };

export const programSchema: z.ZodType<Program, ProgramInput> = z.strictObject({
  id: z.string().min(1),
  code: z.string(),
  entry: z.string().nullable().default(null),
  stdin: z.string().optional(),
  argv: z.array(z.string()).optional(),
  expected: z.string().optional(),
  meta: z.unknown().optional(),
});
