// Data sets as those read them who train on them: the real datasets library, and LLaMA-Factory's own loading and
// preprocessing. Rows that a trainer drops it drops silently, so every count is compared with the rows that were written.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { packagePath } from "../../src/base/package-root.ts";
import type { DatasetManifest } from "../../src/products/dataset/card.ts";
import { OUTPUT_KINDS } from "../../src/products/dataset/recipe.ts";
import { built, jsonLines } from "../helpers/built-dataset.ts";
import { builtPythons } from "../helpers/built-pythons.ts";
import { recipeSample, shippedRecipes } from "../helpers/recipe-samples.ts";
import { TestFolder } from "../helpers/test-folder.ts";
import { consumersPython, NO_CONSUMERS } from "./environment.ts";

// Importing torch and LLaMA-Factory alone takes seconds.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

/** No part of the project. */
const CORPORA: readonly [recipe: string, file: string][] = [
  ["statelens-skip", "cruxeval.jsonl"],
  ["execution-grounded", "pyedu_toy.jsonl"],
  ["pairs-output", "pyedu_toy.jsonl"],
];

interface Counts {
  folder: string;
  name: string;
  stage: string;
  datasets: number;
  card: number;
  llamafactory: number;
  equal: number;
}

const [python] = await builtPythons();
const skipped = !python || consumersPython === null;
if (consumersPython === null) console.warn(NO_CONSUMERS);

const folder = new TestFolder();

const build = (recipe: string, as: string, given: object) => built(folder.path, as, recipe, given);

const script = (name: string, ...args: string[]): string =>
  execFileSync(consumersPython as string, [packagePath("test", "consumers", name), ...args], {
    encoding: "utf8",
    maxBuffer: 64 << 20,
    stdio: ["ignore", "pipe", "pipe"],
  });

/** The rows that readers find in the folders are those that their manifests tell of, to the last character. */
function expectRead(built: ReadonlyMap<string, DatasetManifest>): void {
  const files = Array.from(built, ([name, { splits }]) =>
    Object.values(splits).map(({ file }) => folder.at(name, file)),
  );
  const tokenizer = folder.at("tokenizer");
  script("make_tokenizer.py", tokenizer, ...files.flat().filter((file) => file.endsWith(".jsonl")));
  const folders = Array.from(built.keys(), (name) => folder.at(name));
  const counts = script("check.py", tokenizer, ...folders)
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Counts);
  const read = counts.map(({ folder, name, datasets, card, llamafactory, equal }) => ({
    folder,
    name,
    rows: [datasets, card, llamafactory, equal],
  }));
  const written = Array.from(built, ([as, { name, splits }]) =>
    Object.entries(splits).map(([split, { rows }]) => ({
      folder: folder.at(as),
      name: split === "train" ? name : `${name}-${split}`,
      rows: [rows, rows, rows, rows],
    })),
  ).flat();
  expect(written.length).toBeGreaterThanOrEqual(built.size);
  expect(read).toEqual(written);
}

test.skipIf(skipped)("every recipe's data set is read whole", async () => {
  const all = new Map<string, DatasetManifest>();
  for (const recipe of shippedRecipes()) all.set(recipe, await build(recipe, recipe, recipeSample(recipe)));
  expectRead(all);
});

test.skipIf(skipped)("so is every kind of row in every kind of file, in splits", async () => {
  const all = new Map<string, DatasetManifest>();
  // TRL's form is none of LLaMA-Factory's.
  for (const kind of OUTPUT_KINDS.filter((name) => name !== "trl-preference")) {
    for (const files of ["jsonl", "parquet"]) {
      const prompt = kind === "preference" ? "predict-output-pair.v1" : "predict-output.v1";
      const recipe = folder.write(
        "recipe.yaml",
        `name: set\nlicence: mit\nrenderer: statelens\nprompt: ${prompt}\noutput: {kind: ${kind}, files: ${files}}\n` +
          "split: {validation: 0.3, test: 0.2, seed: 3}\n",
      );
      const manifest = await build(recipe, `${kind}-${files}`, recipeSample("pairs-output"));
      expect(Object.keys(manifest.splits)).toEqual(["train", "validation", "test"]);
      all.set(`${kind}-${files}`, manifest);
    }
  }
  expectRead(all);
});

test.skipIf(skipped)("tokens are counted as the transformers library counts them, in the chat template", async () => {
  const text = "name: set\nlicence: mit\nrenderer: statelens\nprompt: renderer\noutput: {kind: alpaca}\n";
  const recipe = folder.write("recipe.yaml", text);
  await build(recipe, "before", recipeSample("statelens"));
  const tokenizer = folder.at("tokenizer");
  script("make_tokenizer.py", tokenizer, folder.at("before", "set-train.jsonl"));
  const rows = jsonLines<Record<string, string>>(folder.at("before", "set-train.jsonl"));
  const chats = rows.map(({ system, instruction, output }) => [
    { role: "system", content: system },
    { role: "user", content: instruction },
    { role: "assistant", content: output },
  ]);
  const file = folder.write("chats.json", JSON.stringify(chats));
  const ofRows = JSON.parse(script("count_tokens.py", tokenizer, file)) as number[];
  const cutoff = ofRows.slice().sort((a, b) => a - b)[4] as number;
  folder.write("recipe.yaml", `${text}cutoffTokens: ${cutoff}\ntokenizer: ./tokenizer\n`);
  const { splits, tokens, left } = await build(recipe, "after", recipeSample("statelens"));
  expect(tokens).toEqual({ chatTemplate: true });
  const longer = ofRows.filter((tokens) => tokens > cutoff).length;
  expect(left["over-cutoff"]).toBe(longer);
  expect(splits.train?.tokens).toMatchObject({ min: Math.min(...ofRows), max: cutoff });
});

const corpora = CORPORA.map(([recipe, file]) => ({ recipe, input: packagePath("..", "shared", "data", file) }));
const missing = corpora.filter(({ input }) => !existsSync(input)).map(({ input }) => input);
if (missing.length > 0) console.warn(`not there, so that no data set of it is read: ${missing.join(", ")}`);

test.skipIf(skipped || missing.length > 0)("so are those of real corpora", async () => {
  const all = new Map<string, DatasetManifest>();
  for (const { recipe, input } of corpora)
    all.set(recipe, await build(recipe, recipe, { inputs: [input], limit: 200 }));
  expectRead(all);
});
