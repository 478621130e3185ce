import { expressionOf } from "../../python/expression.ts";
import type { AnswerForm } from "../questions/question.ts";
import { type AcceptedAnswer, type Asked, BadQuestion } from "./asked.ts";
import { askedCall, assertedValue, predictedCall } from "./call-answer.ts";
import { jsonAnswer } from "./json-answer.ts";
import { edgesAnswer, errorAnswer, lineAnswer, linesAnswer, yesNoAnswer } from "./line-answers.ts";
import { publishedReader } from "./published.ts";
import { ranWith } from "./ran.ts";
import { type Read, type Reader, wrong } from "./read.ts";
import { parseStep, sameStep } from "./step-answer.ts";
import { likeness, literalOf, type WrittenValue, writtenValue } from "./value-answer.ts";

/** `published`: as the published scorers do, hacks included. */
export type Scoring = "strict" | "published";

export const SCORINGS: readonly Scoring[] = ["strict", "published"];

/** Throws BadQuestion for a question whose accepted answers are not of its form. */
export function readerOf(asked: Asked, scoring: Scoring = "strict"): Reader {
  const published = scoring === "published" ? publishedReader(asked) : null;
  if (published !== null) return published;
  const read = READERS[asked.form](asked);
  return (answer) => {
    const direct = read(answer);
    if (direct === "right" || !answer.startsWith("{")) return direct;
    const inside = jsonAnswer(answer, asked.form);
    return inside === null ? direct : read(inside);
  };
}

const READERS: Readonly<Record<AnswerForm, (asked: Asked) => Reader>> = {
  literal: (asked) => valueReader(asked),
  number: (asked) => valueReader(asked),
  "value-type": valueTypeReader,
  assertion: assertionReader,
  call: callReader,
  line: (asked) => sameReader(asked, lineAnswer, "not-a-line", "wrong-line"),
  lines: (asked) => sameReader(asked, (text) => joined(linesAnswer(text), asked), "not-lines", "wrong-lines"),
  "yes-no": (asked) => sameReader(asked, yesNoAnswer, "not-yes-or-no", "wrong"),
  edges: (asked) => sameReader(asked, (text) => joined(edgesAnswer(text), asked), "not-edges", "wrong-edges"),
  step: stepReader,
  error: errorReader,
  text: textReader,
};

function joined(items: string[] | null, { policy }: Asked): string | null {
  if (items === null) return null;
  return (policy.orderless === true ? items.toSorted() : items).join("\n");
}

function sameReader(asked: Asked, parse: (text: string) => string | null, malformed: string, differs: string): Reader {
  const accepted = new Set(asked.answers.map((answer) => parsedAnswer(answer, parse)));
  return (answer) => {
    const found = parse(answer);
    if (found === null) return wrong(malformed);
    return accepted.has(found) ? "right" : wrong(differs);
  };
}

function parsedAnswer<T>({ text }: AcceptedAnswer, parse: (text: string) => T | null): T {
  const found = parse(text.trim());
  if (found === null)
    throw new BadQuestion(`the accepted answer ${JSON.stringify(text)} is not of the question's form`);
  return found;
}

function valueReader({ answers, policy }: Asked): Reader {
  const accepted = answers.map(({ text }) => writtenValue(text, policy));
  return (answer) => bestOf(answer, accepted, policy);
}

function bestOf(answer: string, accepted: readonly WrittenValue[], policy: Asked["policy"]): Read {
  let found: Read = wrong("not-a-literal");
  for (const value of accepted) {
    const like = likeness(answer, value, policy);
    if (like === "same") return "right";
    if (like === "wrong-type" || (like === "wrong-value" && typeof found === "object")) found = wrong(like);
    if (like === "wrong-type") return found;
  }
  return found;
}

const VALUE_AND_TYPE = /^([\s\S]*);\s*([\p{L}_][\p{L}\p{N}_.]*)\s*$/u;
/** Of a name that is not bound then, or a line that does not run. */
const UNBOUND = /^["'`]?(?:nil|unbound)["'`]?\.?$/i;

function valueTypeReader({ answers, policy }: Asked): Reader {
  const accepted = answers.map(({ text, type }) => {
    const [, value = text, named] = UNBOUND.test(text)
      ? []
      : type === undefined
        ? (VALUE_AND_TYPE.exec(text) ?? [])
        : [];
    return { unbound: UNBOUND.test(text.trim()), value: writtenValue(value, policy), type: type ?? named };
  });
  return (answer) => {
    if (UNBOUND.test(answer)) return accepted.some(({ unbound }) => unbound) ? "right" : wrong("wrong-value");
    const [, value, type] = VALUE_AND_TYPE.exec(answer) ?? [];
    if (value === undefined) return wrong("no-type");
    const bound = accepted.filter(({ unbound }) => !unbound);
    const ofType = bound.filter((one) => one.type === undefined || one.type === type);
    const found = bestOf(
      value.trim(),
      (ofType.length > 0 ? ofType : bound).map((one) => one.value),
      policy,
    );
    if (found === "right" && ofType.length === 0) return wrong("wrong-type");
    return found;
  };
}

function assertionReader(asked: Asked): Reader {
  const { policy } = asked;
  if (asked.call === undefined) throw new BadQuestion("a question for an assertion names no call");
  const call = askedCall(asked.call);
  const accepted = asked.answers.map(({ text }) => {
    const asserted = text.trimStart().startsWith("assert") ? assertedValue(text, call) : { value: text };
    if (typeof asserted === "string") throw new BadQuestion(`the accepted answer ${JSON.stringify(text)}: ${asserted}`);
    return writtenValue(asserted.value, policy);
  });
  return (answer) => {
    const asserted = assertedValue(answer, call);
    return typeof asserted === "string" ? wrong(asserted) : bestOf(asserted.value, accepted, policy);
  };
}

function callReader(asked: Asked): Reader {
  const known = asked.call ?? asked.answers[0]?.text;
  if (known === undefined) throw new BadQuestion("a question for a call names no call of its function");
  const accepted = new Set(asked.answers.map((answer) => parsedAnswer(answer, treeOf)));
  return (answer) => {
    // The known call may have other arguments than literals.
    if (accepted.has(treeOf(answer) ?? "")) return "right";
    const predicted = predictedCall(answer, known);
    if (typeof predicted === "string") return wrong(predicted);
    const { code, stdin, result, policy } = asked;
    if (accepted.has(treeOf(predicted.call) ?? "")) return "right";
    if (result === undefined || code === undefined) return wrong("other-call");
    return {
      run: { program: { code, stdin, entry: predicted.call }, judged: (outcome) => ranWith(outcome, result, policy) },
    };
  };
}

function treeOf(source: string): string | null {
  return expressionOf(source)?.tree ?? null;
}

function stepReader({ answers }: Asked): Reader {
  const accepted = answers.map((answer) => parsedAnswer(answer, parseStep));
  return (answer) => {
    const step = parseStep(answer);
    if (step === null) return wrong("not-one-step");
    if (accepted.some((one) => sameStep(one, step))) return "right";
    return wrong(accepted.some(({ next }) => next === step.next) ? "wrong-state" : "wrong-next");
  };
}

function errorReader({ answers }: Asked): Reader {
  const accepted = answers.map((answer) => parsedAnswer(answer, errorAnswer));
  return (answer) => {
    const error = errorAnswer(answer);
    if (error === null) return wrong("not-an-error");
    const ofType = accepted.filter(({ type }) => type === error.type);
    if (ofType.length === 0) return wrong("wrong-error");
    return ofType.some(({ message }) => message === null || message === error.message)
      ? "right"
      : wrong("wrong-message");
  };
}

/** Text to the character but for the space around it; also as a string literal. */
function textReader({ answers }: Asked): Reader {
  const accepted = new Set(answers.map(({ text }) => text.trim()));
  return (answer) => {
    if (accepted.has(answer.trim())) return "right";
    const literal = literalOf(answer);
    return literal?.type === "str" && accepted.has(literal.value.trim()) ? "right" : wrong("wrong-text");
  };
}
