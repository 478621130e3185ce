import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { packagePath } from "../../../src/base/package-root.ts";
import { readPrompt, type Subject } from "../../../src/products/dataset/prompt.ts";
import { readRecipe, recipeJsonSchema, recipePath } from "../../../src/products/dataset/recipe.ts";
import { TestFolder } from "../../helpers/test-folder.ts";

const folder = new TestFolder();

const LEAST = "name: traced\nlicence: mit\ninputs: [a.jsonl]\nrenderer: statelens\n";

const SUBJECT: Subject = {
  program: { id: "a", code: "CODE", entry: "ENTRY", stdin: "IN" },
  run: { system: null, user: null, answer: "ANSWER", trace: "TRACE", result: "1" },
  other: null,
  solution: null,
};

function recipe(text: string): ReturnType<typeof readRecipe> {
  return readRecipe(folder.write("recipe.yaml", text));
}

test("the JSON Schema beside the recipe is the one that recipes are checked with", () => {
  const stored = JSON.parse(readFileSync(packagePath("src", "products", "dataset", "recipe.schema.json"), "utf8"));
  expect(stored, "npx tsx scripts/write-recipe-schema.ts writes it again").toEqual(recipeJsonSchema());
});

test("what a recipe leaves out has its usual value", async () => {
  expect(await recipe(LEAST)).toMatchObject({
    filters: [],
    correct: true,
    solutions: [],
    perSource: 0,
    prompt: "predict-output.v1",
    output: { kind: "sharegpt", files: "jsonl" },
    split: { validation: 0, test: 0, seed: 0, similarity: 0.8 },
    decontaminate: { against: [], ngram: 10 },
  });
});

test("a wrong recipe is refused with the place and the cause", async () => {
  const cases: [string, string][] = [
    [`${LEAST}rendrer: x\n`, "rendrer"],
    [LEAST.replace("traced", "../x"), "name"],
    [`${LEAST}split: {validation: 0.5, test: 0.6}\n`, "split"],
    [`${LEAST}output: {kind: csv}\n`, "output.kind"],
    [`${LEAST}cutoffTokens: 2048\n`, "cutoffTokens"],
    [`${LEAST}trace: {timeoutMs: "5"}\n`, "trace.timeoutMs"],
    ["a: [", "no YAML"],
    [`${LEAST}name: again\n`, "no YAML"],
    ["- 1\n", "the recipe"],
    [
      "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: &d [*c, *c]\ne: &e [*d, *d]\nf: [*e, *e, *e, *e, *e, *e, *e]\n",
      "YAML",
    ],
  ];
  for (const [text, place] of cases) await expect(recipe(text), text).rejects.toThrow(place);
  await expect(readRecipe(folder.at("none.yaml"))).rejects.toThrow("Check its path");
});

test("recipes that come with it are found by name, others by path", () => {
  expect(recipePath("statelens")).toBe(packagePath("recipes", "statelens.yaml"));
  expect(recipePath("./statelens")).toBe("./statelens");
  expect(recipePath("mine.yaml")).toBe("mine.yaml");
  expect(() => recipePath("statelense")).toThrow("There is no recipe statelense. These come with tracemill: codeexec");
});

test("prompts are filled in once, with what the program is", async () => {
  folder.write("own.yaml", "user: '{{code}} / {{entry}} / {{ stdin }}'\n");
  const prompt = await readPrompt("./own.yaml", folder.path);
  const program = { id: "a", code: "{{entry}} $& $1", entry: "f('{{code}}')" };
  expect(prompt.chat({ ...SUBJECT, program })).toEqual({
    system: null,
    user: "{{entry}} $& $1 / f('{{code}}') / ",
    answer: "ANSWER",
    rejected: null,
  });
  folder.write("bad.yaml", "user: '{{secret}}'\n");
  await expect(readPrompt("./bad.yaml", folder.path)).rejects.toThrow("asks for {{secret}}");
  await expect(readPrompt("none.v9", folder.path)).rejects.toThrow("cannot be read");
});

test("a prompt says what a row lacks, and what of it is shown", async () => {
  folder.write("own.yaml", "user: '{{code}}'\nassistant: '{{result}} for {{expected}}'\n");
  const prompt = await readPrompt("./own.yaml", folder.path);
  expect(Array.from(prompt.places)).toEqual(["code", "result", "expected"]);
  expect(prompt.chat(SUBJECT)).toEqual({ lacks: "expected" });
  const program = { ...SUBJECT.program, expected: "2" };
  expect(prompt.chat({ ...SUBJECT, program })).toMatchObject({ answer: "1 for 2" });
});

test("the prompts that come with it are whole", async () => {
  const prompts = readdirSync(packagePath("src", "products", "dataset", "prompts")).map((file) =>
    file.replace(/\.yaml$/, ""),
  );
  expect(prompts).toContain("predict-output.v1");
  const program = { ...SUBJECT.program, expected: "2" };
  const run = { ...SUBJECT.run, trace: "TRACE OF CODE" };
  const other = { ...run, trace: "OTHER TRACE", result: "OTHER RESULT" };
  for (const name of prompts) {
    const chat = (await readPrompt(name, folder.path)).chat({ program, run, other, solution: "SOLUTION" });
    expect(chat, name).toMatchObject({ user: expect.stringContaining("CODE"), answer: expect.stringMatching(/[A-Z]/) });
    expect(JSON.stringify(chat), name).not.toContain("{{");
  }
});
