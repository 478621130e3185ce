// The recipes that come with tracemill, each built on a small sample.

import { expect, test, vi } from "vitest";
import type { DatasetManifest } from "../../../src/products/dataset/card.ts";
import { parseExecverify } from "../../../src/views/formats/execverify.ts";
import { parseStepReply } from "../../../src/views/formats/llmexecutor.ts";
import { jsonLines, built as make } from "../../helpers/built-dataset.ts";
import { builtPythons } from "../../helpers/built-pythons.ts";
import { recipeSample, shippedRecipes } from "../../helpers/recipe-samples.ts";
import { TestFolder } from "../../helpers/test-folder.ts";

// Tracer processes start in each of them.
vi.setConfig({ testTimeout: 240_000 });

const [python] = await builtPythons();

const folder = new TestFolder("file");

/** Each once: the tests read what was made. */
const made = new Map<string, Promise<DatasetManifest>>();
function built(recipe: string): Promise<DatasetManifest> {
  const manifest = made.get(recipe) ?? make(folder.path, recipe, recipe, recipeSample(recipe));
  made.set(recipe, manifest);
  return manifest;
}

/** Programs of the sample end as rows or among the rejected; rows of one program count once. */
const places = (recipe: string): number => {
  const ids = jsonLines(folder.at(recipe, `${recipe}-train.jsonl`)).map(({ id }) => String(id).split("#")[0]);
  return new Set([...ids, ...jsonLines(folder.at(recipe, "rejected.jsonl")).map(({ id }) => id)]).size;
};

test.skipIf(!python).each(shippedRecipes())("%s makes rows of its sample and accounts for the rest", async (recipe) => {
  const { name, splits, left, recipe: used } = await built(recipe);
  expect(name).toBe(recipe);
  expect(used.correct).toBe(true);
  expect(splits.train?.rows).toBeGreaterThan(2);
  expect(Object.values(left).reduce((sum, rows) => sum + rows, 0)).toBe(
    jsonLines(folder.at(recipe, "rejected.jsonl")).length,
  );
  const programs = recipeSample(recipe)
    .inputs.flatMap((path) => jsonLines<{ ios?: unknown[] }>(path))
    .reduce((sum, { ios }) => sum + (ios?.length ?? 1), 0);
  expect(places(recipe)).toBe(programs);
  expect(folder.text(recipe, "README.md")).toContain(`# ${recipe}`);
});

test.skipIf(!python)("the renderer's own questions are asked, and LLMExecutor's steps are rows", async () => {
  await built("statelens");
  const [row] = jsonLines<{ system: string; conversations: { value: string }[] }>(
    folder.path,
    "statelens",
    "statelens-train.jsonl",
  );
  expect(row?.system).toBe("You are an expert Python programmer");
  expect(row?.conversations[0]?.value).toContain("Predict the exact output value for `running_maximum(");
  await built("llmexecutor-sft");
  const steps = jsonLines<{ id: string; output: string }>(folder.at("llmexecutor-sft", "llmexecutor-sft-train.jsonl"));
  expect(steps.slice(0, 2).map(({ id }) => id)).toEqual(["running-maximum#1", "running-maximum#2"]);
  for (const { output } of steps) expect(parseStepReply(output).analysis).not.toBeNull();
});

test.skipIf(!python)("ExecVerify's rows reason by events, and assert what the run gave", async () => {
  await built("execverify");
  const rows = jsonLines<{ id: string; conversations: { from: string; value: string }[] }>(
    folder.at("execverify", "execverify-train.jsonl"),
  );
  const answers = new Map(rows.map(({ id, conversations }) => [id, conversations[1]?.value ?? ""]));
  const [, reasoning = "", said] =
    /^<reasoning>\n(.*)\n<\/reasoning>\n<answer>\n(.*)\n<\/answer>$/s.exec(answers.get("run-lengths") ?? "") ?? [];
  expect(said).toBe("assert run_lengths('aaabccd') == 'a3b1c2d1'");
  const events = parseExecverify(JSON.stringify({ trace_events: JSON.parse(reasoning) }));
  expect(events.at(-1)).toEqual({ event: "program_end", success: true });
  expect(events.some((event) => event.return === "'a3b1c2d1'")).toBe(true);
  const left = new Map(jsonLines(folder.at("execverify", "rejected.jsonl")).map(({ id, reason }) => [id, reason]));
  // One raises, one never ends.
  expect([left.get("missing-key"), left.get("endless-loop")]).toEqual(["not-returned", "not-returned"]);
});

test.skipIf(!python)("Execution-Grounded takes one input of a problem, of those that its filters keep", async () => {
  const { left } = await built("execution-grounded");
  const rows = jsonLines(folder.at("execution-grounded", "execution-grounded-train.jsonl"));
  const problems = rows.map(({ id }) => String(id).split("/")[0]);
  expect(new Set(problems).size).toBe(problems.length);
  // Every problem but the one that uses random has inputs that are kept.
  expect(problems.sort()).toEqual(["constant", "countdown", "digits", "mean-of-pairs", "price", "vowels", "widest"]);
  expect(left).toMatchObject({
    "changing-import": 2,
    "duplicate-input": 1,
    "input-too-large": 1,
    "trace-too-long": 1,
    "exception-in-trace": 1,
  });
});
