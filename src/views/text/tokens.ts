// How many tokens a text is: by a tokenizer in a local folder, or estimated.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../../base/errors.ts";

/** How many tokens a text is. */
export type TokenCounter = (text: string) => number;

/** As `--tokenizer` names the estimate. */
export const ESTIMATE = "estimate";

/** Characters that are counted at once where the whole may be far too long. */
const PIECE_CHARS: number = 64 * 1024;
/** Counts of pieces differ from that of the whole by a few tokens at each cut; by less than this factor for certain. */
const PIECES_DIFFER = 1.5;
/** Has the tokenizer work once before anything depends on it. */
const PROBE = "def f(xs):\n    return xs[0] + 10  # é\n";

/** The counter for a tokenizer's folder, or the estimate. Throws UsageError when there is no such tokenizer. */
export async function openTokenCounter(tokenizer: string): Promise<TokenCounter> {
  if (tokenizer === ESTIMATE) return estimateTokens;
  const json = await readJson(join(tokenizer, "tokenizer.json"));
  if (json === null) {
    const wanted = `a folder with a tokenizer.json, or ${ESTIMATE}`;
    throw new UsageError("bad-tokenizer", `There is no tokenizer in ${tokenizer}: give --tokenizer ${wanted}.`);
  }
  const config = (await readJson(join(tokenizer, "tokenizer_config.json"))) ?? {};
  // Most runs count nothing.
  const { Tokenizer } = await import("@huggingface/tokenizers");
  try {
    const opened = new Tokenizer(json, config);
    const count: TokenCounter = (text) => opened.encode(text, { add_special_tokens: false }).ids.length;
    count(PROBE);
    return count;
  } catch (cause) {
    throw unreadable(tokenizer, cause);
  }
}

/** null: there is no such file. */
async function readJson(path: string): Promise<object | null> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw unreadable(path, cause);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch (cause) {
    throw unreadable(path, cause);
  }
  throw unreadable(path, new Error("it holds no JSON object"));
}

function unreadable(path: string, cause: unknown): UsageError {
  const message = `The tokenizer in ${path} cannot be read: ${(cause as Error).message}.`;
  return new UsageError("bad-tokenizer", message, { cause });
}

/**
 * The tokens of the text; of one that is far over `most` only some number above it, so that time and memory are bound
 * by `most`, not by the text.
 */
export function tokensUpTo(most: number, text: string, count: TokenCounter): number {
  if (text.length <= PIECE_CHARS) return count(text);
  let tokens = 0;
  for (let at = 0; at < text.length; at += PIECE_CHARS) {
    tokens += count(text.slice(at, at + PIECE_CHARS));
    if (tokens > most * PIECES_DIFFER) return tokens;
  }
  return count(text);
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
