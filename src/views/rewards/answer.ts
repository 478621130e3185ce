import { visibleText } from "./visible.ts";

/** More characters than this are read of no reply, and of no answer in it. */
const MOST_REPLY = 4 << 20;
const MOST_ANSWER = 1 << 18;
/** Containers in containers: a fence inside of tags, a box inside of the fence. */
const MOST_NESTED = 4;

/** A part of a reply; places in the reply, the end exclusive. */
export interface Answer {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Why a reply holds no answer. */
export type NoAnswer =
  | "empty-reply"
  | "reply-too-long"
  | "only-in-thought"
  | "cut-off-in-thought"
  | "unclosed-answer"
  | "empty-answer"
  | "answer-too-long";

const FENCE = /^[ \t]{0,3}```[ \t]*([\w+-]*)[^\n`]*$/gm;
const TAGS: readonly (readonly [bracket: string, tag: RegExp])[] = [
  ["<", /<(\/?)answer>/iy],
  ["[", /\[(\/?)answer\]/iy],
];
const BOX = "\\boxed{";
const WRAPPED = /^\\(?:text|texttt|mathtt|mathrm|mathbf|verb)\{([\s\S]*)\}$/;
const ASSERTION = /^[ \t]*assert\b/gm;

/**
 * What a model's reply gives as its answer: the last `<answer>`, `[ANSWER]` or `\boxed{}`; without any the last fence;
 * else the last assertion, where an assertion is wanted; else the whole of the reply. Nothing in a thought counts.
 * Answers in answers are taken out of each other.
 */
export function findAnswer(reply: string, wantsAssertion: boolean = false): Answer | NoAnswer {
  if (reply.length > MOST_REPLY) return "reply-too-long";
  const { text, offset, endsInThought, thought } = visibleText(reply);
  const found = contained(text) ?? (wantsAssertion ? lastAssertion(text) : null) ?? trimmed(text, 0, text.length);
  if (found === "unclosed-answer") return found;
  if (found.text !== "") {
    if (found.text.length > MOST_ANSWER) return "answer-too-long";
    return { text: found.text, start: found.start + offset, end: found.end + offset };
  }
  if (endsInThought) return "cut-off-in-thought";
  if (found.start > 0 && text.slice(0, found.start).trim() !== "") return "empty-answer";
  return thought ? "only-in-thought" : "empty-reply";
}

function contained(text: string): Answer | "unclosed-answer" | null {
  let found: Answer | null = null;
  for (let depth = 0; depth < MOST_NESTED; depth++) {
    const start: number = found?.start ?? 0;
    const inside: string = found?.text ?? text;
    const next = lastExplicit(inside) ?? lastFence(inside);
    if (next === null) break;
    if (next === "unclosed-answer") return next;
    found = { text: next.text, start: next.start + start, end: next.end + start };
  }
  return found;
}

function lastExplicit(text: string): Answer | "unclosed-answer" | null {
  let last: Answer | "unclosed-answer" | null = null;
  let at = -1;
  const consider = (found: Answer | "unclosed-answer" | null, place: number): void => {
    if (found === null || place <= at) return;
    last = found;
    at = place;
  };
  for (const [bracket, tag] of TAGS) {
    // The place of an answer is that of its end: of two that are nested the outer one is taken apart later.
    let closed: number | null = null;
    for (let place = text.lastIndexOf(bracket); place >= 0; place = text.lastIndexOf(bracket, place - 1)) {
      tag.lastIndex = place;
      const found = tag.exec(text);
      if (found !== null && found[1] === "/") closed ??= place;
      else if (found !== null) {
        const opened = place + found[0].length;
        if (closed === null) consider("unclosed-answer", place);
        else consider(trimmed(text, opened, closed), closed);
        break;
      }
      if (place === 0) break;
    }
  }
  const boxed = text.lastIndexOf(BOX);
  if (boxed >= 0) {
    const end = closingBrace(text, boxed + BOX.length);
    consider(end === null ? "unclosed-answer" : unwrapped(text, boxed + BOX.length, end), end ?? boxed);
  }
  return last;
}

function closingBrace(text: string, start: number): number | null {
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === "\\") at++;
    else if (character === "{") depth++;
    else if (character === "}" && --depth === 0) return at;
  }
  return null;
}

/** Without the words that set its type, and with the braces that are escaped in it. */
function unwrapped(text: string, start: number, end: number): Answer {
  const found = trimmed(text, start, end);
  const inner = WRAPPED.exec(found.text)?.[1] ?? found.text;
  return { ...found, text: inner.replace(/\\([{}_$%&# ])/g, "$1").trim() };
}

function lastFence(text: string): Answer | "unclosed-answer" | null {
  if (!text.includes("```")) return null;
  let opened: number | null = null;
  let last: Answer | null = null;
  for (const match of text.matchAll(FENCE)) {
    if (opened === null) opened = match.index + match[0].length;
    else if (match[1] === "") {
      last = trimmed(text, opened, match.index);
      opened = null;
    }
  }
  if (opened !== null) return "unclosed-answer";
  if (last !== null) return last;
  return lastInline(text);
}

/** A fence that begins and ends on one line. */
function lastInline(text: string): Answer | null {
  const closed = text.lastIndexOf("```");
  const opened = text.lastIndexOf("```", closed - 3);
  return opened < 0 || closed <= opened ? null : trimmed(text, opened + 3, closed);
}

function lastAssertion(text: string): Answer | null {
  let last: number | null = null;
  for (const { index } of text.matchAll(ASSERTION)) last = index;
  return last === null ? null : trimmed(text, last, text.length);
}

function trimmed(text: string, start: number, end: number): Answer {
  const part = text.slice(start, end);
  const from = start + part.length - part.trimStart().length;
  const inside = part.trim();
  return { text: inside, start: from, end: from + inside.length };
}
