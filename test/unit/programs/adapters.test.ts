import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { assertedCall, literalElements } from "../../../src/programs/sources/python-tests.ts";
import { readPrograms } from "../../../src/programs/sources/read.ts";
import { listSources } from "../../../src/programs/sources/registry.ts";
import { collect } from "../../helpers/collect.ts";
import { TestFolder } from "../../helpers/test-folder.ts";

const REPAIR = new URL("../../../../shared/data/mbpp_repair.jsonl", import.meta.url).pathname;

const folder = new TestFolder();

/** Programs as they are, rejected rows as [reason, message]. */
async function read(...rows: unknown[]): Promise<unknown[]> {
  const items = await collect(readPrograms([folder.writeRows(rows)]));
  return items.map((item) => ("program" in item ? item.program : [item.rejected.reason, item.rejected.message]));
}

const humaneval = {
  task_id: "HumanEval/53",
  prompt: 'def add(x, y):\n    """Adds."""\n',
  canonical_solution: "    return x + y\n",
  entry_point: "add",
};

test("HumanEval: every compared call is a program", async () => {
  const body = "    assert candidate(0, 1) == 1\n    assert candidate('a, (', 'b') == \"a, (b\", 'joined'\n";
  const plain = `METADATA = {'author': 'x'}\n\n\ndef check(candidate):\n    # two\n    assert candidate(0, 1) == 1\n    assert candidate([1,\n      2], [3]) == [1, 2, 3]\n\n`;
  const code = humaneval.prompt + humaneval.canonical_solution;
  expect(await read({ ...humaneval, test: plain })).toEqual([
    { id: "HumanEval/53/0", code, entry: "add(0, 1)", expected: "1" },
    { id: "HumanEval/53/1", code, entry: "add([1,\n      2], [3])", expected: "[1, 2, 3]" },
  ]);
  // A message behind the comparison: the whole check runs instead.
  expect(await read({ ...humaneval, test: `def check(candidate):\n${body}` })).toEqual([
    { id: "HumanEval/53", code: `${code}\n\ndef check(candidate):\n${body}`, entry: "check(add)" },
  ]);
});

test("HumanEval: a test that does more than compare runs whole", async () => {
  for (const line of [
    "for i in range(3): assert candidate(i, i) == 2 * i",
    "assert candidate(1, 2) == 3 and True",
    "assert abs(candidate(1, 2) - 3) < 1e-6",
    "assert candidate(1, 2) == 3 == 3",
    "assert candidate(candidate(1, 2), 3) == 6",
    "assert candidate(1, 2) == math.sqrt(9)",
    "assert candidate(1, 2) == f'{3}'",
    "assert candidate(1, 2) == 'open",
  ]) {
    const [program] = await read({ ...humaneval, test: `def check(candidate):\n    ${line}\n` });
    expect(program, line).toMatchObject({ id: "HumanEval/53", entry: "check(add)" });
  }
});

test("MBPP: compared calls are entries, other tests run behind the code", async () => {
  const row = {
    task_id: 2,
    text: "Add.",
    code: "def add(a, b):\r\n    return a + b",
    test_list: ["assert add(1, 2) == 3", "assert add(1, 2) == min(3, 4)", "assert not add(0, 0)"],
    test_setup_code: "import math",
    challenge_test_list: ["assert add((1,), (2,)) == (1, 2)"],
  };
  const code = `import math\n${row.code}`;
  const meta = { text: "Add." };
  expect(await read(row)).toEqual([
    { id: "2/0", code, entry: "add(1, 2)", expected: "3", meta },
    { id: "2/1", code, entry: "add(1, 2) == (min(3, 4))", expected: "True", meta },
    { id: "2/2", code: `${code}\n\nassert not add(0, 0)\n`, entry: null, meta },
    { id: "2/3", code, entry: "add((1,), (2,))", expected: "(1, 2)", meta },
  ]);
  expect(await read({ task_id: 1, code: "", test_list: [] }, { task_id: 2, code: "", test_list: "assert x" })).toEqual([
    ["wrong-type", expect.stringContaining('"test_list"')],
    ["wrong-type", expect.stringContaining('"test_list"')],
  ]);
});

test("LiveCodeBench execution: the input is the call", async () => {
  const row = { id: "sample_1", function_name: "double", code: "def double(n): ...", output: "8", numsteps: 3 };
  expect(await read({ ...row, input: "double(n = 4)" }, { ...row, id: 2, input: "4" })).toEqual([
    {
      id: "sample_1",
      code: row.code,
      entry: "double(n = 4)",
      expected: "8",
      meta: { function_name: "double", numsteps: 3 },
    },
    ["wrong-value", expect.stringContaining('"input" is no call of "double"')],
  ]);
});

test("APPS: every solution with every input, on stdin or as values", async () => {
  const stdin = {
    problem_id: 7,
    solutions: JSON.stringify(["print(int(input()) * 2)", "x"]),
    input_output: JSON.stringify({ inputs: ["4\n", ["5", "6"], 7], outputs: ["8\n", ["10"], "x"] }),
    difficulty: "interview",
  };
  const difficulty = "interview";
  const [first, second, third, ...others] = await read(stdin);
  expect([first, second, third]).toEqual([
    {
      id: "7/0/0",
      code: "print(int(input()) * 2)",
      entry: null,
      stdin: "4\n",
      expected: "8\n",
      compare: "stdout-tokens",
      meta: { difficulty },
    },
    {
      id: "7/0/1",
      code: "print(int(input()) * 2)",
      entry: null,
      stdin: "5\n6",
      expected: "10",
      compare: "stdout-tokens",
      meta: { difficulty },
    },
    ["wrong-type", expect.stringContaining('"input_output.inputs[2]" is a number')],
  ]);
  expect(others).toHaveLength(3);

  const calls = `{"id": 8, "code": "class Solution:\\n    def f(self, a, b): ...", "input_output": {"fn_name": "f", "inputs": [[1.0, "it's\\n"], [12345678901234567890, [true, null]]], "outputs": [[3], {"a": 1}]}}`;
  const code = "class Solution:\n    def f(self, a, b): ...";
  expect(await read(calls)).toEqual([
    { id: "8/0/0", code, entry: `Solution().f(1.0, "it's\\n")`, meta: {} },
    {
      id: "8/0/1",
      code,
      entry: "Solution().f(12345678901234567890, [True, None])",
      expected: "{'a': 1}",
      compare: "json",
      meta: {},
    },
  ]);
});

test("APPS: hostile rows are rejected, each with its reason", async () => {
  const rows = [
    { solutions: "[", input_output: { inputs: ["1"] } },
    { solutions: [1], input_output: { inputs: ["1"] } },
    { solutions: [], input_output: { inputs: ["1"] } },
    { code: "x", input_output: "{" },
    { code: "x", input_output: [1] },
    { code: "x", input_output: { inputs: [] } },
    { code: "x", input_output: { inputs: [[1]], fn_name: "f); import os" } },
    { code: "x", input_output: { inputs: [1], fn_name: "f" } },
    { code: 1, input_output: {} },
  ];
  const reasons = (await read(...rows)).map((item) => (item as [string, string])[0]);
  expect(reasons).toEqual([
    "malformed-json",
    "wrong-type",
    "no-solutions",
    "malformed-json",
    "wrong-type",
    "no-inputs",
    "wrong-value",
    "wrong-type",
    "wrong-type",
  ]);
});

test("MBPP repair: arguments are values of the prompt, and never code", async () => {
  const prompt = (args: string) => `Fix it.\n\n**fail tests**\n${args}\n\nyour correct program is \n\`\`\`python\n`;
  const row = {
    task_id: "Mbpp/2",
    solution: "def help(): ...\ndef add(a, b):\n    return a - b",
    is_syntax_err: false,
  };
  const items = await read(
    { ...row, prompt: prompt("[[1, (2,)], 'it, \\'s']") },
    { ...row, task_id: 2, prompt: prompt("[__import__('os').system('ls')]") },
    { ...row, task_id: 3, prompt: prompt("1) + f(2") },
    { ...row, task_id: 4, prompt: prompt("[1]"), solution: "x = 1" },
    { ...row, task_id: 5, prompt: "no test", solution: "def f(:", is_syntax_err: true },
  );
  expect(items).toEqual([
    expect.objectContaining({ id: "Mbpp/2", code: row.solution, entry: "add([1, (2,)], 'it, \\'s')" }),
    ["wrong-value", expect.stringContaining("list of Python literals")],
    ["wrong-value", expect.stringContaining("list of Python literals")],
    ["wrong-value", expect.stringContaining("defines no function")],
    expect.objectContaining({ id: "5", code: "def f(:", entry: null }),
  ]);
});

test.skipIf(!existsSync(REPAIR))("MBPP repair: every published row is a program", async () => {
  const items = await collect(readPrograms([REPAIR]));
  const rejected = items.flatMap((item) => ("rejected" in item ? [item.rejected] : []));
  const withEntry = items.filter((item) => "program" in item && item.program.entry !== null);
  expect(rejected).toEqual([]);
  expect([items.length, withEntry.length]).toEqual([378, 333]);
});

test("PyEdu: inputs may be JSON in a string, as tables have them", async () => {
  const row = { refcode: "def m(x): ...", funcname: "m", ios: '[{"input": {"x": 1.0}, "output": 2}]' };
  expect(await read(row, { ...row, ios: "[" })).toEqual([
    { id: "1/0", code: row.refcode, entry: "m(x=1.0)", expected: "2", compare: "json" },
    ["wrong-type", expect.stringContaining('"ios" is a string')],
  ]);
});

test("REval: an input is the text of a tuple of arguments, and never code around the call", async () => {
  const row = { task_id: "DREval/3", entry_point: "g", code: "def g(*a): ...", outputs: [], test: null };
  expect(
    await read({ ...row, inputs: ["(1, 'a,)',)", "([2, (3,)], 4)", "()", "(5)", "def test(self): ...", 6] }),
  ).toEqual([
    { id: "DREval/3/0", code: row.code, entry: "g(1, 'a,)')" },
    { id: "DREval/3/1", code: row.code, entry: "g([2, (3,)], 4)" },
    { id: "DREval/3/2", code: row.code, entry: "g()" },
    ["no-call", expect.stringContaining("Input 3 is no tuple")],
    ["no-call", expect.stringContaining("Input 4 is no tuple")],
    ["no-call", expect.stringContaining("Input 5 is a number")],
  ]);
});

test("every source's example is a row of that source", async () => {
  const examples = listSources().filter(({ name }) => name !== "generate" && name !== "native");
  for (const { name, example } of examples) {
    const items = await read(example.replaceAll("\n", " "));
    expect(items, name).toEqual([expect.objectContaining({ code: expect.any(String) })]);
  }
});

test("what counts as a comparison of a call", () => {
  expect(assertedCall("assert a.b(1)(2) == 3")).toBeNull();
  expect(assertedCall("assert f(x=[1, {'k': (2,)}]) == -1.5e3 # note")).toEqual({
    call: "f(x=[1, {'k': (2,)}])",
    expected: "-1.5e3",
    literal: true,
  });
  expect(assertedCall("assert f(1) == 2; import os")).toBeNull();
  expect(assertedCall("assert (f(1) == 2)")).toBeNull();
  expect(assertedCall("assert f(1) == 2\nimport os")).toBeNull();
  expect(literalElements("[1, [2, 3], 'a,b',]")).toEqual(["1", "[2, 3]", "'a,b'"]);
  expect(literalElements("[]")).toEqual([]);
  expect(literalElements("[1] + [2]")).toBeNull();
  expect(literalElements("[f(1)]")).toBeNull();
});
