// A reply may be anything: whatever it is, it is judged at once, and nothing is thrown.
import { expect, it } from "vitest";
import { ANSWER_FORMS, type AnswerForm } from "../../../../src/views/questions/question.ts";
import { question, type Row, verdict } from "./questions.ts";

const RIGHT: Readonly<Record<AnswerForm, string>> = {
  literal: "1",
  "value-type": "1",
  line: "1",
  lines: "[1]",
  "yes-no": "yes",
  number: "1",
  assertion: "1",
  call: "f(1)",
  step: "({}, '1')",
  error: "ValueError: x",
  edges: "[('f', 'g')]",
  text: "a",
};

const ROWS: readonly Row[] = ANSWER_FORMS.map((form) =>
  question({ form, call: "f(1)", answers: [{ text: RIGHT[form] }] }),
);

/** Each is repeated to a hundred thousand characters, alone and behind what makes a parser look further. */
const UNITS = [
  ..."[({<\"'`\\#;:,.-+~ \n\t=1a_éb",
  "[1,",
  "{1:",
  "()",
  "<think>",
  "</think>",
  "<answer>",
  "</answer>",
  "[ANSWER]",
  "```\n",
  "```",
  "\\boxed{",
  "\\text{",
  "assert ",
  "assert f(1) == 1\n",
  "check:\n",
  "line: 1\n",
  "next statement: ",
  " -> ",
  "a -> b\n",
  "; int",
  "not ",
  "lambda: ",
  "1 if 1 else ",
  "f(",
  "f(1) == ",
  "1, ",
  "'a', ",
  "x[",
  "# \n",
  "\\\n",
  "''",
  "1_",
  "1 ",
  "ValueError",
  '{"answer": ',
];
const HEADS = ["", "assert f(1) == 2, ", "check: "];

it.each(UNITS)("%j without end", (unit) => {
  const body = unit.repeat(Math.ceil(100_000 / unit.length));
  for (const head of HEADS) {
    for (const row of ROWS) {
      for (const reply of [`<answer>${head}${body}!</answer>`]) {
        const start = performance.now();
        expect(verdict(row, reply).outcome).toBe("scored");
        const took = performance.now() - start;
        if (took > 3_000) expect([row["form"], head, unit, took]).toBe("judged at once");
      }
    }
  }
});
