// The published scorers as they are, with all that they let pass: for numbers that can be compared with published ones.

import type { PythonValue } from "../../python/python-value.ts";
import { equalValues } from "../verdict/compare.ts";
import { type Asked, BadQuestion } from "./asked.ts";
import type { Read, Reader, Trial } from "./read.ts";
import { wrong } from "./read.ts";
import { literalOf } from "./value-answer.ts";

/** Null: no published scorer has the form, or none that differs. */
export function publishedReader(asked: Asked): Reader | null {
  switch (asked.form) {
    case "literal":
      return cruxevalOutput(asked);
    case "assertion":
      return execVerifyAssertion(asked);
    case "call":
      return execVerifyCall(asked);
    case "value-type":
      return execVerifyState(asked);
    case "line":
      return execVerifyPath(asked);
    default:
      return null;
  }
}

/** CRUXEval: the answer runs in an assertion, whatever it is, unless the call is written in it. */
function cruxevalOutput({ answers, call, code, stdin }: Asked): Reader {
  const [expected] = answers;
  if (expected === undefined || code === undefined) throw new BadQuestion("the program or its result is not given");
  return (answer) => {
    if (call !== undefined && answer.includes(call)) return wrong("call-as-answer");
    return passes(`${code}\nassert ${expected.text} == ${answer}\n`, stdin);
  };
}

/** ExecVerify: the first line runs behind the program, if it begins with `assert` and has the arguments' text in it. */
function execVerifyAssertion({ call, code, stdin }: Asked): Reader {
  if (call === undefined || code === undefined) throw new BadQuestion("the program or its call is not given");
  const passed = call.slice(call.indexOf("(") + 1, call.lastIndexOf(")"));
  return (answer) => {
    const [first = ""] = answer.split("\n");
    if (!first.trim().startsWith("assert")) return wrong("no-assertion");
    return first.includes(passed) ? passes(`${code}\n${first.trim()}\n`, stdin) : wrong("other-call");
  };
}

/** ExecVerify: the block runs behind the program, or alone where it brings its own. */
function execVerifyCall({ code, stdin }: Asked): Reader {
  if (code === undefined) throw new BadQuestion("the program is not given");
  return (answer) => passes(`${code}\n${answer}\n`, stdin);
}

/** ExecVerify: parted at the first semicolon; the type is equal as text, the value by Python's `==`. */
function execVerifyState({ answers }: Asked): Reader {
  return (answer) => {
    if (answers.some(({ text, type }) => type === undefined && text.trim() === answer.trim())) return "right";
    const middle = answer.indexOf(";");
    if (middle < 0) return wrong("no-type");
    const [value, type] = [answer.slice(0, middle).trim(), answer.slice(middle + 1).trim()];
    const given = literalOf(value) ?? asText(value);
    const right = answers.some(
      (gold) => gold.type === type && equalValues(literalOf(gold.text) ?? asText(gold.text), given, null),
    );
    return right ? "right" : wrong("wrong-value");
  };
}

/** ExecVerify: the text of an answer is that of any that is accepted, but for the space around it. */
function execVerifyPath({ answers }: Asked): Reader {
  return (answer) => (answers.some(({ text }) => text.trim() === answer.trim()) ? "right" : wrong("wrong-line"));
}

/** What cannot be evaluated is taken for a string. */
function asText(value: string): PythonValue {
  return { type: "str", value };
}

function passes(code: string, stdin: string | undefined): Read {
  const trial: Trial = {
    program: { code, stdin, entry: null },
    judged: ({ status }) => (status === "ok" ? "right" : wrong(`ended-by-${status}`)),
  };
  return { run: trial };
}
