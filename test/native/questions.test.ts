// Questions about recorded runs: the rules that published ones break, and every answer found again by plain Python.
import { describe, expect, it } from "vitest";
import type { Program } from "../../src/base/schema/program.ts";
import { openTracer } from "../../src/engine/tracer.ts";
import { checkGenerateOptions } from "../../src/programs/generate/generate-options.ts";
import { ProgramMaker } from "../../src/programs/generate/program.ts";
import { type AskedRun, askAll } from "../../src/views/questions/asker.ts";
import {
  type Ask,
  QUESTION_KINDS,
  type Question,
  type QuestionKind,
  questionSchema,
} from "../../src/views/questions/question.ts";
import { makerOf } from "../../src/views/questions/registry.ts";
import { QuestionRun } from "../../src/views/questions/run.ts";
import { chooseQuestions } from "../../src/views/questions/select.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { run } from "../helpers/run.ts";
import { TestFolder } from "../helpers/test-folder.ts";

const REFERENCE = new URL("../reference/questions.py", import.meta.url).pathname;
const CHOICE = {
  kinds: QUESTION_KINDS,
  perProgram: 40,
  seed: 3,
  consistent: false,
  asks: null,
  form: "questions",
  correct: false,
};

const HELPER = `def g(x):
    """A text that is no statement."""
    return x + 1

def f(n):
    # diff if for
    total = 0
    for i in range(n):
        total = g(
            total)
    else:
        total += 0
    with open("/dev/null") as file:
        total += 1
    if (n > 100 and
            n > 200):
        total = -1
    elif n > 50:
        total = -2
    empty = set()
    far = float("inf")
    return total
`;

const HARD: [name: string, code: string, entry: string | null][] = [
  ["helper", HELPER, "f(3)"],
  ["recursion", "def f(n):\n    if n < 2:\n        return n\n    return f(n - 1) + f(n - 2)\n", "f(5)"],
  [
    "generator",
    "def g(n):\n    for i in range(n):\n        yield i * i\n\ndef f(n):\n    s = 0\n    for x in g(n):\n        s += x\n    return s\n",
    "f(4)",
  ],
  [
    "try",
    "def f(xs):\n    done = []\n    for x in xs:\n        try:\n            done.append(1 / x)\n        except ZeroDivisionError as e:\n            done.append(None)\n        except TypeError:\n            done.append('t')\n        else:\n            done.append('else')\n        finally:\n            done.append(len(done))\n    return done\n",
    "f([1, 0, 'a', 2])",
  ],
  [
    "raises",
    "def g(d, k):\n    return d[k]\n\ndef f(k):\n    d = {'a': 1}\n    try:\n        return g(d, k)\n    finally:\n        d['b'] = 2\n",
    "f('z')",
  ],
  [
    "match",
    "def f(xs):\n    out = []\n    for x in xs:\n        match x:\n            case 0:\n                out.append('zero')\n            case [a, b]:\n                out.append(a + b)\n            case _:\n                out.append('other')\n    return out\n",
    "f([0, [1, 2], 'q'])",
  ],
  [
    "one-line",
    "def f(n):\n    s = 0\n    for i in range(n): s += i\n    while s > 3: s -= 1\n    if s: s = -s\n    t = [k * k for k in range(n) if k % 2]\n    return s, t\n",
    "f(4)",
  ],
  [
    "while",
    "def f(n):\n    k = 0\n    while True:\n        k += 1\n        if k % 2:\n            continue\n        if k > n:\n            break\n    while k > 0:\n        k -= 3\n    else:\n        k = 100\n    return k\n",
    "f(5)",
  ],
  [
    "alias",
    "def f():\n    a = [1]\n    b = a\n    c = [1]\n    b.append(2)\n    c.append(2)\n    return a == c\n",
    "f()",
  ],
  [
    "closed",
    "def g():\n    k = 0\n    while True:\n        yield k\n        k += 1\n\ndef f():\n    s = 0\n    for x in g():\n        if x > 2:\n            break\n        s += x\n    return s\n",
    "f()",
  ],
  [
    "module",
    "def g(x):\n    return x * 2\n\ntotal = 0\nfor i in range(3):\n    total += g(i)\n    print(i, total)\nprint('end')\n",
    null,
  ],
  [
    "decorator",
    "def twice(h):\n    def inner(x):\n        return h(h(x))\n    return inner\n\n@twice\ndef f(x):\n    return x + 3\n",
    "f(1)",
  ],
  [
    "class",
    "class Counter:\n    step = 2\n    def __init__(self):\n        self.n = 0\n    def add(self, k):\n        for _ in range(k):\n            self.n += self.step\n        return self.n\n\ndef f(k):\n    c = Counter()\n    x = c.add(k)\n    return x + c.add(1)\n",
    "f(2)",
  ],
  [
    "with",
    "class M:\n    def __enter__(self):\n        return 1\n    def __exit__(self, *error):\n        return True\n\ndef f(n):\n    for i in range(n):\n        with M() as m:\n            if i == 1:\n                raise ValueError(i)\n            n += m\n    return n\n",
    "f(3)",
  ],
  ["parted", "def f(n):\n    if n > 3:\n        n -= 3\n    n *= 2\n    return n\n", "f(1)"],
  ["parted-2", "def f(n):\n    if n > 3:\n        n -= 3\n    n *= 2\n    return n\n", "f(9)"],
];

const python = (await builtPythons()).at(0);

describe.skipIf(python === undefined)(`questions (${NOT_BUILT})`, () => {
  const folder = new TestFolder("file");

  async function traced(programs: readonly Program[]): Promise<AskedRun[]> {
    await using tracer = await openTracer({ python: python?.executable ?? "", workers: 1 });
    const runs: AskedRun[] = [];
    for await (const trace of tracer.run(programs)) runs.push({ program: trace.program, trace });
    return runs;
  }

  const hard = HARD.map(([id, code, entry]): Program => ({ id, code, entry }));

  async function helper(): Promise<QuestionRun> {
    const [one] = await traced(hard.slice(0, 1));
    return new QuestionRun((one as AskedRun).program, (one as AskedRun).trace);
  }

  function answer(of: QuestionRun, kind: QuestionKind, ask: Ask): string {
    const draft = makerOf(kind).answer({ run: of, other: null }, ask);
    return typeof draft === "string" ? `refused: ${draft}` : (draft.answers[0]?.text ?? "");
  }

  it("counts statements, not calls and returns", async () => {
    const of = await helper();
    const lines = { function: "f", frame: 1 };
    expect(answer(of, "path", { ...lines, line: 22, visit: 1 })).toBe("return");
    expect(answer(of, "path", { ...lines, line: 22, visit: 2 })).toBe("refused: the line does not run so often");
    // Of a line that calls a function, what comes next is in the caller, and so is what it changes.
    expect(answer(of, "path", { ...lines, line: 9, visit: 2 })).toBe("8");
    expect(answer(of, "state", { ...lines, line: 9, visit: 2, name: "total" })).toBe("2");
    expect(answer(of, "state", { function: "g", frame: 3, line: 3, visit: 1, name: "x" })).toBe("2");
  });

  it("knows types by the values, changes of the last line, and names that hold nothing", async () => {
    const of = await helper();
    const lines = { function: "f", frame: 1, visit: 1 };
    expect(answer(of, "state", { ...lines, line: 20, name: "empty" })).toBe("set()");
    expect(answer(of, "type", { ...lines, line: 20, name: "empty" })).toBe("set");
    expect(answer(of, "type", { ...lines, line: 21, name: "far" })).toBe("float");
    expect(answer(of, "type", { ...lines, line: 13, name: "file" })).toBe("TextIOWrapper");
    expect(answer(of, "state", { ...lines, line: 13, name: "file" })).toMatch(/^refused: .*literals$/);
    expect(answer(of, "state", { ...lines, line: 7, name: "empty" })).toBe("Nil");
  });

  it("asks for no docstring, comment, continuation line, else or def, and leaves a with once", async () => {
    const of = await helper();
    expect(of.source.askable).toEqual([3, 7, 8, 9, 12, 13, 14, 15, 17, 18, 19, 20, 21, 22]);
    const lines = { function: "f", frame: 1 };
    expect(answer(of, "path", { ...lines, line: 14, visit: 1 })).toBe("15");
    expect(answer(of, "path", { ...lines, line: 13, visit: 2 })).toMatch(/^refused/);
    expect(answer(of, "branch", { ...lines, line: 15, visit: 1 })).toBe("none");
    expect(answer(of, "count", { line: 8, what: "iterations" })).toBe("3");
    expect(answer(of, "lines", lines)).toBe("7, 8, 9, 8, 9, 8, 9, 8, 12, 13, 14, 15, 18, 20, 21, 22");
  });

  it("asks the same for the same seed, other things for another, and nothing that another question answers", async () => {
    const of = await helper();
    const material = { run: of, other: null };
    const first = chooseQuestions(material, CHOICE);
    expect(chooseQuestions(material, CHOICE)).toEqual(first);
    expect(chooseQuestions(material, { ...CHOICE, seed: 4 })).not.toEqual(first);
    for (const question of first) questionSchema.parse(question);
    const values = first.filter(({ kind }) => kind === "state" || kind === "type");
    const places = values.map(({ ask }) => [ask.function, ask.frame, ask.line, ask.visit, ask.name].join(" "));
    expect(new Set(places).size).toBe(places.length);
    expect(new Set(first.map(({ kind }) => kind)).size).toBeGreaterThan(9);
  });

  it("asks nothing of runs whose answers nobody can find by reading", async () => {
    const programs: [string, string, string][] = [
      ["hash-order", "def f(s):\n    for c in set(s):\n        return c\n", "f('abc')"],
      ["not-determined", "import random\ndef f():\n    return random.random()\n", "f()"],
      ["not-determined", "def f(s):\n    return hash(s) % 2\n", "f('a')"],
      ["unfinished", "def f():\n    while True:\n        pass\n", "f()"],
    ];
    await using tracer = await openTracer({ python: python?.executable ?? "", workers: 1, maxEvents: 10_000 });
    for (const [reason, code, entry] of programs) {
      for await (const trace of tracer.run([{ id: reason, code, entry }])) {
        const [asked] = askAll([{ program: trace.program, trace }], CHOICE);
        expect(asked?.questions).toEqual([]);
        expect(asked?.refused.map((one) => one.reason)).toEqual([reason]);
      }
    }
    const [orderless] = await traced([{ id: "a", code: "def f(s):\n    return len(set(s))\n", entry: "f('abca')" }]);
    expect(askAll([orderless as AskedRun], CHOICE)[0]?.questions.length).toBeGreaterThan(0);
  });

  it("has every answer that plain Python finds, and the reference sees a wrong one", { timeout: 120_000 }, async () => {
    const maker = new ProgramMaker(checkGenerateOptions({ seed: 11, count: 150 }));
    const programs = [...hard, ...Array.from({ length: 150 }, (_, i) => maker.program(i))];
    const asked = askAll(await traced(programs), CHOICE);
    const questions = asked.flatMap((one) => one.questions);
    expect(new Set(questions.map(({ kind }) => kind))).toEqual(new Set(QUESTION_KINDS));
    const file = folder.writeRows(questions, "questions.jsonl");
    const found = await run(python?.executable ?? "", [REFERENCE, file]);
    expect(found.stdout.split("\n").slice(0, -2)).toEqual([]);
    expect(found.status).toBe(0);
    const wrong = questions.map((question) => ({ ...question, answers: [{ text: "12345", type: "int" }] }));
    const edges = ({ kind, ask }: Question): boolean => kind === "input" || ask.what === "edges";
    const bad = folder.writeRows(wrong.filter((question) => !edges(question)).slice(0, 300), "wrong.jsonl");
    const seen = JSON.parse(
      (await run(python?.executable ?? "", [REFERENCE, bad])).stdout.trim().split("\n").at(-1) ?? "",
    );
    expect(seen).toMatchObject({ questions: 300, differences: 300 });
  });
});
