// What rows of questions are written as.

import { UsageError } from "../../base/errors.ts";
import { execverifyRlRow } from "./execverify-rl.ts";
import type { Question } from "./question.ts";
import type { QuestionRun } from "./run.ts";

export interface QuestionForm {
  /** As `--as` names it. */
  readonly name: string;
  readonly title: string;
  /** Two lines that show what comes out. */
  readonly example: string;
  /** What `--correct` changes; null: nothing. */
  readonly corrects: string | null;
  rows(run: QuestionRun, questions: readonly Question[], correct: boolean): object[];
}

/** Of data sets that are no files of their own. */
const DATA_SOURCE = "tracemill/questions";

const FORMS: readonly QuestionForm[] = [
  {
    name: "questions",
    title: "questions as they are: what is asked, every answer, its proof and what guessing gets",
    example: `{"id":"a/path-1","program":"a","kind":"path","ask":{"line":3,"visit":2,...},"form":"line",
"answers":[{"text":"4"}],"unique":true,"chance":0.5,...}`,
    corrects: null,
    rows: (_run, questions) => [...questions],
  },
  {
    name: "questions-chat",
    title: "questions as messages: the program and the question, then the answer",
    example: `{"id":"a/path-1","messages":[{"role":"user","content":"..."},
{"role":"assistant","content":"<answer>4</answer>"}]}`,
    corrects: null,
    rows: (_run, questions) =>
      questions.map((question) => ({
        id: question.id,
        messages: [
          { role: "user", content: promptOf(question) },
          { role: "assistant", content: `<answer>${answerOf(question)}</answer>` },
        ],
      })),
  },
  {
    name: "verl",
    title: "verl's rows, whose ground truth is the question itself, as our scorer takes it",
    example: `{"data_source":"tracemill/questions","prompt":[{"role":"user","content":"..."}],"ability":"code",
"reward_model":{"style":"rule","ground_truth":"{...}"},"extra_info":{"index":0,"id":"a/path-1",...}}`,
    corrects: null,
    rows: (_run, questions) =>
      questions.map((question, index) => ({
        data_source: DATA_SOURCE,
        prompt: [{ role: "user", content: promptOf(question) }],
        ability: "code",
        // A text: columns of objects would take the fields of the first row.
        reward_model: { style: "rule", ground_truth: JSON.stringify(question) },
        extra_info: { index, id: question.id, program: question.program, kind: question.kind },
      })),
  },
  {
    name: "execverify-rl",
    title: "ExecVerify's RL rows (rl_dataset.json), one for each program, by its published rules",
    example: `{"id":"a","func_name":"f","questions":{"path_questions":["..."],...},"question_answers":
{"path_answers":[["    return n"]],"state_as":[[["int","2"]]]},"type":"io_mixed",...}`,
    corrects: "calls and returns are no runs of a line, next lines stay in the call, types are those of the values",
    rows: (run, _questions, correct) => [execverifyRlRow(run, correct)],
  },
];

export function listForms(): readonly QuestionForm[] {
  return FORMS;
}

/** Throws UsageError for a name that is none. */
export function findForm(name: string): QuestionForm {
  const found = FORMS.find((form) => form.name === name);
  if (found !== undefined) return found;
  const names = FORMS.map((form) => form.name).join(", ");
  throw new UsageError("unknown-format", `Questions have no form ${JSON.stringify(name)}. Use one of: ${names}.`);
}

/** The program with numbers before its lines, and the question. */
function promptOf({ code, prompt }: Question): string {
  const lines = code.split("\n").map((line, i) => `${i + 1}\t${line}`);
  return `${lines.join("\n")}\n\n${prompt} Write your answer between <answer> and </answer>.`;
}

/** The first that is accepted, as its form is written. */
function answerOf({ form, call = "", answers: [answer] }: Question): string {
  const { text, type } = answer ?? { text: "" };
  if (form === "assertion") return `assert ${call} == ${text}`;
  return form === "value-type" && type !== undefined ? `${text}; ${type}` : text;
}
