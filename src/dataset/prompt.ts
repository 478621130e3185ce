import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { UsageError } from "../errors.ts";
import { hashText } from "../io/hash.ts";
import { packagePath } from "../native/package-root.ts";
import type { Program } from "../schema/program.ts";

const PLACE = /\{\{\s*([a-z]+)\s*\}\}/g;
const NAMES = ["code", "entry", "stdin"] as const;

/** What comes before an answer. */
export interface Question {
  /** Null: the template has none. */
  readonly system: string | null;
  readonly user: string;
}

/** A template of questions, and which one it is. */
export interface Prompt {
  readonly name: string;
  readonly sha256: string;
  ask(program: Program): Question;
}

const schema: z.ZodType<{ system?: string | undefined; user: string }> = z.strictObject({
  system: z.string().optional(),
  user: z.string().min(1),
});

/** One of ours by its name, or a file; paths are relative to `folder`. */
export async function readPrompt(name: string, folder: string): Promise<Prompt> {
  const own = /^[.~/]/.test(name);
  const path = own ? resolve(folder, name) : packagePath("src", "dataset", "prompts", `${name}.yaml`);
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    const fix = own ? "Check its path" : "Begin the paths of your own prompts with ./";
    throw new UsageError("bad-prompt", `The prompt ${name} cannot be read (${cause.code}). ${fix}.`, { cause });
  });
  const { system, user } = checked(name, text);
  return {
    name,
    sha256: hashText(text),
    ask: (program) => ({ system: system === undefined ? null : filled(system, program), user: filled(user, program) }),
  };
}

function checked(name: string, text: string): { system?: string | undefined; user: string } {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 0 });
  } catch (cause) {
    throw new UsageError("bad-prompt", `The prompt ${name} is no YAML: ${(cause as Error).message}`, { cause });
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    throw new UsageError("bad-prompt", `The prompt ${name} needs "user", and may have "system"; both are texts.`);
  }
  for (const [, place] of `${result.data.system ?? ""}${result.data.user}`.matchAll(PLACE)) {
    if ((NAMES as readonly (string | undefined)[]).includes(place)) continue;
    throw new UsageError("bad-prompt", `The prompt ${name} asks for {{${place}}}; there is ${NAMES.join(", ")}.`);
  }
  return result.data;
}

/** In one pass: what looks like a place in a program's text is none. */
function filled(template: string, { code, entry, stdin = "" }: Program): string {
  const values: Record<string, string> = { code, entry: entry ?? "", stdin };
  return template.replace(PLACE, (_, name: string) => values[name] as string);
}
