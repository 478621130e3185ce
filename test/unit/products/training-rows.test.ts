// What reaches a trainer, and what does not.
import { expect, test } from "vitest";
import { built, jsonLines } from "../../helpers/built-dataset.ts";
import { builtPythons, NOT_BUILT } from "../../helpers/built-pythons.ts";
import { TestFolder } from "../../helpers/test-folder.ts";

const [python] = await builtPythons();
if (python === undefined) console.warn(`skipped: ${NOT_BUILT}`);

const folder = new TestFolder();

const RECIPE = "name: a\nlicence: mit\nrenderer: naive\nprompt: predict-output.v1\n";
const program = (id: string, code: string, entry: string, more: object = {}): object => ({ id, code, entry, ...more });

test.skipIf(!python)(
  "rows that no trainer should see are left out and counted; the rest carries its meta",
  async () => {
    const inputs = [
      folder.writeRows([
        program("good", "def f(x):\r\n    return [x]", "f(1)", { meta: { level: 2 } }),
        program("same", "def f(x):\n    return [x]", "f(1)"),
        program("object", "class A: ...\ndef f(x):\n    return A()", "f(1)"),
        program("marked", 'def f(x):\n    return "<|im_" + "end|>"', "f(1)"),
        program("shown", 'def f(x):\n    """\n    >>> f(1)\n    2\n    """\n    return x + 1', "f(1)"),
      ]),
    ];
    const { left, splits } = await built(folder.path, "a", RECIPE, { inputs });
    expect(left).toEqual({ "duplicate-row": 1, "no-literal": 1, "marker-in-row": 1, "call-in-prompt": 1 });
    const rows = jsonLines<{ id: string; meta: string }>(folder.at("a", splits.train?.file ?? ""));
    expect(rows.map(({ id, meta }) => [id, meta])).toEqual([["good", '{"level":2}']]);
    expect(JSON.stringify(rows)).not.toContain("\\r");
    const all = await built(folder.path, "all", `${RECIPE}checks: []\n`, { inputs });
    expect(all.left).toEqual({});
  },
);

test.skipIf(!python)("a recipe can make its programs", async () => {
  const recipe = `${RECIPE}source: generate\ngenerate: {count: 12, seed: 5, depth: 1}\n`;
  const { programs, inputs } = await built(folder.path, "a", recipe);
  expect(programs).toBe(12);
  expect(inputs).toHaveLength(1);
  await expect(built(folder.path, "b", RECIPE.replace("licence", "source: generate\nlicence"))).rejects.toThrow(
    "generate",
  );
});

test.skipIf(!python)(
  "preferences as TRL reads them; without a second input there are none, which is said first",
  async () => {
    const recipe = `${RECIPE.replace("naive", "statelens").replace("predict-output", "predict-output-pair")}output: {kind: trl-preference}\n`;
    const code = "def f(x):\n    y = x + 1\n    return y";
    const inputs = [folder.writeRows([program("a", code, "f(1)"), program("b", code, "f(2)")])];
    const { splits } = await built(folder.path, "a", recipe, { inputs });
    const rows = jsonLines<Record<"prompt" | "chosen" | "rejected", { role: string; content: string }[]>>(
      folder.at("a", splits.train?.file ?? ""),
    );
    expect(rows).toHaveLength(2);
    for (const { prompt, chosen, rejected } of rows) {
      expect(prompt.at(-1)?.role).toBe("user");
      expect([...chosen, ...rejected].map(({ role }) => role)).toEqual(["assistant", "assistant"]);
      expect(chosen[0]?.content).not.toBe(rejected[0]?.content);
    }
    const single = [
      folder.writeRows([program("a", code, "f(1)"), program("b", "def f(x): return x", "f(2)")], "b.jsonl"),
    ];
    await expect(built(folder.path, "b", recipe, { inputs: single })).rejects.toThrow("second input");
  },
);

test.skipIf(!python)("an evaluation set that is damaged is refused: what it holds cannot be told", async () => {
  const inputs = [folder.writeRows([program("a", "def f(x): return x", "f(1)")])];
  folder.write("eval.jsonl", '{"id": "e", "code": "def g(x):\\n    return x * 2", "entry": "g(1)"}\n{"id": "cut", "co');
  const recipe = `${RECIPE}decontaminate:\n  against: [{name: E, inputs: [eval.jsonl]}]\n`;
  await expect(built(folder.path, "a", recipe, { inputs })).rejects.toThrow("is damaged at row 2");
});
