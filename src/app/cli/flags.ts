import { z } from "zod";
import { UsageError } from "../../base/errors.ts";
import type { TraceOptionsInput } from "../../base/schema/options.ts";
import type { RenderSettings } from "../../base/schema/render-settings.ts";
import { FLAG_NAMES, flagName, type OptionEntry, TRACE_OPTIONS } from "../../base/schema/trace-option-table.ts";
import { type Knobs, parseKnobs } from "../../programs/generate/generate-options.ts";
import { SCORINGS, type Scoring } from "../../views/rewards/forms.ts";
import type { JobFlags } from "./job-command.ts";

interface OutputFlags extends JobFlags {
  as: string;
  correct?: boolean | undefined;
  maxTokens?: number | undefined;
  tokenizer?: string | undefined;
}

export type RenderFlags = OutputFlags;

export interface InspectFlags extends JobFlags {
  source?: string | undefined;
  map?: Record<string, string> | undefined;
  limit?: number | undefined;
  python?: string | undefined;
}

export interface ScoreFlags extends JobFlags {
  schedule: string;
  scoring: Scoring;
  python?: string | undefined;
  workers?: number | undefined;
  timeoutMs?: number | undefined;
  memoryMb?: number | undefined;
}

export interface EvaluateFlags {
  input: string;
  predictions: string;
  output: string;
  scoring: Scoring;
  python?: string | undefined;
  workers?: number | undefined;
  resume: boolean;
  force: boolean;
  json: boolean;
}

export interface QuestionsFlags extends JobFlags {
  kinds?: string[] | undefined;
  perProgram: number;
  seed: number;
  ask?: string | undefined;
  consistent: boolean;
  source?: string | undefined;
  limit?: number | undefined;
  python?: string | undefined;
  workers?: number | undefined;
}

/** The trace options keep their names; what was not given is undefined. */
export interface TraceFlags extends OutputFlags, Partial<{ [K in keyof TraceOptionsInput]: TraceOptionsInput[K] }> {
  source?: string | undefined;
  map?: Record<string, string> | undefined;
  filter?: string[] | undefined;
  python?: string | undefined;
  workers?: number | undefined;
  limit?: number | undefined;
  shard?: { index: number; count: number } | undefined;
  count?: number | undefined;
  generate?: Partial<Knobs> | undefined;
  autoPreload: boolean;
}

const wholeNumber = (least: number, most: number = Number.MAX_SAFE_INTEGER): z.ZodType<number, string> =>
  z
    .string()
    .refine((text) => /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most, {
      error:
        most === Number.MAX_SAFE_INTEGER ? `a whole number, ${least} or more` : `a whole number, ${least} to ${most}`,
    })
    .transform(Number);

const oneOf = <const T extends string>(names: readonly T[]): z.ZodType<T> =>
  z.enum(names, { error: `one of ${names.join(", ")}` });

const fieldMap = z.string().transform((text, context) => {
  const pairs = text.split(",").map((pair) => pair.split("=").map((name) => name.trim()));
  if (pairs.every((pair) => pair.length === 2 && pair.every((name) => name !== ""))) {
    return Object.fromEntries(pairs as [string, string][]);
  }
  context.issues.push({
    code: "custom",
    message: "new names with old ones, as in code=solution,entry=call",
    input: text,
  });
  return z.NEVER;
});

const shard = z.string().transform((text, context) => {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
  if (index !== undefined && count !== undefined && index >= 1 && index <= count) return { index, count };
  context.issues.push({ code: "custom", message: "i/n with i from 1 to n, as in 2/8", input: text });
  return z.NEVER;
});

const filter = z.string().transform((text, context) => {
  const names = text.split(",").map((name) => name.trim());
  if (names.every((name) => name !== "")) return names;
  context.issues.push({ code: "custom", message: "names with commas between them", input: text });
  return z.NEVER;
});

const namesLike = (pattern: RegExp, what: string): z.ZodType<string[], string> =>
  z.string().transform((text, context) => {
    const names = text.split(",").map((name) => name.trim());
    if (names.every((name) => pattern.test(name))) return names;
    context.issues.push({ code: "custom", message: `names of ${what} with commas between them`, input: text });
    return z.NEVER;
  });

/** What may stand behind a flag of that option. */
function flagSchema(entry: OptionEntry): z.ZodType {
  switch (entry.kind) {
    case "number":
      return wholeNumber(entry.least, entry.most);
    case "choice":
      return oneOf(entry.choices);
    case "switch":
      return z.boolean();
    case "names":
      return namesLike(entry.pattern, entry.of);
  }
}

const knobs = z.string().transform((text, context) => {
  try {
    return parseKnobs(text);
  } catch (error) {
    context.issues.push({ code: "custom", message: (error as Error).message, input: text });
    return z.NEVER;
  }
});

const flag = z.boolean().default(false);

const jobFlags = {
  output: z.string().min(1, "a path, or - for stdout").optional(),
  resume: flag,
  force: flag,
  json: flag,
};

const outputFlags = {
  ...jobFlags,
  as: z.string(),
  correct: z.boolean().optional(),
  maxTokens: wholeNumber(1).optional(),
  tokenizer: z.string().min(1, "a tokenizer's folder, or estimate").optional(),
};

const traceFlagsSchema: z.ZodType<TraceFlags> = z.strictObject({
  ...outputFlags,
  ...Object.fromEntries(FLAG_NAMES.map((name) => [name, flagSchema(TRACE_OPTIONS[name]).optional()])),
  source: z.string().optional(),
  map: fieldMap.optional(),
  filter: filter.optional(),
  python: z.string().optional(),
  workers: wholeNumber(1, 1_024).optional(),
  autoPreload: z.boolean().default(true),
  limit: wholeNumber(1).optional(),
  shard: shard.optional(),
  count: wholeNumber(1).optional(),
  generate: knobs.optional(),
}) as unknown as z.ZodType<TraceFlags>;

const renderFlagsSchema = z.strictObject(outputFlags);

/** What the flags say of how to render; what was not given is as published. */
export function renderSettings({ correct, maxTokens, tokenizer }: RenderFlags): RenderSettings {
  return { correct: correct ?? false, maxTokens: maxTokens ?? null, tokenizer: tokenizer ?? null };
}

export interface DatasetFlags {
  output: string;
  input?: string[] | undefined;
  solutions?: string[] | undefined;
  tokenizer?: string | undefined;
  limit?: number | undefined;
  python?: string | undefined;
  workers?: number | undefined;
  resume: boolean;
  force: boolean;
  json: boolean;
}

const datasetFlagsSchema: z.ZodType<DatasetFlags> = z.strictObject({
  output: z
    .string()
    .min(1, "a folder")
    .refine((path) => path !== "-", "a folder, which stdout is not"),
  input: z.array(z.string().min(1, "a path")).optional(),
  solutions: z.array(z.string().min(1, "a path")).optional(),
  tokenizer: outputFlags.tokenizer,
  limit: wholeNumber(1).optional(),
  python: z.string().optional(),
  workers: wholeNumber(1, 1_024).optional(),
  resume: flag,
  force: flag,
  json: flag,
});

const inspectFlagsSchema = z.strictObject({
  ...jobFlags,
  source: z.string().optional(),
  map: fieldMap.optional(),
  limit: wholeNumber(1).optional(),
  python: z.string().optional(),
});

const scoreFlagsSchema: z.ZodType<ScoreFlags> = z.strictObject({
  ...jobFlags,
  schedule: z.string().default("plain"),
  scoring: oneOf(SCORINGS).default("strict"),
  python: z.string().optional(),
  workers: wholeNumber(1, 1_024).optional(),
  timeoutMs: wholeNumber(0).optional(),
  memoryMb: wholeNumber(0).optional(),
});

const evaluateFlagsSchema: z.ZodType<EvaluateFlags> = z.strictObject({
  input: z.string().min(1, "a path"),
  predictions: z.string().min(1, "a path"),
  output: z
    .string()
    .min(1, "a folder")
    .refine((path) => path !== "-", "a folder, which stdout is not"),
  scoring: oneOf(SCORINGS).default("strict"),
  python: z.string().optional(),
  workers: wholeNumber(1, 1_024).optional(),
  resume: flag,
  force: flag,
  json: flag,
});

const questionsFlagsSchema: z.ZodType<QuestionsFlags> = z.strictObject({
  ...jobFlags,
  kinds: filter.optional(),
  perProgram: wholeNumber(1).default(8),
  seed: wholeNumber(0).default(0),
  ask: z.string().min(1, "a file of asks").optional(),
  consistent: flag,
  source: z.string().optional(),
  limit: wholeNumber(1).optional(),
  python: z.string().optional(),
  workers: wholeNumber(1, 1_024).optional(),
});

/** Throws UsageError that names the flag, what was given and what is wanted. */
export function parseTraceFlags(flags: Record<string, unknown>): TraceFlags {
  return parseFlags(traceFlagsSchema, flags);
}

export function parseRenderFlags(flags: Record<string, unknown>): RenderFlags {
  return parseFlags(renderFlagsSchema, flags);
}

export function parseDatasetFlags(flags: Record<string, unknown>): DatasetFlags {
  return parseFlags(datasetFlagsSchema, flags);
}

export function parseInspectFlags(flags: Record<string, unknown>): InspectFlags {
  return parseFlags(inspectFlagsSchema, flags);
}

export function parseScoreFlags(flags: Record<string, unknown>): ScoreFlags {
  return parseFlags(scoreFlagsSchema, flags);
}

export function parseEvaluateFlags(flags: Record<string, unknown>): EvaluateFlags {
  return parseFlags(evaluateFlagsSchema, flags);
}

export function parseQuestionsFlags(flags: Record<string, unknown>): QuestionsFlags {
  return parseFlags(questionsFlagsSchema, flags);
}

function parseFlags<T>(schema: z.ZodType<T>, flags: Record<string, unknown>): T {
  const result = schema.safeParse(flags);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => {
    const name = String(path[0]);
    return `${flagName(name)} is ${JSON.stringify(flags[name])}; give ${message}`;
  });
  throw new UsageError("bad-flag", problems.join(". "));
}
