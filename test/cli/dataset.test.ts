import { existsSync } from "node:fs";
import { beforeEach, expect, test, vi } from "vitest";
import { builtPythons } from "../helpers/built-pythons.ts";
import { CliFolder } from "./cli-folder.ts";

vi.setConfig({ testTimeout: 120_000 });

const [python] = await builtPythons();

const folder = new CliFolder(python?.executable);
beforeEach(() => {
  const rows = [
    { id: "a", code: "def f(x):\n    return x + 1", entry: "f(2)" },
    { id: "b", code: "import random\ndef f():\n    return random.random()", entry: "f()" },
    { id: "c", code: "def f(:", entry: "f()" },
  ];
  folder.writeRows(rows);
});

const linesOf = (path: string): string[] => folder.text(path).split("\n").filter(Boolean);

test.skipIf(!python)("inspect: one row for each program, errors are rows", async () => {
  const { status, stderr } = await folder.run("inspect", "in.jsonl");
  expect([status, stderr]).toEqual([
    0,
    expect.stringContaining("in.facts.jsonl: 3 programs (2 facts, 1 no-facts), 3 rows, 0 rejected"),
  ]);
  const rows = linesOf("in.facts.jsonl").map((line) => JSON.parse(line));
  expect(rows.map(({ id }) => id)).toEqual(["a", "b", "c"]);
  expect(rows[0].facts.entry).toEqual({ kind: "call", function: "f", line: 1 });
  expect(rows[2].error.type).toBe("SyntaxError");
  const piped = await folder.run("inspect", "in.jsonl", "-o", "-");
  expect(piped.stdout).toBe(folder.text("in.facts.jsonl"));
});

test.skipIf(!python)("trace --filter: what is left out is in the manifest and among the rejected rows", async () => {
  const flags = ["--as", "events", "--filter", "imports,returns"];
  const { status } = await folder.run("trace", "in.jsonl", "-o", "out.jsonl", ...flags);
  expect(status).toBe(0);
  const manifest = JSON.parse(folder.text("out.jsonl.manifest.json"));
  expect(manifest.counts.rejected).toEqual({ "changing-import": 1, "not-returned": 1 });
  expect(manifest.options.filters).toEqual(["imports", "returns"]);
  expect(linesOf("out.jsonl.rejected.jsonl").map((line) => JSON.parse(line).id)).toEqual(["b", "c"]);
});

test.skipIf(!python)("dataset: a folder, whole or not at all", async () => {
  const recipe = "name: set\nlicence: mit\ninputs: [../in.jsonl]\nfilters: [imports]\nrenderer: statelens-skip\n";
  folder.write("recipes/r.yaml", recipe);
  const { status, stderr } = await folder.run("dataset", "recipes/r.yaml", "-o", "set", "--workers", "1");
  expect([status, stderr]).toEqual([
    0,
    expect.stringContaining("set: 2 programs, 1 train; 2 left out (rejected.jsonl)"),
  ]);
  expect(linesOf("set/set-train.jsonl")).toHaveLength(1);
  expect((await folder.run("dataset", "recipes/r.yaml", "-o", "set")).status).toBe(2);
  folder.write("recipes/r.yaml", recipe.replace("../in", "none"));
  expect((await folder.run("dataset", "recipes/r.yaml", "-o", "other")).status).toBe(2);
  for (const left of ["other", "other.part", "other.work"]) expect(existsSync(folder.at(left)), left).toBe(false);
});

test.skipIf(!python)("dataset: a recipe by its name, with inputs and a tokenizer of the command line", async () => {
  const flags = ["--input", "in.jsonl", "--tokenizer", "estimate", "--limit", "2", "--json", "--workers", "1"];
  const { status, stdout } = await folder.run("dataset", "statelens", "-o", "set", ...flags);
  expect(status).toBe(0);
  const { recipe, splits, inputs } = JSON.parse(stdout);
  expect(recipe).toMatchObject({ inputs: ["in.jsonl"], tokenizer: "estimate", limit: 2 });
  expect(splits.train).toMatchObject({ rows: 2, tokens: { min: expect.any(Number), max: expect.any(Number) } });
  expect(inputs[0].path).toBe("in.jsonl");
  expect(folder.text("set", "README.md")).toContain("Tokens are counted by `estimate`");
  const none = await folder.run("dataset", "statelens", "-o", "other");
  expect([none.status, none.stderr]).toEqual([2, expect.stringContaining("--input FILE")]);
});
