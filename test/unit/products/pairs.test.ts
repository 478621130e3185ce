import { expect, test, vi } from "vitest";
import { PartnerFinder } from "../../../src/products/dataset/partners.ts";
import { built, jsonLines, type PreferenceRow } from "../../helpers/built-dataset.ts";
import { builtPythons } from "../../helpers/built-pythons.ts";
import { recipeSample } from "../../helpers/recipe-samples.ts";
import { TestFolder } from "../../helpers/test-folder.ts";

// Tracer processes start in each of them.
vi.setConfig({ testTimeout: 120_000 });

const [python] = await builtPythons();

const folder = new TestFolder();

test.skipIf(!python)("a partner's result has another value, not only another type or spelling", async () => {
  await using finder = await PartnerFinder.open({ python: python?.executable }, 1);
  const partners = async (...results: (string | null)[]): Promise<(string | null)[]> => {
    const found = await finder.find(results.map((result, i) => ({ id: String(i), result })));
    return found.map((index) => (index === null ? null : (results[index] ?? null)));
  };
  expect(await partners("1", "True", "1.0", "(1+0j)")).toEqual([null, null, null, null]);
  expect(await partners("{1: 2, 3: 4}", "{3: 4.0, True: 2}")).toEqual([null, null]);
  expect(await partners("[1]", "(1,)")).toEqual(["(1,)", "[1]"]);
  expect(await partners("'1'", "1")).toEqual(["1", "'1'"]);
  expect(await partners("0.0", "-0.0")).toEqual([null, null]);
  expect(await partners(String(2 ** 53), "9007199254740993")).toEqual(["9007199254740993", String(2 ** 53)]);
  // What is no literal, no value, or not equal to itself is in no pair.
  expect(await partners("nan", "1", "<object #1>", null, "__import__('os')")).toEqual([null, null, null, null, null]);
});

test.skipIf(!python)(
  "output pairs: the run itself against that of another input, under the same question",
  async () => {
    await built(folder.path, "pairs", "pairs-output", recipeSample("pairs-output"));
    const pairs = jsonLines<PreferenceRow>(folder.at("pairs", "pairs-output-train.jsonl"));
    const answer = (text: string): string => /<answer>\n([\s\S]*)\n<\/answer>$/.exec(text)?.[1] ?? "";
    for (const { id, conversations, chosen, rejected } of pairs) {
      const [call] = /(?<=What does `)[^`]*/.exec(conversations[0]?.value ?? "") ?? [];
      expect(answer(chosen.value), id).toMatch(/ == /);
      expect(answer(chosen.value).startsWith(`${call} == `), id).toBe(true);
      expect(answer(rejected.value).startsWith(`${call} == `), id).toBe(true);
      expect(answer(rejected.value)).not.toBe(answer(chosen.value));
    }
    const left = jsonLines(folder.at("pairs", "rejected.jsonl")).map(({ id, reason }) => [id, reason]);
    expect(left).toContainEqual(["constant/0", "no-pair"]);
    expect(left).toContainEqual(["pick/0", "changing-import"]);
    // Two inputs that are the same are no pair of each other, but of a third.
    expect(pairs.map(({ id }) => id)).toContain("vowels/2");
  },
);

test.skipIf(!python)("what a prompt and a recipe do not say together is refused with the fix", async () => {
  const recipe = (rest: string): string => `name: a\nlicence: mit\nrenderer: statelens\n${rest}\n`;
  const sample = { inputs: [folder.writeRows([{ id: "a", code: "def f(): return 1", entry: "f()" }])] };
  const refused = async (rest: string, message: string, given: object = sample): Promise<void> => {
    await expect(built(folder.path, "x", recipe(rest), given), rest).rejects.toThrow(message);
  };
  await refused("", "--input FILE", {});
  await refused("prompt: repair.v1", "--solutions FILE");
  await refused("output: {kind: preference}", "needs a template of wrong answers");
  await refused("prompt: predict-output-pair.v1", 'make rows of the kind "preference"');
  await expect(built(folder.path, "x", recipe("prompt: renderer").replace("statelens", "cwm"), sample)).rejects.toThrow(
    "name a prompt in the recipe",
  );
});

test.skipIf(!python)("tokens are counted, and rows over the cut-off left out and counted", async () => {
  const recipe = "name: a\nlicence: mit\nrenderer: statelens\ntokenizer: estimate\nsplit: {test: 0.4}\n";
  const whole = await built(folder.path, "whole", recipe, recipeSample("statelens"));
  const cut = await built(folder.path, "cut", `${recipe}cutoffTokens: 200\n`, recipeSample("statelens"));
  const rowsOf = ({ splits }: typeof whole): number => Object.values(splits).reduce((sum, { rows }) => sum + rows, 0);
  expect(cut.left["over-cutoff"]).toBeGreaterThan(0);
  expect(rowsOf(cut) + (cut.left["over-cutoff"] ?? 0)).toBe(rowsOf(whole));
  expect(Math.max(...Object.values(whole.splits).map(({ tokens }) => tokens?.max ?? 0))).toBeGreaterThan(200);
  for (const { file, rows, tokens, max } of Object.values(cut.splits)) {
    expect(jsonLines(folder.at("cut", file))).toHaveLength(rows);
    expect(tokens?.max).toBeLessThanOrEqual(200);
    expect(tokens?.max).toBeLessThan(max);
  }
  expect(folder.text("cut", "README.md")).toContain("Rows of more than 200 are left out.");
  await expect(
    built(folder.path, "b", recipe, { ...recipeSample("statelens"), tokenizer: folder.path }),
  ).rejects.toThrow("There is no tokenizer");
});
