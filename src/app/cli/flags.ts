import { z } from "zod";
import { UsageError } from "../../base/errors.ts";
import {
  ISOLATIONS,
  LOOPS,
  OBJECTS,
  RECORDED_THREADS,
  SCOPES,
  type TraceOptionsInput,
} from "../../base/schema/options.ts";
import type { RenderSettings } from "../../base/schema/render-settings.ts";
import { type Knobs, parseKnobs } from "../../programs/generate/generate-options.ts";
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
  limit?: number | undefined;
  python?: string | undefined;
}

export interface QuestionsFlags extends JobFlags {
  as: string;
  correct: boolean;
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

const preload = z.string().transform((text, context) => {
  const names = text.split(",").map((name) => name.trim());
  if (names.every((name) => /^[A-Za-z_][\w.]*$/.test(name))) return names;
  context.issues.push({ code: "custom", message: "names of modules with commas between them", input: text });
  return z.NEVER;
});

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

const traceFlagsSchema = z.strictObject({
  ...outputFlags,
  source: z.string().optional(),
  filter: filter.optional(),
  scope: oneOf(SCOPES).optional(),
  isolation: oneOf(ISOLATIONS).optional(),
  objects: oneOf(OBJECTS).optional(),
  threads: oneOf(RECORDED_THREADS).optional(),
  loops: oneOf(LOOPS).optional(),
  loopHead: wholeNumber(1).optional(),
  loopTail: wholeNumber(1).optional(),
  python: z.string().optional(),
  workers: wholeNumber(1, 1_024).optional(),
  timeoutMs: wholeNumber(0).optional(),
  memoryMb: wholeNumber(0).optional(),
  scratchMb: wholeNumber(0, 1_048_576).optional(),
  maxEvents: wholeNumber(0).optional(),
  maxOutputBytes: wholeNumber(0).optional(),
  maxValueChars: wholeNumber(0).optional(),
  maxRecordBytes: wholeNumber(65_536, 4_294_967_295).optional(),
  recordMemoryMb: wholeNumber(0).optional(),
  recordTimeMs: wholeNumber(1).optional(),
  seed: wholeNumber(0).optional(),
  preload: preload.optional(),
  autoPreload: z.boolean().default(true),
  showModuleValues: z.boolean().optional(),
  timings: z.boolean().optional(),
  requireSandbox: z.boolean().optional(),
  limit: wholeNumber(1).optional(),
  shard: shard.optional(),
  count: wholeNumber(1).optional(),
  generate: knobs.optional(),
});

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
  limit: wholeNumber(1).optional(),
  python: z.string().optional(),
});

const questionsFlagsSchema: z.ZodType<QuestionsFlags> = z.strictObject({
  ...jobFlags,
  as: z.string(),
  correct: flag,
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

function flagName(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
