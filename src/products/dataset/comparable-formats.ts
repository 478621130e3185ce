import { UsageError } from "../../base/errors.ts";
import type { Drop } from "../../views/filters/filter.ts";
import { findRenderer } from "../../views/formats/registry.ts";
import type { ChatCounter } from "./chat-tokens.ts";
import type { Prompt } from "./prompt.ts";
import type { Recipe } from "./recipe.ts";
import type { Traced } from "./traced-inputs.ts";

export interface FitRequest {
  readonly formats: readonly string[];
  readonly maxTokens: number;
  readonly prompt: Prompt;
  readonly counter: ChatCounter;
}

/** Formats are compared by rows that every one of them has, one of a program, with nothing but its own run in it. */
export function checkFits({ renderer, fits }: Recipe, prompt: Prompt): void {
  if (fits === undefined) return;
  for (const format of [renderer, ...fits.formats]) {
    if (findRenderer(format).many === undefined) continue;
    throw new UsageError("bad-recipe", `"fits" compares rows, one of each program; "${format}" does not make such.`);
  }
  if (!prompt.places.has("otherTrace") && !prompt.places.has("otherResult")) return;
  const fix = "name another prompt, or leave it out";
  throw new UsageError("bad-recipe", `"fits" counts one run's text, and ${prompt.name} shows another run too: ${fix}.`);
}

/** Which rows are too long in one of the formats, or cannot be made in it, by their ids. */
export async function unfitRows(traced: Traced, request: FitRequest): Promise<Map<string, Drop>> {
  const unfit = new Map<string, Drop>();
  const ids: string[] = [];
  for await (const { program } of traced.runs()) ids.push(program.id);
  for (const format of request.formats) {
    const made = new Set<string>();
    for await (const { id, program, solution, made: shown } of traced.rowsAs(format)) {
      if ("reason" in shown) continue;
      const chat = request.prompt.chat({ program, run: shown.said, other: null, solution });
      if ("lacks" in chat) continue;
      made.add(id);
      const tokens = request.counter.count(chat);
      if (tokens <= request.maxTokens || unfit.has(id)) continue;
      const message = `As ${format} the row has ${tokens} tokens, more than ${request.maxTokens}.`;
      unfit.set(id, { reason: "too-long-in-a-format", message });
    }
    for (const id of ids) {
      if (made.has(id) || unfit.has(id)) continue;
      unfit.set(id, { reason: "not-in-every-format", message: `There is no such row as ${format}.` });
    }
  }
  return unfit;
}
