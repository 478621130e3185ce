import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { builtPythons } from "../helpers/built-pythons.ts";
import { cli } from "./run-cli.ts";

vi.setConfig({ testTimeout: 120_000 });

const [python] = await builtPythons();

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "tracemill-"));
  const rows = [
    { id: "a", code: "def f(x):\n    return x + 1", entry: "f(2)" },
    { id: "b", code: "import random\ndef f():\n    return random.random()", entry: "f()" },
    { id: "c", code: "def f(:", entry: "f()" },
  ];
  writeFileSync(join(cwd, "in.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const run = (...args: string[]) => cli(args, { cwd, python: python?.executable as string });
const linesOf = (path: string) => readFileSync(join(cwd, path), "utf8").split("\n").filter(Boolean);

test.skipIf(!python)("inspect: one row for each program, errors are rows", async () => {
  const { status, stderr } = await run("inspect", "in.jsonl");
  expect([status, stderr]).toEqual([
    0,
    expect.stringContaining("in.facts.jsonl: 3 programs (1 without facts), 0 rejected"),
  ]);
  const rows = linesOf("in.facts.jsonl").map((line) => JSON.parse(line));
  expect(rows.map(({ id }) => id)).toEqual(["a", "b", "c"]);
  expect(rows[0].facts.entry).toEqual({ kind: "call", function: "f", line: 1 });
  expect(rows[2].error.type).toBe("SyntaxError");
  const piped = await run("inspect", "in.jsonl", "-o", "-");
  expect(piped.stdout).toBe(readFileSync(join(cwd, "in.facts.jsonl"), "utf8"));
});

test.skipIf(!python)("trace --filter: what is left out is in the manifest and among the rejected rows", async () => {
  const { status } = await run("trace", "in.jsonl", "--as", "events", "-o", "out.jsonl", "--filter", "imports,returns");
  expect(status).toBe(0);
  const manifest = JSON.parse(readFileSync(join(cwd, "out.jsonl.manifest.json"), "utf8"));
  expect(manifest.counts.rejected).toEqual({ "changing-import": 1, "not-returned": 1 });
  expect(manifest.options.filters).toEqual(["imports", "returns"]);
  expect(linesOf("out.jsonl.rejected.jsonl").map((line) => JSON.parse(line).id)).toEqual(["b", "c"]);
});

test.skipIf(!python)("dataset: a folder, whole or not at all", async () => {
  mkdirSync(join(cwd, "recipes"));
  const recipe = "name: set\nlicence: mit\ninputs: [../in.jsonl]\nfilters: [imports]\nrenderer: statelens-skip\n";
  writeFileSync(join(cwd, "recipes", "r.yaml"), recipe);
  const { status, stderr } = await run("dataset", "recipes/r.yaml", "-o", "set", "--workers", "1");
  expect([status, stderr]).toEqual([
    0,
    expect.stringContaining("set: 2 programs, 1 train; 2 left out (rejected.jsonl)"),
  ]);
  expect(linesOf("set/set-train.jsonl")).toHaveLength(1);
  expect((await run("dataset", "recipes/r.yaml", "-o", "set")).status).toBe(2);
  writeFileSync(join(cwd, "recipes", "r.yaml"), recipe.replace("../in", "none"));
  expect((await run("dataset", "recipes/r.yaml", "-o", "other")).status).toBe(2);
  for (const left of ["other", "other.part", "other.work"]) expect(existsSync(join(cwd, left)), left).toBe(false);
});

test.skipIf(!python)("dataset: a recipe by its name, with inputs and a tokenizer of the command line", async () => {
  const flags = ["--input", "in.jsonl", "--tokenizer", "estimate", "--limit", "2", "--json", "--workers", "1"];
  const { status, stdout } = await run("dataset", "statelens", "-o", "set", ...flags);
  expect(status).toBe(0);
  const { recipe, splits, inputs } = JSON.parse(stdout);
  expect(recipe).toMatchObject({ inputs: ["in.jsonl"], tokenizer: "estimate", limit: 2 });
  expect(splits.train).toMatchObject({ rows: 2, tokens: { over: null } });
  expect(inputs[0].path).toBe("in.jsonl");
  expect(readFileSync(join(cwd, "set", "README.md"), "utf8")).toContain("Tokens are counted by `estimate`");
  const none = await run("dataset", "statelens", "-o", "other");
  expect([none.status, none.stderr]).toEqual([2, expect.stringContaining("--input FILE")]);
});
