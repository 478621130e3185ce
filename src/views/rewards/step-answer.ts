import { keyedLiteral, settled } from "../../python/exact.ts";
import type { PythonValue } from "../../python/python-value.ts";
import { literalOf } from "./value-answer.ts";

/** One predicted step: the line that ran, the names that it bound, and what runs next. */
export interface Step {
  /** Null where the reply names none. */
  readonly line: number | null;
  /** Names with their values as `keyedLiteral` writes them; text of an error's type where the line raised. */
  readonly state: ReadonlyMap<string, string> | string;
  /** A line's number, the type of an error, `error` or `completion`. */
  readonly next: string;
}

const LABEL = /^[ \t]{0,8}(line|check|next statement)[ \t]{0,8}:/i;
const LINE = /^-?\d{1,15}$/;
const NEXT = /^(-?\d{1,15}|[A-Za-z_](?:[\w.]*\w)?)\.?$/;

/**
 * The step of a reply: a tuple of the state, a dict by name, and what is next, as in `({'n': 3}, '7')`; or the published
 * layout (`Line:`, `Check:`, `Next statement:`). Null without exactly one.
 */
export function parseStep(text: string): Step | null {
  return tupleStep(text.trim()) ?? laidOutStep(text);
}

function tupleStep(text: string): Step | null {
  const literal = literalOf(text);
  const [names, next, ...more] = literal?.type === "tuple" ? literal.items : [];
  const state = names === undefined ? null : stateByName(names);
  if (state === null || more.length > 0 || (next?.type !== "str" && next?.type !== "int")) return null;
  const behind = NEXT.exec(String(next.value))?.[1];
  return behind === undefined ? null : { line: null, state, next: nextOf(behind) };
}

/** What stands behind each label: on its line, of a state also on the lines up to the next label. */
function laidOutStep(text: string): Step | null {
  const found = new Map<string, string>();
  let label: string | null = null;
  for (const line of text.split("\n")) {
    const [head, name] = LABEL.exec(line) ?? [];
    if (head !== undefined && name !== undefined) {
      label = name.toLowerCase();
      if (found.has(label)) return null;
      found.set(label, line.slice(head.length));
    } else if (label === "check") found.set(label, `${found.get(label)}\n${line}`);
  }
  const [line, check, next] = ["line", "check", "next statement"].map((name) => found.get(name)?.trim());
  if (check === undefined || next === undefined || (line !== undefined && !LINE.test(line))) return null;
  const state = stateOf(check);
  const behind = NEXT.exec(next)?.[1];
  if (state === null || behind === undefined) return null;
  return { line: line === undefined ? null : Number(line), state, next: nextOf(behind) };
}

function stateOf(text: string): ReadonlyMap<string, string> | string | null {
  if (/^[A-Za-z_]\w*$/.test(text) && text !== "None") return text;
  const literal = literalOf(text);
  return literal === null ? null : stateByName(literal);
}

function stateByName(literal: PythonValue): ReadonlyMap<string, string> | null {
  if (literal.type !== "dict") return null;
  const state = new Map<string, string>();
  for (const [key, value] of settled(literal.entries)) {
    if (key.type !== "str") return null;
    state.set(key.value, keyedLiteral(value));
  }
  return state;
}

function nextOf(text: string): string {
  if (/^-?\d+$/.test(text)) return String(Number(text));
  return /^(?:completion|error)$/i.test(text) ? text.toLowerCase() : text;
}

export function sameState(one: Step["state"], other: Step["state"]): boolean {
  if (typeof one === "string" || typeof other === "string") return one === other;
  return one.size === other.size && Array.from(one).every(([name, value]) => other.get(name) === value);
}

/** State and next line; the line that ran counts where both name one. */
export function sameStep(one: Step, other: Step): boolean {
  if (one.line !== null && other.line !== null && one.line !== other.line) return false;
  return one.next === other.next && sameState(one.state, other.state);
}
