import { beforeEach, expect, it } from "vitest";
import type { JobResult } from "../../../src/jobs/job.ts";
import { runScore, type ScoreRequest } from "../../../src/jobs/score.ts";
import { TestFolder } from "../../helpers/test-folder.ts";

const folder = new TestFolder();
const QUESTIONS = 50;
const ROWS = 4_000;

beforeEach(() => {
  folder.writeRows(
    Array.from({ length: QUESTIONS }, (_, i) => ({
      id: `q${i}`,
      kind: i % 2 === 0 ? "state" : "path",
      form: "literal",
      answers: [{ text: String(i) }],
      code: "",
      prompt: "What is it?",
    })),
    "questions.jsonl",
  );
  const rows = Array.from({ length: ROWS }, (_, i) => ({
    id: `q${i % QUESTIONS}`,
    replies: [`<answer>${i % 7}</answer>`, i % 5 === 0 ? null : "no idea", `${i % QUESTIONS}`],
  }));
  const lines = rows.map((row) => JSON.stringify(row));
  lines.splice(1_500, 0, "{damaged", JSON.stringify({ id: "q1" }), JSON.stringify({ id: "unknown", reply: "1" }));
  folder.write("answers.jsonl", `${lines.join("\n")}\n`);
});

function score(name: string, more: Partial<ScoreRequest> = {}): Promise<JobResult> {
  return runScore({
    questions: folder.at("questions.jsonl"),
    answers: folder.at("answers.jsonl"),
    output: folder.at(name),
    schedule: "plain",
    scoring: "strict",
    trials: {},
    ...more,
  });
}

it("gives a verdict for every reply, in order, and says which rows are none", async () => {
  const { state, counts } = await score("verdicts.jsonl");
  expect(state).toBe("finished");
  const verdicts = folder
    .text("verdicts.jsonl")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(verdicts).toHaveLength(3 * ROWS + 1);
  expect(verdicts.slice(0, 3)).toEqual([
    { id: "q0", sample: 0, kind: "state", outcome: "scored", reason: "right", credit: 1, reward: 1, span: [8, 9] },
    {
      id: "q0",
      sample: 1,
      kind: "state",
      outcome: "unscored",
      reason: "no-reply",
      credit: null,
      reward: null,
      span: null,
    },
    { id: "q0", sample: 2, kind: "state", outcome: "scored", reason: "right", credit: 1, reward: 1, span: [0, 1] },
  ]);
  expect(verdicts.filter(({ reason }) => reason === "unknown-question")).toEqual([
    {
      id: "unknown",
      sample: 0,
      kind: "",
      outcome: "invalid",
      reason: "unknown-question",
      credit: null,
      reward: null,
      span: null,
    },
  ]);
  expect(counts.rejected).toEqual({ "malformed-json": 1, "no-answer-row": 1 });
  expect(counts.programs).toBe(3 * ROWS + 1);
  expect(counts.statuses["right"]).toBe(verdicts.filter(({ reason }) => reason === "right").length);
});

it("goes on where it was stopped", async () => {
  await score("whole.jsonl");
  const stop = new AbortController();
  const onProgress = (): void => stop.abort();
  const stopped = await score("parts.jsonl", { signal: stop.signal, onProgress });
  expect(stopped.state).toBe("interrupted");
  expect(stopped.counts.programs).toBeLessThan(3 * ROWS);
  const { state, resumed } = await score("parts.jsonl", { resume: true });
  expect({ state, resumed }).toEqual({ state: "finished", resumed: stopped.counts.programs });
  for (const suffix of ["", ".rejected.jsonl"]) {
    expect(folder.text(`parts.jsonl${suffix}`)).toBe(folder.text(`whole.jsonl${suffix}`));
  }
  expect((await score("parts.jsonl", { resume: true })).state).toBe("unchanged");
});

it("does not go on under another schedule", async () => {
  await score("verdicts.jsonl");
  await expect(score("verdicts.jsonl", { schedule: "gated" })).rejects.toMatchObject({ code: "other-run" });
});

it("names the row that is no question", async () => {
  folder.write("questions.jsonl", '{"id": "a", "kind": "x", "form": "nope", "answers": []}\n');
  await expect(score("verdicts.jsonl")).rejects.toThrow(/questions\.jsonl, row 1 is no question \(form: /);
  folder.write("questions.jsonl", '{"id": "a", "kind": "x", "form": "text", "answers": []}\n'.repeat(2));
  await expect(score("verdicts.jsonl")).rejects.toMatchObject({ code: "duplicate-id" });
});

it("gives no verdict by a question that has faults", async () => {
  const questions = [
    { id: "a", kind: "output", form: "assertion", answers: [{ text: "1" }] },
    { id: "b", kind: "lines", form: "lines", answers: [{ text: "one, two" }] },
    { id: "c", kind: "output", form: "literal", answers: [{ text: "1" }] },
  ];
  folder.writeRows(questions, "questions.jsonl");
  folder.writeRows(
    [
      { id: "a", reply: "1" },
      { id: "b", reply: "1" },
      { id: "c", reply: 1 },
    ],
    "answers.jsonl",
  );
  const { counts } = await score("verdicts.jsonl");
  expect(counts.statuses).toEqual({ "bad-question": 2, "reply-is-no-text": 1 });
});
