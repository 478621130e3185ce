// Predicted calls are run, each in a process of its own; what they give is compared outside of it, so that nothing that
// a program does to Python has a part in it.
import { describe, expect, it } from "vitest";
import { runQuestions } from "../../src/jobs/questions.ts";
import { runScore } from "../../src/jobs/score.ts";
import { generatePrograms } from "../../src/programs/generate/generate.ts";
import { type Answer, QUESTION_KINDS, type Question } from "../../src/views/questions/question.ts";
import type { Scoring } from "../../src/views/rewards/forms.ts";
import { builtPythons } from "../helpers/built-pythons.ts";
import { TestFolder } from "../helpers/test-folder.ts";

const [python] = await builtPythons();
const folder = new TestFolder();

interface Case {
  code: string;
  call: string;
  result: string;
  reply: string;
  reason: string;
  stdin?: string;
}

const SQUARE = "def f(n):\n    return n * n\n";
const square = (reply: string, reason: string): Case => ({ code: SQUARE, call: "f(3)", result: "9", reply, reason });
const of = (code: string, call: string, result: string, reply: string, reason: string): Case => ({
  code,
  call,
  result,
  reply,
  reason,
});

const CASES: readonly Case[] = [
  square("f(3)", "right"),
  square("f(-3)", "right"),
  square("f(n=-3)", "right"),
  square("assert f(-3) == 9", "right"),
  square("9 == f(-3)", "right"),
  square("f(3.0)", "wrong-type"),
  square("f(-4)", "wrong-value"),
  square("f('3')", "ended-by-exception"),
  square("f()", "ended-by-exception"),
  square("f(3, 3)", "ended-by-exception"),
  square("f(3 + 0)", "argument-not-a-literal"),
  square("f(1_0 ** 2)", "argument-not-a-literal"),
  square("g(3)", "other-function"),
  of("def f(n):\n    while n:\n        pass\n    return 1\n", "f(0)", "1", "f(1)", "ended-by-timeout"),
  of("def f(n):\n    return [0] * n\n", "f(0)", "[]", "f(10000000000)", "ended-by-memory-limit"),
  of("import os\ndef f(n):\n    os._exit(n) if n else None\n    return 1\n", "f(0)", "1", "f(1)", "ended-by-crash"),
  of(
    "class A:\n    __eq__ = lambda *a: True\n    __repr__ = lambda a: '9'\ndef f(n):\n    return 9 if n == 3 else A()\n",
    "f(3)",
    "9",
    "f(1)",
    "wrong-type",
  ),
  of("class int(int):\n    pass\ndef f(n):\n    return 9 if n == 3 else int(9)\n", "f(3)", "9", "f(1)", "wrong-type"),
  of("import builtins\nbuiltins.repr = lambda x: '9'\ndef f(n):\n    return n\n", "f(9)", "9", "f(1)", "wrong-value"),
  of("def f(n):\n    print('9')\n    return n\n", "f(9)", "9", "f(1)", "wrong-value"),
  of("def f(n):\n    return (x for x in [n])\n", "f(9)", "9", "f(1)", "wrong-type"),
  of("def f(n):\n    raise SystemExit(0)\n", "f(9)", "9", "f(1)", "no-result"),
  of("def f(n):\n    return float('nan') if n else 1\n", "f(1)", "nan", "f(2)", "right"),
  of("def f(n):\n    return {n: 1, True: 2}\n", "f(3)", "{3: 1, True: 2}", "f(3.0)", "wrong-type"),
  of("def f(n):\n    return 'a' * n\n", "f(2000)", `'${"a".repeat(2000)}'`, "f(2001)", "wrong-value"),
  { ...of("m = int(input())\ndef f(n):\n    return n + m\n", "f(1)", "8", "f(n=1)", "right"), stdin: "7\n" },
];

describe.skipIf(python === undefined)("predicted calls", () => {
  async function reasons(scoring: Scoring): Promise<string[]> {
    const questions = CASES.map(({ code, call, result, stdin }, i) => ({
      id: `q${i}`,
      program: "p",
      code,
      stdin,
      call,
      kind: "input",
      form: "call",
      ask: { function: "f", given: { result } },
      answers: [{ text: call }],
      chance: 0,
      policy: {},
    }));
    await runScore({
      questions: folder.writeRows(questions, "questions.jsonl"),
      answers: folder.writeRows(CASES.map(({ reply }, i) => ({ id: `q${i}`, reply: `<answer>${reply}</answer>` }))),
      output: folder.at(`${scoring}.jsonl`),
      schedule: "plain",
      scoring,
      trials: { python: python?.executable, workers: 1, timeoutMs: 1_500 },
    });
    const lines = folder.text(`${scoring}.jsonl`).trim().split("\n");
    return lines.map((line) => (JSON.parse(line) as { reason: string }).reason);
  }

  it("earn by what they give", async () => {
    expect((await reasons("strict")).map((reason, i) => [CASES[i]?.code, CASES[i]?.reply, reason])).toEqual(
      CASES.map(({ code, reply, reason }) => [code, reply, reason]),
    );
  });

  it("earn as published by not raising", async () => {
    const found = await reasons("published");
    expect(found[CASES.findIndex(({ reply }) => reply === "f(-4)")]).toBe("right");
    expect(found[CASES.findIndex(({ reply }) => reply === "g(3)")]).toBe("ended-by-exception");
  });
});

describe.skipIf(python === undefined)("as ExecVerify scores", () => {
  const state = { id: "s", kind: "state", form: "value-type", answers: [{ text: "True", type: "bool" }] };
  const path = { id: "p", kind: "path", form: "line", answers: [{ text: "-1" }] };
  const mixed = {
    id: "io",
    kind: "output",
    form: "assertion",
    code: SQUARE,
    call: "f(3)",
    answers: [{ text: "9" }],
    parts: [state, path],
  };
  const input = {
    id: "oi",
    kind: "input",
    form: "call",
    code: SQUARE,
    call: "f(3)",
    result: "9",
    answers: [{ text: "f(3)" }],
  };

  /** The published numbers and ours. */
  const REPLIES: readonly (readonly [id: string, lines: readonly string[], published: number, strict: number])[] = [
    ["io", ["assert f(3) == 9", "True; bool", "-1"], 2, 2],
    ["io", ["assert f(3) == 9", "False; bool", "-1"], 1.5, 1.5],
    ["io", ["assert f(3) == 9", "True; bool"], 1, 1],
    ["io", ["assert f(3) == 8", "True; bool", "-1"], 0, 0],
    ["io", ["assert True # 3", "True; bool", "-1"], 2, 0],
    ["io", ["assert f(3) == f(3)"], 1, 0],
    ["io", ["assert f(3) == 9", "1; bool", "-1"], 2, 1.5],
    ["oi", ["assert f(-3) == 9"], 2, 2],
    ["oi", ["assert f(2) == 9"], 0, 0],
    ["oi", ["pass"], 2, 0],
  ];

  it.each(["published", "strict"] as const)("%s", async (scoring) => {
    const output = folder.at("verdicts.jsonl");
    await runScore({
      questions: folder.writeRows([mixed, input], "questions.jsonl"),
      answers: folder.writeRows(
        REPLIES.map(([id, lines]) => ({ id, reply: `<answer>\n${lines.join("\n")}\n</answer>` })),
      ),
      output,
      schedule: "gated",
      scoring,
      trials: { python: python?.executable, workers: 1 },
    });
    const rewards = folder
      .text("verdicts.jsonl")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).reward);
    const wanted = REPLIES.map(([, , published, strict]) => (scoring === "published" ? published : strict));
    expect(rewards).toEqual(wanted);
  });
});

describe.skipIf(python === undefined)("questions of tracemill's own", () => {
  it("take every answer of theirs, of whatever kind", async () => {
    const generated = Array.from(generatePrograms({ seed: 3, count: 40 }));
    const programs = folder.writeRows(generated, "programs.jsonl");
    const questions = folder.at("questions.jsonl");
    await runQuestions({
      inputs: [programs],
      output: questions,
      questions: { kinds: QUESTION_KINDS, perProgram: 40, seed: 1, consistent: false, asks: null },
      tracer: { ...(python === undefined ? {} : { python: python.executable }), workers: 1 },
    });
    const rows = folder
      .text("questions.jsonl")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Question);
    expect(new Set(rows.map(({ kind }) => kind)).size).toBeGreaterThan(12);
    const answers = rows.map((row) => ({
      id: row.id,
      replies: row.answers.map((one) => `<answer>${written(row, one)}</answer>`),
    }));
    const { counts } = await runScore({
      questions,
      answers: folder.writeRows(answers, "answers.jsonl"),
      output: folder.at("verdicts.jsonl"),
      schedule: "plain",
      scoring: "strict",
      trials: {},
    });
    expect(counts.statuses).toEqual({ right: counts.programs });
  });
});

function written({ form, call }: Question, { text, type }: Answer): string {
  if (form === "assertion") return `assert ${call} == ${text}`;
  return form === "value-type" && type !== undefined ? `${text}; ${type}` : text;
}
