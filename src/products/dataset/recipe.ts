import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { UsageError } from "../../base/errors.ts";
import { packagePath } from "../../base/package-root.ts";
import { recipeOptionsSchema, type TraceOptionsInput } from "../../base/schema/options.ts";
import type { GenerateInput } from "../../programs/generate/generate-options.ts";
import { ROW_CHECKS, type RowCheck } from "./row-checks.ts";

export type OutputKind = "sharegpt" | "alpaca" | "messages" | "text" | "preference" | "trl-preference";
export type FileKind = "jsonl" | "parquet";

export const OUTPUT_KINDS: readonly OutputKind[] = [
  "sharegpt",
  "alpaca",
  "messages",
  "text",
  "preference",
  "trl-preference",
];

/** Rows of a right answer and a wrong one. */
export function isPreference(kind: OutputKind): boolean {
  return kind === "preference" || kind === "trl-preference";
}

/** What a data set is made of; everything that decides its rows. */
export interface Recipe {
  /** Of the data set: part of file names, and what trainers call it. */
  name: string;
  licence: string;
  /** None: the command line names them. */
  inputs: string[];
  /** Where programs that are right are, for faulty ones as inputs. */
  solutions: string[];
  source?: string | undefined;
  /** Of `source: generate`, which reads no inputs: how many programs, from which seed, and what is in them. */
  generate?: GenerateInput | undefined;
  /** New names of the rows' fields, with the old ones. */
  map?: Record<string, string> | undefined;
  limit?: number | undefined;
  filters: string[];
  trace: TraceOptionsInput;
  /** As `--as` names it. */
  renderer: string;
  /** Right text where the published one has a fault. */
  correct: boolean;
  /**
   * Name of a prompt that comes with tracemill, or path of a file, beginning with a dot or a slash; "renderer": what the
   * renderer's rows say themselves.
   */
  prompt: string;
  output: { kind: OutputKind; files: FileKind };
  /** Checks of the rows themselves; those that none passes are left out. */
  checks: RowCheck[];
  /** Rows with more characters than this are left out; 0: none are. */
  maxChars: number;
  /** Rows of one source; 0: any number. */
  perSource: number;
  /** What counts tokens: a folder with a tokenizer.json, or "estimate"; left out: nothing is counted. */
  tokenizer?: string | undefined;
  /** Rows are left out that cannot be made in each of these formats, or have more tokens in one of them. */
  fits?: { formats: string[]; maxTokens: number } | undefined;
  /** Where the trainer cuts rows off: longer ones are left out. */
  cutoffTokens?: number | undefined;
  split: { validation: number; test: number; seed: number; similarity: number };
  decontaminate: { against: { name: string; inputs: string[] }[]; ngram: number };
}

/** Of a row, unless the recipe says otherwise: what is longer is rarely read to its end by any trainer. */
const MOST_CHARS = 200_000;

const count = z.int().nonnegative();
const share = z.number().min(0).max(0.9);
const paths = z.array(z.string().min(1));

const shape = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]*$/)
    .describe("letters, digits, points, dashes and underscores"),
  licence: z.string().min(1).describe("of the data set, as its card states it"),
  inputs: paths.default([]).describe("files and folders, relative to the recipe; none: --input names them"),
  solutions: paths.default([]).describe("rows with the right programs, by the ids of the faulty ones in inputs"),
  source: z.string().optional().describe('kind of the rows, as "tracemill sources" lists them'),
  generate: z
    .looseObject({ count: z.int().positive() })
    .optional()
    .describe("with source: generate, the programs to make: count, and seed, depth, calls, ... as --generate has them"),
  map: z.record(z.string().min(1), z.string().min(1)).optional().describe("new names of fields: { code: solution }"),
  limit: z.int().positive().optional().describe("stop after so many programs"),
  filters: z.array(z.string()).default([]).describe('as "tracemill filters" lists them'),
  trace: recipeOptionsSchema.default({}),
  renderer: z.string().describe('as "tracemill formats" lists them'),
  correct: z.boolean().default(true).describe("right text where the published one has a fault"),
  prompt: z.string().min(1).default("predict-output.v1"),
  output: z
    .strictObject({
      kind: z.enum(OUTPUT_KINDS).default("sharegpt"),
      files: z.enum(["jsonl", "parquet"]).default("jsonl"),
    })
    .default({ kind: "sharegpt", files: "jsonl" }),
  checks: z
    .array(z.enum(ROW_CHECKS))
    .default([...ROW_CHECKS])
    .describe("what every row must pass; none: []"),
  maxChars: count.default(MOST_CHARS).describe("rows with more characters are left out; 0: none are"),
  perSource: count.default(0).describe("rows of one source, chosen by a hash; 0: any number"),
  tokenizer: z.string().min(1).optional().describe('a folder with a tokenizer.json, or "estimate"'),
  fits: z
    .strictObject({ formats: z.array(z.string()).min(1), maxTokens: z.int().positive() })
    .optional()
    .describe("formats that are compared on the same rows: each row has at most so many tokens in every one of them"),
  cutoffTokens: z.int().positive().optional().describe("where the trainer cuts rows off; longer ones are left out"),
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

const uncounted = 'needs "tokenizer", which counts the tokens';

export const recipeSchema: z.ZodType<Recipe> = shape
  .refine(({ tokenizer, cutoffTokens }) => cutoffTokens === undefined || tokenizer !== undefined, {
    path: ["cutoffTokens"],
    error: uncounted,
  })
  .refine(({ source, generate }) => (source === "generate") === (generate !== undefined), {
    path: ["generate"],
    error: 'goes with "source: generate", and that with it',
  })
  .refine(({ tokenizer, fits }) => fits === undefined || tokenizer !== undefined, { path: ["fits"], error: uncounted });

/** Path of a recipe: of a file, or of one that comes with tracemill by its name. */
export function recipePath(given: string): string {
  if (!/^[\w-]+$/.test(given) || existsSync(given)) return given;
  const folder = packagePath("recipes");
  const names = readdirSync(folder).map((file) => file.replace(/\.yaml$/, ""));
  if (names.includes(given)) return join(folder, `${given}.yaml`);
  const known = `These come with tracemill: ${names.join(", ")}`;
  throw new UsageError("bad-recipe", `There is no recipe ${given}. ${known}; others are named by their paths.`);
}

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
