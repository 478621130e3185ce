// A byte-level tokenizer like those of code models, small enough that its tokens can be counted by hand.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Earlier ones first: "return" becomes one token, "x" with the space before it too, and two spaces. */
const MERGES: readonly (readonly [string, string])[] = [
  ["r", "e"],
  ["t", "u"],
  ["re", "tu"],
  ["r", "n"],
  ["retu", "rn"],
  ["Ġ", "x"],
  ["Ġ", "Ġ"],
];

/** Writes the files of a tokenizer with `tokenizer.json` into the folder. */
export function writeByteTokenizer(folder: string): void {
  const tokens = [...byteCharacters(), ...MERGES.map((pair) => pair.join(""))];
  const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
  const tokenizer = {
    version: "1.0",
    added_tokens: [{ id: tokens.length, content: "<|end|>", special: true, normalized: false }],
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: byteLevel,
    decoder: byteLevel,
    model: { type: "BPE", vocab: Object.fromEntries(tokens.map((token, id) => [token, id])), merges: MERGES },
  };
  writeFileSync(join(folder, "tokenizer.json"), JSON.stringify(tokenizer));
  writeFileSync(join(folder, "tokenizer_config.json"), JSON.stringify({ tokenizer_class: "GPT2Tokenizer" }));
}

/** The characters that stand for bytes: printable ones for themselves, the others from 256 on. */
function byteCharacters(): string[] {
  const printable = (byte: number): boolean => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(printable(byte) ? byte : next++));
}
