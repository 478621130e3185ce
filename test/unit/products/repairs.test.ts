import { expect, test, vi } from "vitest";
import { built, jsonLines, type PreferenceRow } from "../../helpers/built-dataset.ts";
import { builtPythons } from "../../helpers/built-pythons.ts";
import { recipeSample } from "../../helpers/recipe-samples.ts";
import { TestFolder } from "../../helpers/test-folder.ts";

// Tracer processes start in each of them.
vi.setConfig({ testTimeout: 120_000 });

const [python] = await builtPythons();

const folder = new TestFolder();

/** `count` tasks, each with a right program and two faulty ones that are nothing like each other. */
function writeTasks(count: number): { inputs: string[]; solutions: string[] } {
  const right = (n: number): string => `def f(x):\n    return x * ${n} + ${n * n}`;
  const faulty = (n: number): string[] => [
    `def f(x):\n    first${n} = [x, ${n}]\n    second${n} = sum(first${n})\n    return second${n} - 1`,
    `import math\ndef f(x):\n    while x < ${n}:\n        x = x + math.pi\n    raise ValueError('${n}')`,
  ];
  const tasks = Array.from({ length: count }, (_, n) => n + 2);
  const faultyRows = tasks.flatMap((n) => faulty(n).map((code, i) => ({ id: `Mbpp/${n}/${i}`, code, entry: "f(3)" })));
  const rightRows = tasks.map((n) => ({ id: String(n), code: right(n), entry: "f(1)", expected: String(n + n * n) }));
  return {
    inputs: [folder.writeRows(faultyRows, "faulty.jsonl")],
    solutions: [folder.writeRows(rightRows, "right.jsonl")],
  };
}

test.skipIf(!python)("repair pairs: what was run and is right, against what was run and is not", async () => {
  const { left } = await built(folder.path, "pairs", "pairs-repair", recipeSample("pairs-repair"));
  const pairs = jsonLines<PreferenceRow>(folder.at("pairs", "pairs-repair-train.jsonl"));
  expect(pairs.map(({ id }) => id)).toEqual(["Mbpp/901", "Mbpp/902", "Mbpp/903", "Mbpp/904", "Mbpp/905"]);
  expect(pairs[2]?.conversations[0]?.value).toContain("the call `factorial(4)` does not give `24`");
  expect(pairs[2]?.chosen.value).toContain("return 1");
  expect(pairs[2]?.rejected.value).toContain("return 0");
  expect(left).toEqual({ "not-faulty": 1, "wrong-solution": 1, "no-failing-test": 1, "no-solution": 1 });
  const [first] = jsonLines(folder.at("pairs", "rejected.jsonl"));
  expect(first).toMatchObject({ id: "Mbpp/906", file: expect.stringContaining("faulty.jsonl"), row: 6 });
});

const REPAIRS = "name: a\nlicence: mit\nrenderer: concise\nprompt: repair-trace.v1\noutput: {kind: alpaca}\n";

test.skipIf(!python)("what is repaired to the same program is in one split", async () => {
  const tasks = writeTasks(12);
  await built(folder.path, "a", `${REPAIRS}split: {test: 0.5, seed: 2}\n`, tasks);
  const solutions = ["train", "test"].map((split) => {
    return new Set(jsonLines<{ output: string }>(folder.at("a", `a-${split}.jsonl`)).map(({ output }) => output));
  }) as [Set<string>, Set<string>];
  expect(solutions[0].size + solutions[1].size).toBe(12);
  for (const { size } of solutions) expect(size).toBeGreaterThan(0);
});

test.skipIf(!python)("a right program that is one of an evaluation set's is not trained on", async () => {
  const tasks = writeTasks(3);
  const exam = { id: "exam", code: "def other(y):\n    return y * 3 + 9", entry: "other(1)" };
  folder.writeRows([exam], "exam.jsonl");
  const { left } = await built(
    folder.path,
    "a",
    `${REPAIRS}decontaminate: {against: [{name: exam, inputs: [exam.jsonl]}]}\n`,
    tasks,
  );
  expect(left).toEqual({ contaminated: 2 });
  expect(jsonLines(folder.at("a", "rejected.jsonl")).map(({ id }) => id)).toEqual(["Mbpp/3/0", "Mbpp/3/1"]);
});
