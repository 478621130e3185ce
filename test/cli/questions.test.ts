import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Question, questionSchema } from "../../src/views/questions/question.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { CliFolder } from "./cli-folder.ts";

const [python] = await builtPythons();

const SUM = "def f(n):\n    total = 0\n    for i in range(n):\n        total += i\n    return total\n";
const PROGRAMS = Array.from({ length: 40 }, (_, i) => ({ id: `p${i}`, code: SUM, entry: `f(${(i % 5) + 1})` }));

describe.skipIf(python === undefined)(`tracemill questions (${NOT_BUILT})`, () => {
  const folder = new CliFolder(python?.executable);
  const questionsIn = (name: string): Question[] =>
    readFileSync(folder.at(name), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => questionSchema.parse(JSON.parse(line)));

  it("asks the same of records as of the programs that were recorded, and says what it did", async () => {
    folder.writeRows(PROGRAMS);
    expect((await folder.run("trace", "in.jsonl", "-o", "in.tmr")).status).toBe(0);
    const flags = ["--per-program", "6", "--seed", "7"];
    expect((await folder.run("questions", "in.tmr", ...flags, "-o", "stored.jsonl")).status).toBe(0);
    expect((await folder.run("questions", "in.jsonl", ...flags, "-o", "traced.jsonl")).status).toBe(0);
    expect(folder.text("traced.jsonl")).toBe(folder.text("stored.jsonl"));
    const questions = questionsIn("stored.jsonl");
    expect(new Set(questions.map(({ id }) => id)).size).toBe(questions.length);
    expect(questions.some(({ kind }) => kind === "differ")).toBe(true);
    expect(JSON.parse(folder.text("stored.jsonl.manifest.json"))).toMatchObject({
      command: "questions",
      counts: { programs: 40, rendered: questions.length },
      options: { perProgram: 6, seed: 7 },
    });
    const again = await folder.run("questions", "in.tmr", ...flags, "--resume", "-o", "stored.jsonl");
    expect(again.stderr).toContain("complete already");
  });

  it("answers what somebody else asks, REval's tasks too, and says what has no answer", async () => {
    folder.writeRows([
      { task_id: "DREval/0", entry_point: "f", code: SUM, inputs: ["(3,)", "(0,)"], outputs: ["3", "0"], test: null },
    ]);
    folder.writeRows(
      [
        {
          task_id: "DREval/0",
          idx: 0,
          tasks: [{ input_idx: 1, task: [{ lineno: 4, var: "total" }], output_pred: "" }],
        },
        { program: "DREval/0/0", kind: "state", line: 4, visit: 3, name: "total" },
        { program: "DREval/0/0", kind: "path", line: 3, visit: 4, id: "mine" },
        { program: "DREval/0/0", kind: "count", line: 3, what: "iterations" },
      ],
      "asks.jsonl",
    );
    const { status } = await folder.run("questions", "in.jsonl", "--ask", "asks.jsonl", "-o", "out.jsonl");
    expect(status).toBe(0);
    const answers = questionsIn("out.jsonl").map(({ id, answers: [answer] }) => [id, answer?.text]);
    expect(answers).toEqual([
      ["DREval/0/0/state-1", "3"],
      ["mine", "5"],
      ["DREval/0/0/count-3", "3"],
      ["DREval/0/1/0/coverage", "NO"],
      ["DREval/0/1/output", "0"],
    ]);
    const refused = folder
      .text("out.jsonl.rejected.jsonl")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(refused.map(({ reason, message }) => `${reason}: ${message}`)).toEqual([
      "no-answer: DREval/0/1/0/state: the line does not run so often",
      "no-answer: DREval/0/1/0/path: the line does not run so often",
    ]);
  });

  it("writes chains about one place, messages, and verl's rows", async () => {
    folder.writeRows(PROGRAMS.slice(2, 3));
    await folder.run("questions", "in.jsonl", "--consistent", "-o", "chains.jsonl");
    const chains = questionsIn("chains.jsonl");
    expect(chains.map(({ kind }) => kind)).toEqual([
      "coverage",
      "state",
      "path",
      "output",
      "coverage",
      "state",
      "path",
      "output",
    ]);
    expect(
      chains
        .slice(0, 3)
        .every(({ ask, consistent }) => ask.line === chains[0]?.ask.line && consistent === chains[0]?.consistent),
    ).toBe(true);
    await folder.run("questions", "in.jsonl", "--kinds", "output", "--as", "verl", "-o", "verl.jsonl");
    const row = JSON.parse(folder.text("verl.jsonl"));
    expect(row).toMatchObject({ data_source: "tracemill/questions", extra_info: { kind: "output", program: "p2" } });
    expect(questionSchema.parse(JSON.parse(row.reward_model.ground_truth)).answers).toEqual([
      { text: "3", type: "int" },
    ]);
    await folder.run("questions", "in.jsonl", "--kinds", "output", "--as", "questions-chat", "-o", "chat.jsonl");
    const { messages } = JSON.parse(folder.text("chat.jsonl"));
    expect(messages[1]).toEqual({ role: "assistant", content: "<answer>assert f(3) == 3</answer>" });
  });

  it("makes ExecVerify's rows with its faults, or without", async () => {
    folder.writeRows([{ id: "a", code: SUM, entry: "f(1)" }]);
    await folder.run("questions", "in.jsonl", "--as", "execverify-rl", "-o", "published.jsonl");
    const { questions, question_answers: answers, result } = JSON.parse(folder.text("published.jsonl"));
    const path = questions.path_questions.map((text: string, i: number) => [
      /line (\d+) .* the (\d+) time/.exec(text)?.slice(1).join(" x "),
      answers.path_answers[i],
    ]);
    // The call event is a run of the def, and the return event a second run of the return.
    expect(path.toSorted()).toEqual([
      ["2 x 1", ["    for i in range(n):"]],
      ["3 x 1", ["        total += i"]],
      ["3 x 2", ["    return total"]],
      ["4 x 1", ["    for i in range(n):"]],
      ["5 x 2", ["-1"]],
    ]);
    expect(result).toBe("0");
    await folder.run("questions", "in.jsonl", "--as", "execverify-rl", "--correct", "-o", "correct.jsonl");
    expect(folder.text("correct.jsonl")).not.toContain("line 5 has run for the 2nd time");
  });

  it("refuses kinds, forms and asks that are none", async () => {
    folder.writeRows(PROGRAMS.slice(0, 1));
    folder.writeRows([{ program: "p0", kind: "state", lines: 3 }], "asks.jsonl");
    for (const flags of [
      ["--kinds", "paths"],
      ["--as", "rows"],
      ["--ask", "asks.jsonl"],
      ["--per-program", "0"],
    ]) {
      const { status, stderr } = await folder.run("questions", "in.jsonl", ...flags, "-o", "out.jsonl");
      expect([flags[0], status]).toEqual([flags[0], 2]);
      expect(stderr).toMatch(/paths|rows|asks\.jsonl:1|--per-program is "0"/);
    }
  });
});
