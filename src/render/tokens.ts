import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { UsageError } from "../errors.ts";

/** How many tokens a text is. */
export type TokenCounter = (text: string) => number;

/** As `--tokenizer` names the estimate. */
export const ESTIMATE = "estimate";
const PACKAGE = "@huggingface/transformers";

/** The part of the tokenizer package that is used. */
export interface TokenizerPackage {
  AutoTokenizer: {
    from_pretrained(
      folder: string,
      options: { local_files_only: true },
    ): Promise<{ encode(text: string, options: { add_special_tokens: false }): ArrayLike<number> }>;
  };
}

/** The counter for a tokenizer's folder, or the estimate. Throws UsageError when there is no such tokenizer. */
export async function openTokenCounter(
  tokenizer: string,
  load: () => Promise<TokenizerPackage> = loadPackage,
): Promise<TokenCounter> {
  if (tokenizer === ESTIMATE) return estimateTokens;
  if (!existsSync(join(tokenizer, "tokenizer.json"))) {
    const wanted = `a folder with a tokenizer.json, or ${ESTIMATE}`;
    throw new UsageError("bad-tokenizer", `There is no tokenizer in ${tokenizer}: give --tokenizer ${wanted}.`);
  }
  const { AutoTokenizer } = await load();
  try {
    const found = await AutoTokenizer.from_pretrained(resolve(tokenizer), { local_files_only: true });
    return (text) => found.encode(text, { add_special_tokens: false }).length;
  } catch (cause) {
    throw new UsageError(
      "bad-tokenizer",
      `The tokenizer in ${tokenizer} cannot be read: ${(cause as Error).message}.`,
      {
        cause,
      },
    );
  }
}

async function loadPackage(): Promise<TokenizerPackage> {
  try {
    return (await import(PACKAGE)) as TokenizerPackage;
  } catch (cause) {
    const fix = `npm install ${PACKAGE}, or count with --tokenizer ${ESTIMATE}`;
    throw new UsageError("no-tokenizers", `Reading a tokenizer needs the package ${PACKAGE}: ${fix}.`, { cause });
  }
}

/**
 * What byte-pair tokenizers of code models come to, rounded up: a token for every four letters of a word begun, for every
 * digit, for every other visible character, for every run of spaces and every line break; two for a character outside
 * of ASCII.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (const [run] of text.matchAll(/[A-Za-z]+| +|[^\x20-\x7e\n\t\r]|[\s\S]/gu)) {
    const first = run.codePointAt(0) as number;
    if (/^[A-Za-z]/.test(run)) tokens += Math.ceil(run.length / 4);
    else tokens += first > 0x7e ? 2 : 1;
  }
  return tokens;
}
