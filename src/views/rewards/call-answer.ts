import { type Expression, expressionOf, parseExpression } from "../../python/expression.ts";
import { ExpressionError } from "../../python/token-cursor.ts";
import { literalOf } from "./value-answer.ts";

/** Why a text is no assertion that the question's call equals a literal. */
export type AssertionFault =
  | "no-assertion"
  | "more-than-one-statement"
  | "not-one-equality"
  | "other-call"
  | "call-on-both-sides"
  | "not-a-literal";

const ASSERT = /^assert(?=[\s(\\])/;

/** A call that is asked about. */
export interface AskedCall {
  readonly source: string;
  /** Undefined where it is none: then no answer has the same. */
  readonly tree: string | undefined;
}

export function askedCall(source: string): AskedCall {
  return { source, tree: expressionOf(source)?.tree };
}

/**
 * The source of the value in `assert CALL == VALUE`, also with the sides changed about, in brackets, and with a message.
 * The call is the question's own by its syntax tree, and the value a literal.
 */
export function assertedValue(source: string, call: AskedCall): { readonly value: string } | AssertionFault {
  const plain = plainValue(source, call);
  if (plain !== null) return { value: plain };
  const text = withoutComments(source);
  const keyword = ASSERT.exec(text);
  if (keyword === null) return "no-assertion";
  const body = text.slice(keyword[0].length);
  const asserted = oneExpression(body);
  if (typeof asserted === "string") return asserted;
  return comparedValue(body, asserted, call);
}

/** Of an assertion on one line with the call as the question writes it: that needs no tree. */
function plainValue(source: string, { source: call, tree }: AskedCall): string | null {
  const start = `assert ${call} == `;
  if (tree === undefined || !source.startsWith(start) || source.includes("\n")) return null;
  const value = source.slice(start.length);
  const literal = literalOf(value);
  // Behind a comma outside of brackets stands a message.
  return literal === null || literal.type === "tuple" ? null : value;
}

/** The same of `CALL == VALUE` without the keyword. */
export function comparedCall(source: string, call: AskedCall): { readonly value: string } | AssertionFault {
  const text = withoutComments(source);
  if (ASSERT.test(text)) return assertedValue(text, call);
  const expression = expressionOf(text);
  if (expression === null) return statementsIn(text) > 1 ? "more-than-one-statement" : "not-one-equality";
  return comparedValue(text, expression, call);
}

function comparedValue(
  source: string,
  { comparison }: Expression,
  call: AskedCall,
): { readonly value: string } | AssertionFault {
  const [one, other, ...more] = comparison?.operands ?? [];
  if (one === undefined || other === undefined || more.length > 0 || comparison?.operators[0] !== "==") {
    return "not-one-equality";
  }
  const sides = [one, other].map((side) => ({
    asked: side.tree === call.tree,
    text: source.slice(side.start, side.end),
  }));
  const [left, right] = sides as [(typeof sides)[number], (typeof sides)[number]];
  if (left.asked && right.asked) return "call-on-both-sides";
  if (!left.asked && !right.asked) return "other-call";
  const value = left.asked ? right.text : left.text;
  return literalOf(value) === null ? "not-a-literal" : { value };
}

/** What is asserted, without the message, which may be a string. */
function oneExpression(body: string): Expression | AssertionFault {
  try {
    const expression = parseExpression(body);
    const [test, message, ...more] = expression.items ?? [expression];
    if (test === undefined || more.length > 0) return "not-one-equality";
    if (message === undefined) return expression.items === undefined ? test : "not-one-equality";
    return literalOf(body.slice(message.start, message.end))?.type === "str" ? test : "not-one-equality";
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return statementsIn(body) > 1 ? "more-than-one-statement" : "not-one-equality";
  }
}

/** Comments before the first statement; those behind it are no matter to the parser. */
function withoutComments(source: string): string {
  return source.replace(/^(?:\s*#[^\n]*(?:\n|$))+/, "").trim();
}

function statementsIn(text: string): number {
  return text.split(/[\n;]/).filter((line) => line.trim() !== "").length;
}

/** Why a text is no call of the question's function that may be tried. */
export type CallFault = "not-a-call" | "other-function" | "argument-not-a-literal" | "more-than-one-statement";

/**
 * A predicted call: `f(1, b=2)`, the arguments alone, or either side of an assertion about it. Its arguments are
 * literals, so that nothing but the program's own function is run.
 * @param call what the question's own call is, or a call of the same function
 */
export function predictedCall(source: string, call: string): { readonly call: string } | CallFault {
  const text = withoutComments(source).replace(ASSERT, "").trim();
  const name = expressionOf(call)?.call?.callee.tree;
  const expression = expressionOf(text);
  if (name === undefined || expression === null) {
    return statementsIn(text) > 1 ? "more-than-one-statement" : "not-a-call";
  }
  const sides = expression.comparison?.operands ?? [expression];
  const isEquality = expression.comparison?.operators.every((operator) => operator === "==") ?? true;
  const calls = sides.filter((side) => side.call !== undefined);
  const [found] = calls;
  if (!isEquality || sides.length > 2 || found?.call === undefined || calls.length > 1) return "not-a-call";
  if (found.call.callee.tree !== name) return "other-function";
  for (const { name: keyword, value } of found.call.arguments) {
    const isStar = keyword === "*" || keyword === "**";
    if (isStar || literalOf(text.slice(value.start, value.end)) === null) return "argument-not-a-literal";
  }
  return { call: text.slice(found.start, found.end) };
}
