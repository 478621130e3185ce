import type { QuestionMaker } from "./kind.ts";
import { blindGuess, unaskable } from "./values.ts";

/** What the call gives. */
export const outputMaker: QuestionMaker = {
  kind: "output",
  title: "what the call gives, as a completed assertion",
  asks: () => [{}],
  answer({ run: { program, trace } }) {
    const { status, result } = trace.outcome;
    if (program.entry === null) return "the program is not called";
    if (status !== "ok" || result === null) return "the call gives no result";
    const refused = unaskable(result);
    if (refused !== null) return refused;
    const call = program.entry.trim();
    return {
      ask: {},
      prompt: `The program is loaded. Complete the assertion with a Python literal, so that it holds: \`assert ${call} == ??\`. Answer with the whole assertion.`,
      form: "assertion",
      answers: [{ text: result.repr, type: result.type }],
      proof: "the result in the record",
      chance: blindGuess(result),
      about: "output",
      tells: [],
    };
  },
};

/** Arguments with which the call gives its result. */
export const inputMaker: QuestionMaker = {
  kind: "input",
  title: "arguments with which the call gives a result",
  asks: () => [{}],
  answer({ run: { program, trace } }) {
    const { status, result } = trace.outcome;
    const call = /^\s*([\p{L}_][\p{L}\p{N}_.]*)\s*\(([\s\S]*)\)\s*$/u.exec(program.entry ?? "");
    if (call === null) return "the program is not called";
    if (status !== "ok" || result === null) return "the call gives no result";
    const refused = unaskable(result);
    if (refused !== null) return refused;
    return {
      ask: { function: call[1], what: result.type, given: { result: result.repr } },
      prompt: `The program is loaded. Write a call of \`${call[1]}\`, with Python literals as arguments, that gives exactly \`${result.repr}\` (type \`${result.type}\`). Answer with the call, as in \`${call[1]}(...)\`; every call that gives this result is right.`,
      form: "call",
      answers: [{ text: program.entry?.trim() ?? "" }],
      open: true,
      proof: `a call that, run, gives ${result.repr} of type ${result.type}; the one listed did so in the record`,
      chance: 0,
      about: "input",
      // The result stands in the prompt; the call stands in every other one.
      tells: [
        "output",
        "next/",
        "value/",
        "count/",
        "call/",
        "stdout/",
        "step/",
        "branch/",
        "lines/",
        "exception",
        "alias/",
      ],
    };
  },
};
