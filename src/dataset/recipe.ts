import { readFile } from "node:fs/promises";
import { parseDocument } from "yaml";
import { z } from "zod";
import { UsageError } from "../errors.ts";
import { ISOLATIONS, type Isolation, OBJECTS, type Objects, SCOPES, type Scope } from "../schema/options.ts";

export type OutputKind = "sharegpt" | "alpaca" | "messages" | "text";
export type FileKind = "jsonl" | "parquet";

export const OUTPUT_KINDS: readonly OutputKind[] = ["sharegpt", "alpaca", "messages", "text"];

/** What a data set is made of; everything that decides its rows. */
export interface Recipe {
  /** Of the data set: part of file names, and what trainers call it. */
  name: string;
  licence: string;
  inputs: string[];
  source?: string | undefined;
  limit?: number | undefined;
  filters: string[];
  trace: {
    scope?: Scope | undefined;
    isolation?: Isolation | undefined;
    objects?: Objects | undefined;
    timeoutMs?: number | undefined;
    memoryMb?: number | undefined;
    maxEvents?: number | undefined;
    maxValueChars?: number | undefined;
    seed?: number | undefined;
  };
  /** As `--as` names it. */
  renderer: string;
  /** Name of a prompt that comes with tracemill, or path of a file, beginning with a dot or a slash. */
  prompt: string;
  output: { kind: OutputKind; files: FileKind };
  /** Rows with more characters than this are left out; 0: none are. */
  maxChars: number;
  split: { validation: number; test: number; seed: number; similarity: number };
  decontaminate: { against: { name: string; inputs: string[] }[]; ngram: number };
}

const count = z.int().nonnegative();
const share = z.number().min(0).max(0.9);

export const recipeSchema: z.ZodType<Recipe> = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]*$/)
    .describe("letters, digits, points, dashes and underscores"),
  licence: z.string().min(1).describe("of the data set, as its card states it"),
  inputs: z.array(z.string().min(1)).min(1).describe("files and folders, relative to the recipe"),
  source: z.string().optional().describe('kind of the rows, as "tracemill sources" lists them'),
  limit: z.int().positive().optional().describe("stop after so many programs"),
  filters: z.array(z.string()).default([]).describe('as "tracemill filters" lists them'),
  trace: z
    .strictObject({
      scope: z.enum(SCOPES).optional(),
      isolation: z.enum(ISOLATIONS).optional(),
      objects: z.enum(OBJECTS).optional(),
      timeoutMs: count.optional(),
      memoryMb: count.optional(),
      maxEvents: count.optional(),
      maxValueChars: count.optional(),
      seed: count.optional(),
    })
    .default({}),
  renderer: z.string().describe('as "tracemill formats" lists them'),
  prompt: z.string().min(1).default("predict-output.v1"),
  output: z
    .strictObject({
      kind: z.enum(OUTPUT_KINDS).default("sharegpt"),
      files: z.enum(["jsonl", "parquet"]).default("jsonl"),
    })
    .default({ kind: "sharegpt", files: "jsonl" }),
  maxChars: count.default(0),
  split: z
    .strictObject({
      validation: share.default(0),
      test: share.default(0),
      seed: count.default(0),
      similarity: z.number().gt(0).max(1).default(0.8).describe("of two sources that must not be in two splits"),
    })
    .refine(({ validation, test }) => validation + test < 1, { error: "validation and test leave nothing to train on" })
    .default({ validation: 0, test: 0, seed: 0, similarity: 0.8 }),
  decontaminate: z
    .strictObject({
      against: z.array(z.strictObject({ name: z.string().min(1), inputs: z.array(z.string()).min(1) })).default([]),
      ngram: z.int().min(3).max(50).default(10).describe("tokens in a row that must not be shared"),
    })
    .default({ against: [], ngram: 10 }),
});

/** Reads a recipe; throws UsageError that names the place and what is wrong there. */
export async function readRecipe(path: string): Promise<Recipe> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError("bad-recipe", `The recipe ${path} cannot be read (${cause.code}). Check its path.`, { cause });
  });
  const document = parseDocument(text, { prettyErrors: true });
  const [problem] = document.errors;
  if (problem !== undefined) throw new UsageError("bad-recipe", `The recipe ${path} is no YAML: ${problem.message}`);
  let value: unknown;
  try {
    // Aliases can make a small file large.
    value = document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw new UsageError("bad-recipe", `The recipe ${path} is no YAML: ${(cause as Error).message}.`, { cause });
  }
  const result = recipeSchema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join(".") || "the recipe"}: ${issue.message}`);
  throw new UsageError("bad-recipe", `The recipe ${path} is not as it should be: ${problems.join("; ")}.`);
}

/** For editors and other tools; what `recipe.schema.json` holds. */
export function recipeJsonSchema(): unknown {
  return z.toJSONSchema(recipeSchema, { io: "input" });
}
