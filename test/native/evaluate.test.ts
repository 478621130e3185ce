// Stored predictions against a benchmark's rows: the published number is that of plain Python doing what the published
// scorer does, and what differs in strict mode has its reason.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { evaluate } from "../../src/products/evaluate/evaluate.ts";
import type { SampleRow } from "../../src/products/evaluate/results.ts";
import { builtPythons } from "../helpers/built-pythons.ts";
import { TestFolder } from "../helpers/test-folder.ts";

const [python] = await builtPythons();
const folder = new TestFolder();

interface Case {
  code: string;
  call: string;
  output: string;
  solution: string | null;
  /** In strict mode. */
  reason: string;
}

const ADD = "def f(n):\n    return n + 1\n";
const of = (code: string, call: string, output: string, solution: string | null, reason: string): Case => ({
  code,
  call,
  output,
  solution,
  reason,
});
const add = (solution: string | null, reason: string): Case => of(ADD, "f(3)", "4", solution, reason);

const CASES: readonly Case[] = [
  add("f(3) == 4", "right"),
  add("f(n = 3) == 4", "other-call"),
  add("f( 3 )==(4)", "right"),
  add("4 == f(3)", "right"),
  add("f(3) == 5", "wrong-value"),
  add("f(3)", "not-one-equality"),
  add("f(3) == f(3)", "call-on-both-sides"),
  add("4", "not-one-equality"),
  add("f(3) == 4.0", "wrong-type"),
  add("f(3) == 2 + 2", "not-a-literal"),
  add("f(2) + 1 == 4", "other-call"),
  add("f(3) == 4 or True", "not-one-equality"),
  add("f(3) == 5 or True", "not-one-equality"),
  add("f(3) == 5, f(3) == 4", "not-one-equality"),
  add("f(3) == 4 # sure", "right"),
  add("f(3) ==", "not-one-equality"),
  add("", "empty-reply"),
  add("f(3) == 4; raise ValueError", "more-than-one-statement"),
  add("f(3) == exit()", "not-a-literal"),
  add("assert f(3) == 4", "right"),
  add("x = 1\nf(3) == 4", "more-than-one-statement"),
  add("[1, 2\nf(3)", "more-than-one-statement"),
  add('f(3) == """', "not-one-equality"),
  add(null, "no-answer"),
  of("def f():\n    return None\n", "f()", "None", null, "no-answer"),
  of("def f():\n    pass\n", "f()", "None", "f() == None", "right"),
  of("def f():\n    return 'a == b'\n", "f()", "'a == b'", "f() == 'a == b'", "right"),
  of("def f():\n    return True\n", "f()", "True", "f() == 1", "wrong-type"),
  of("def f():\n    return float('nan')\n", "f()", "nan", "f() == float('nan')", "right"),
  of("def f():\n    return 1e999\n", "f()", "inf", "f() == inf", "right"),
  of(
    "def f(a: List[int]) -> Optional[int]:\n    return deque(a).pop()\n",
    "f(a = [1, 2])",
    "2",
    "f(a = [1, 2]) == 2",
    "right",
  ),
  of(
    "def f():\n    return sqrt(4), pow(2, 3, 5), reduce(max, [1, 2])\n",
    "f()",
    "(2.0, 3, 2)",
    "f() == (2.0, 3, 2)",
    "right",
  ),
  of(
    "def f():\n    h = [2, 1]\n    heapify(h)\n    return heappop(h), list(accumulate([1, 2])), bisect.bisect([1], 2), gcd(4, 6)\n",
    "f()",
    "(1, [1, 3], 1, 2)",
    "f() == (1, [1, 3], 1, 2)",
    "right",
  ),
  of(
    "from __future__ import annotations\ndef f(x: Nope) -> Counter:\n    return dict(Counter(x))\n",
    "f('aab')",
    "{'a': 2, 'b': 1}",
    "f('aab') == {'b': 1, 'a': 2}",
    "right",
  ),
  of("def f():\n    return {1, 2}\n", "f()", "{1, 2}", "f() == {2, 1}", "right"),
  of("def f():\n    return (1, 2)\n", "f()", "(1, 2)", "f() == 1, 2", "not-one-equality"),
  of("def f():\n    return [1, 2]\n", "f()", "[1, 2]", "f() == (1, 2)", "wrong-value"),
  of(
    "def f():\n    print('noise')\n    return 'é\\n\\'\"\\\\'\n",
    "f()",
    "'é\\n\\'\"\\\\'",
    "f() == 'é\\n\\'\"\\\\'",
    "right",
  ),
  of(
    "class Solution:\n    def f(self, n):\n        return n\n",
    "Solution().f(2)",
    "2",
    "Solution( ).f(2) == 2",
    "right",
  ),
  of("if __name__ == '__main__':\n    def f():\n        return 1\n", "f()", "1", "f() == 1", "right"),
  of("def f():\n    raise ValueError\n", "f()", "1", "f() == 1", "right"),
  of("def f(:\n", "f()", "1", "f() == 1", "right"),
];

/** The published scorer, by what is known of it, one process for each case. */
const ORACLE = `
import json, multiprocessing as mp, os, sys
MODULES = "math collections itertools functools re random bisect heapq typing builtins".split()
STARS = "math typing collections functools itertools builtins heapq".split()
def child(code, test, queue):
    sys.stdout = sys.stderr = open(os.devnull, "w")
    names = {"__name__": "__main__"}
    for m in MODULES: names[m] = __import__(m)
    for m in STARS: exec(f"from {m} import *", names)
    try:
        exec(code, names)
        exec(test, names)
        queue.put(True)
    except Exception:
        queue.put(False)
passed = []
for case in json.load(sys.stdin):
    queue = mp.Queue()
    p = mp.Process(target=child, args=(case["code"], f'assert {case["call"]} == {case["solution"]}', queue))
    p.start(); p.join(30)
    passed.append(not queue.empty() and queue.get())
print(json.dumps(passed))
`;

describe.skipIf(python === undefined)("lcb-exec", () => {
  const executable = python?.executable ?? "";

  async function run(scoring: "strict" | "published", name: string): Promise<{ rows: SampleRow[]; passAt1: number }> {
    const id = (i: number): string => `task_${i}`;
    const input = folder.write(
      "rows.jsonl",
      CASES.map(({ code, call, output }, i) =>
        JSON.stringify({ task_id: id(i), code, function_name: "f", function_call: call, output, test: "" }),
      ).join("\n"),
    );
    const predictions = folder.write(
      "answers.jsonl",
      CASES.map(({ solution }, i) => JSON.stringify({ task_id: id(i), responses: ["no"], solutions: [solution] })).join(
        "\n",
      ),
    );
    const { results } = await evaluate({
      benchmark: "lcb-exec",
      input,
      predictions,
      folder: folder.at(name),
      scoring,
      trials: { python: executable, workers: 1 },
    });
    const lines = readFileSync(folder.at(name, "samples.jsonl"), "utf8").trim().split("\n");
    expect(JSON.parse(folder.text(name, "results.json"))).toEqual(results);
    return { rows: lines.map((line) => JSON.parse(line) as SampleRow), passAt1: results?.passAt1 ?? -1 };
  }

  it("published: as plain Python does it, hacks included", async () => {
    const { stdout, stderr } = spawnSync(executable, ["-W", "ignore", "-c", ORACLE], {
      input: JSON.stringify(CASES),
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    const passed = JSON.parse(stdout) as boolean[];
    const { rows, passAt1 } = await run("published", "published");
    expect(rows.map(({ verdict }, i) => [CASES[i], verdict === "right"])).toEqual(
      passed.map((right, i) => [CASES[i], right]),
    );
    expect(passAt1).toBeCloseTo(passed.filter(Boolean).length / CASES.length, 12);
  });

  it("strict: every sample with its reason", async () => {
    const { rows, passAt1 } = await run("strict", "strict");
    expect(rows.map(({ reason }, i) => [CASES[i], reason])).toEqual(CASES.map((one) => [one, one.reason]));
    expect(passAt1).toBeCloseTo(CASES.filter(({ reason }) => reason === "right").length / CASES.length, 12);
  });
});
