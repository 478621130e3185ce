import { expect, test } from "vitest";
import { openTokenCounter } from "../../src/views/text/tokens.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { writeByteTokenizer } from "../helpers/byte-tokenizer.ts";
import { CliFolder } from "./cli-folder.ts";

const [python] = await builtPythons();
if (python === undefined) console.warn(`skipped: ${NOT_BUILT}`);
const withPython = test.skipIf(python === undefined);

const folder = new CliFolder(python?.executable);

const LOOP = "def f(n):\n    s = []\n    for i in range(n):\n        s.append(\n            i)\n    return s";

withPython("corrections and budgets are the same in trace and in render", { timeout: 120_000 }, async () => {
  const rows = [2, 30, 400].map((n) => ({ id: `n${n}`, code: LOOP, entry: `f(${n})` }));
  folder.writeRows(rows);
  expect((await folder.run("trace", "in.jsonl", "-o", "in.tmr")).status).toBe(0);
  for (const format of ["statelens-skip", "llmexecutor-sft"]) {
    const correct = format === "statelens-skip" ? ["--correct"] : [];
    const flags = ["--as", format, ...correct, "--max-tokens", "900", "--tokenizer", "estimate"];
    expect((await folder.run("trace", "in.jsonl", "-o", "direct.jsonl", "--force", ...flags)).stderr).toContain(
      ": 3 programs",
    );
    expect((await folder.run("render", "in.tmr", "-o", "later.jsonl", "--force", ...flags)).status).toBe(0);
    expect(folder.text("later.jsonl")).toBe(folder.text("direct.jsonl"));
    expect(folder.text("direct.jsonl")).not.toBe("");
    const settings = { correct: correct.length > 0, maxTokens: 900, tokenizer: "estimate" };
    for (const name of ["direct", "later"]) {
      expect(JSON.parse(folder.text(`${name}.jsonl.manifest.json`)).render).toEqual(settings);
    }
  }
});

withPython("worker threads count with the tokenizer of a folder", { timeout: 120_000 }, async () => {
  writeByteTokenizer(folder.path);
  const rows = Array.from({ length: 40 }, (_, n) => ({ id: `n${n}`, code: LOOP, entry: `f(${n})` }));
  folder.writeRows(rows);
  expect((await folder.run("trace", "in.jsonl", "-o", "in.tmr")).status).toBe(0);
  const flags = ["--as", "concise", "--max-tokens", "400", "--tokenizer", "."];
  expect((await folder.run("trace", "in.jsonl", "-o", "direct.jsonl", "--workers", "2", ...flags)).status).toBe(0);
  expect((await folder.run("render", "in.tmr", "-o", "later.jsonl", ...flags)).status).toBe(0);
  expect(folder.text("later.jsonl")).toBe(folder.text("direct.jsonl"));
  const count = await openTokenCounter(folder.path);
  const made = folder.text("direct.jsonl").trimEnd().split("\n");
  const tokens = made.map((line) => count((JSON.parse(line) as { text: string }).text));
  expect(tokens).toHaveLength(rows.length);
  expect(Math.max(...tokens)).toBeLessThanOrEqual(400);
  expect(folder.text("direct.jsonl")).toContain("[SKIPPED] iterations");
});

withPython("a row over its budget is rejected", { timeout: 60_000 }, async () => {
  folder.writeRows([{ id: "a", code: LOOP, entry: "f(3)" }]);
  const flags = ["--as", "snoop", "--max-tokens", "20", "--tokenizer", "estimate"];
  expect((await folder.run("trace", "in.jsonl", "-o", "out.jsonl", ...flags)).status).toBe(0);
  expect(folder.text("out.jsonl")).toBe("");
  expect(JSON.parse(folder.text("out.jsonl.rejected.jsonl"))).toMatchObject({ id: "a", reason: "over-budget" });
});

test.each([
  [["--as", "naive", "--correct"], "The format naive has no known fault"],
  [["--as", "next", "--max-tokens", "9"], "--max-tokens needs --tokenizer"],
  [["--as", "next", "--max-tokens", "0", "--tokenizer", "estimate"], '--max-tokens is "0"'],
  [["--as", "next", "--max-tokens", "9", "--tokenizer", "nowhere"], "There is no tokenizer in nowhere"],
])("%j is refused", async (flags, message) => {
  folder.writeRows([]);
  for (const verb of ["trace", "render"]) {
    const { status, stderr } = await folder.run(verb, "in.jsonl", ...flags);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  }
});
