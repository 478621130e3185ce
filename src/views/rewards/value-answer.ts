import { keyedLiteral } from "../../python/exact.ts";
import { expressionOf } from "../../python/expression.ts";
import { LiteralError, parseLiteral } from "../../python/literal.ts";
import type { PythonValue } from "../../python/python-value.ts";
import { equalValues } from "../verdict/compare.ts";
import { sameTyped } from "../verdict/typed.ts";
import type { AnswerPolicy } from "./asked.ts";

/** A value that a text stands for: a literal, or what no literal can write, as the tree of its text. */
export type WrittenValue = { readonly literal: PythonValue; readonly key: string } | { readonly tree: string };

/** How a value that was answered stands to one that is accepted. */
export type Likeness = "same" | "wrong-type" | "wrong-value";

/** Null for what is no literal. */
export function literalOf(text: string, numpy: boolean = false): PythonValue | null {
  try {
    return parseLiteral(text, true, numpy ? "exact" : null);
  } catch (error) {
    if (error instanceof LiteralError) return null;
    throw error;
  }
}

/** Of an accepted answer: records have values such as `deque([1])` and `range(0, 3)` that no literal writes. */
export function writtenValue(text: string, policy: AnswerPolicy): WrittenValue {
  const literal = literalOf(text.trim(), policy.numpy);
  if (literal !== null) return { literal, key: keyOf(literal, policy) };
  return { tree: treeOf(text) };
}

/** Null where the answer is no value at all. */
export function likeness(answer: string, accepted: WrittenValue, policy: AnswerPolicy): Likeness | null {
  if ("tree" in accepted) {
    const literal = literalOf(answer, policy.numpy);
    return literal === null && treeOf(answer) === accepted.tree ? "same" : literal === null ? null : "wrong-value";
  }
  const literal = literalOf(answer, policy.numpy);
  return literal === null ? null : likenessOf(literal, accepted, policy);
}

/** The same of a value that was parsed already. */
export function likenessOf(given: PythonValue, accepted: WrittenValue, policy: AnswerPolicy): Likeness {
  if ("tree" in accepted) return "wrong-value";
  const { tolerance = null } = policy;
  if (keyOf(given, policy) === accepted.key) return "same";
  if (policy.untyped === true && equalValues(given, accepted.literal, tolerance)) return "same";
  if (tolerance !== null && sameTyped(given, accepted.literal, tolerance)) return "same";
  return equalValues(given, accepted.literal, tolerance) ? "wrong-type" : "wrong-value";
}

function keyOf(value: PythonValue, { orderless }: AnswerPolicy): string {
  if (orderless !== true || (value.type !== "list" && value.type !== "tuple")) return keyedLiteral(value);
  return `${value.type} ${value.items.map(keyedLiteral).sort().join()}`;
}

/** Texts that are no expressions are equal to themselves alone. */
function treeOf(text: string): string {
  return expressionOf(text)?.tree ?? `text ${text.trim()}`;
}
