import { rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { UsageError } from "../../../src/base/errors.ts";
import { estimateTokens, openTokenCounter, tokensUpTo } from "../../../src/views/text/tokens.ts";
import { writeByteTokenizer } from "../../helpers/byte-tokenizer.ts";
import { TestFolder } from "../../helpers/test-folder.ts";

const folder = new TestFolder();

describe("the tokenizer of a folder", () => {
  test.each([
    ["", 0],
    ["return", 1],
    ["returns", 2],
    // Three spaces are two tokens, the fourth belongs to the word; a number is its digits.
    ["    return x + 10\n", 2 + 2 + 1 + 2 + 3 + 1],
    ["x xx", 1 + 2],
    // Its two bytes in UTF-8; half a surrogate pair has the three of what replaces it.
    ["é", 2],
    ["\ud800", 3],
    ["🐍", 4],
    ["a<|end|>b", 3],
  ])("counts %j", async (text, tokens) => {
    writeByteTokenizer(folder.path);
    const count = await openTokenCounter(folder.path);
    expect(count(text)).toBe(tokens);
  });

  test("needs no tokenizer_config.json", async () => {
    writeByteTokenizer(folder.path);
    rmSync(folder.at("tokenizer_config.json"));
    expect((await openTokenCounter(folder.path))("return x")).toBe(2);
  });

  test("must be there", async () => {
    await expect(openTokenCounter(folder.path)).rejects.toThrow(
      `There is no tokenizer in ${folder.path}: give --tokenizer a`,
    );
    writeByteTokenizer(folder.path);
    const file = folder.at("tokenizer.json");
    await expect(openTokenCounter(file)).rejects.toThrow(`There is no tokenizer in ${file}`);
  });

  test.each([
    ["{", /tokenizer\.json cannot be read: .*JSON/],
    ["[]", /cannot be read: /],
    ["3", /tokenizer\.json cannot be read: it holds no JSON object/],
    ["{}", /cannot be read: .*model/],
    [
      '{"model":{"type":"BPE","vocab":{},"merges":[]},"decoder":null,"post_processor":null,"pre_tokenizer":{"type":"New"},"normalizer":null,"added_tokens":[]}',
      /cannot be read: .*New/,
    ],
  ])("must be one: %s", async (json, message) => {
    folder.write("tokenizer.json", json);
    await expect(openTokenCounter(folder.path)).rejects.toThrow(message);
    await expect(openTokenCounter(folder.path)).rejects.toThrow(UsageError);
  });
});

describe("a text that may be far too long", () => {
  const words = (text: string): number => text.split(" ").length;

  test("is counted whole when it may fit", () => {
    // Pieces would count a word more wherever one is cut.
    const text = "word ".repeat(30_000);
    expect(tokensUpTo(30_001, text, words)).toBe(30_001);
    expect(tokensUpTo(25_000, text, words)).toBe(30_001);
  });

  test("is not read to its end when it cannot", () => {
    const seen: number[] = [];
    const count = (text: string): number => {
      seen.push(text.length);
      return words(text);
    };
    expect(tokensUpTo(1_000, "w ".repeat(10_000_000), count)).toBeGreaterThan(1_000);
    expect(seen).toEqual([65_536]);
  });
});

test("tokens are estimated upwards", () => {
  expect(estimateTokens("")).toBe(0);
  expect(estimateTokens("return x + 10\n")).toBe(2 + 1 + 1 + 1 + 1 + 1 + 2 + 1);
  expect(estimateTokens("é")).toBe(2);
});
