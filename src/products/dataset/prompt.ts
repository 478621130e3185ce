import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { UsageError } from "../../base/errors.ts";
import { hashText } from "../../base/io/hash.ts";
import { packagePath } from "../../base/package-root.ts";
import type { Program } from "../../base/schema/program.ts";
import type { Said } from "../../views/formats/said.ts";

/** As a recipe names the renderer's own words. */
export const OF_RENDERER = "renderer";

const PLACE = /\{\{\s*([A-Za-z]+)\s*\}\}/g;

/** What a template can show of a program, of its run, and of what else is known of it. */
export const PLACES = [
  "code",
  "entry",
  "stdin",
  "expected",
  "answer",
  "trace",
  "result",
  "solution",
  "otherTrace",
  "otherResult",
] as const;
export type Place = (typeof PLACES)[number];

/** What a row is made of. */
export interface Subject {
  readonly program: Program;
  readonly run: Said;
  /** The run of another input of the same program. */
  readonly other: Said | null;
  /** A right program in the place of a faulty one. */
  readonly solution: string | null;
}

export interface Chat {
  /** Null: there is none. */
  readonly system: string | null;
  readonly user: string | null;
  readonly answer: string;
  /** A wrong answer. */
  readonly rejected: string | null;
}

/** Templates of questions and answers, and which ones they are. */
export interface Prompt {
  readonly name: string;
  /** Null: the renderer's own words. */
  readonly sha256: string | null;
  /** What the templates show. */
  readonly places: ReadonlySet<Place>;
  /** Whether there is a template of wrong answers. */
  readonly rejects: boolean;
  /** Or the place that the subject leaves empty. */
  chat(subject: Subject): Chat | { lacks: Place };
}

interface Templates {
  system?: string | undefined;
  user: string;
  assistant: string;
  rejected?: string | undefined;
}

const schema: z.ZodType<Templates> = z.strictObject({
  system: z.string().optional(),
  user: z.string().min(1),
  assistant: z.string().min(1).default("{{answer}}"),
  rejected: z.string().min(1).optional(),
});

/** One of ours by its name, or a file; paths are relative to `folder`. */
export async function readPrompt(name: string, folder: string): Promise<Prompt> {
  if (name === OF_RENDERER) return rendererPrompt();
  const own = /^[.~/]/.test(name);
  const path = own ? resolve(folder, name) : packagePath("src", "products", "dataset", "prompts", `${name}.yaml`);
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    const fix = own ? "Check its path" : "Begin the paths of your own prompts with ./";
    throw new UsageError("bad-prompt", `The prompt ${name} cannot be read (${cause.code}). ${fix}.`, { cause });
  });
  const templates = checked(name, text);
  const places = placesOf(templates);
  return {
    name,
    sha256: hashText(text),
    places,
    rejects: templates.rejected !== undefined,
    chat: (subject) => filledChat(templates, places, subject),
  };
}

function rendererPrompt(): Prompt {
  const chat = ({ run: { system, user, answer } }: Subject): Chat | { lacks: Place } =>
    answer === null ? { lacks: "answer" } : { system, user, answer, rejected: null };
  return { name: OF_RENDERER, sha256: null, places: new Set(), rejects: false, chat };
}

function checked(name: string, text: string): Templates {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 0 });
  } catch (cause) {
    throw new UsageError("bad-prompt", `The prompt ${name} is no YAML: ${(cause as Error).message}`, { cause });
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    const may = '"system", "assistant" and "rejected"';
    throw new UsageError("bad-prompt", `The prompt ${name} needs "user", and may have ${may}; all are texts.`);
  }
  for (const place of placesOf(result.data)) {
    if (PLACES.includes(place)) continue;
    throw new UsageError("bad-prompt", `The prompt ${name} asks for {{${place}}}; there is ${PLACES.join(", ")}.`);
  }
  return result.data;
}

function placesOf(templates: Templates): Set<Place> {
  const text = Object.values(templates).join("");
  return new Set(Array.from(text.matchAll(PLACE), ([, place]) => place as Place));
}

function filledChat(templates: Templates, places: ReadonlySet<Place>, subject: Subject): Chat | { lacks: Place } {
  const values = valuesOf(subject);
  for (const place of places) if (values[place] === null) return { lacks: place };
  // In one pass: what looks like a place in a program's text is none.
  const filled = (template: string): string => template.replace(PLACE, (_, place: Place) => values[place] as string);
  const { system, user, assistant, rejected } = templates;
  return {
    system: system === undefined ? null : filled(system),
    user: filled(user),
    answer: filled(assistant),
    rejected: rejected === undefined ? null : filled(rejected),
  };
}

function valuesOf({ program, run, other, solution }: Subject): Record<Place, string | null> {
  const { code, entry, stdin, expected } = program;
  return {
    code,
    // Of a program that is run as a whole there is nothing to call.
    entry: entry ?? "",
    stdin: stdin ?? "",
    expected: expected ?? null,
    answer: run.answer,
    trace: run.trace,
    result: run.result,
    solution,
    otherTrace: other?.trace ?? null,
    otherResult: other?.result ?? null,
  };
}
