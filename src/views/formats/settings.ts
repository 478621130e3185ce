import { UsageError } from "../../base/errors.ts";
import type { RenderSettings } from "../../base/schema/render-settings.ts";
import { openTokenCounter } from "../text/tokens.ts";
import type { Budget } from "./budget.ts";
import { findFormat } from "./registry.ts";

/** Settings that are ready to render with. */
export interface OpenSettings {
  readonly correct: boolean;
  readonly budget: Budget | null;
}

/** Throws UsageError for settings that do not go together, or not with the format. */
export async function openSettings(format: string, settings: RenderSettings): Promise<OpenSettings> {
  const { correct, maxTokens, tokenizer } = settings;
  const { corrects, extension } = findFormat(format);
  if (correct && corrects === null) {
    throw new UsageError("nothing-to-correct", `The format ${format} has no known fault; leave out --correct.`);
  }
  if ((maxTokens === null) !== (tokenizer === null)) {
    const lacking = maxTokens === null ? "--tokenizer needs --max-tokens" : "--max-tokens needs --tokenizer";
    throw new UsageError("bad-budget", `${lacking}: a number, and a tokenizer's folder or estimate.`);
  }
  if (maxTokens === null || tokenizer === null) return { correct, budget: null };
  if (extension !== ".jsonl") {
    throw new UsageError("bad-budget", `The format ${format} has no text; leave out --max-tokens.`);
  }
  return { correct, budget: { maxTokens, count: await openTokenCounter(tokenizer) } };
}
