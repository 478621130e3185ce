// Which rows a trainer should not see, whatever the renderer: checked on the texts as they will be trained on.

import type { Program } from "../../base/schema/program.ts";
import { LiteralError, parseLiteral } from "../../python/literal.ts";
import type { Drop } from "../../views/filters/filter.ts";
import type { Said } from "../../views/formats/said.ts";
import type { Chat, Prompt, Subject } from "./prompt.ts";

/** As recipes name them; all are made where a recipe says nothing. */
export const ROW_CHECKS = ["literal-answer", "asked-call", "markers", "duplicate-row"] as const;
export type RowCheck = (typeof ROW_CHECKS)[number];

/** Texts with which chat templates and trace formats say where something begins or ends. */
const MARKERS =
  /<\|[\w-]+\|>|<\/?(?:think|thinking|answer|tool_call|tool_response|dictsep|s)>|<\/?(?:start|end)_of_turn>|\[\/?INST\]|<<\/?SYS>>/;

/** Null: the row may be trained on. Duplicates are the business of whoever has the other rows. */
export function whyUnfit(subject: Subject, prompt: Prompt, checks: ReadonlySet<RowCheck>): Drop | null {
  const { program, run, other, solution } = subject;
  if (checks.has("literal-answer") && asksValue(prompt)) {
    for (const said of [run, other]) {
      if (said === null || isLiteral(said)) continue;
      const message = `The result ${shortened(said.result as string)} is no Python literal, and no answer that can be checked.`;
      return { reason: "no-literal", message };
    }
  }
  if (checks.has("asked-call") && showsCall(program)) {
    return { reason: "call-in-prompt", message: "The source shows the very call that is asked about." };
  }
  if (checks.has("markers")) {
    const { code, entry, stdin, expected } = program;
    const texts = [code, entry, stdin, expected, run.result, other?.result, solution];
    const found = texts.map((text) => MARKERS.exec(text ?? "")?.[0]).find((marker) => marker !== undefined);
    if (found !== undefined) {
      const message = `The program or its result has the text ${found}, which ends or begins parts of a chat.`;
      return { reason: "marker-in-row", message };
    }
  }
  return null;
}

/** The chat with line ends of one kind: others tell rows of one origin from those of another. */
export function withPlainLineEnds({ system, user, answer, rejected }: Chat): Chat {
  const plain = (text: string): string => text.replace(/\r\n?/g, "\n");
  return {
    system: system === null ? null : plain(system),
    user: user === null ? null : plain(user),
    answer: plain(answer),
    rejected: rejected === null ? null : plain(rejected),
  };
}

/** Ours that ask for the value leave it to the renderer to give it; any prompt may show it itself. */
function asksValue({ name, places }: Prompt): boolean {
  return places.has("result") || places.has("otherResult") || name.startsWith("predict-");
}

function isLiteral({ result }: Said): boolean {
  if (result === null) return true;
  try {
    parseLiteral(result);
    return true;
  } catch (error) {
    if (error instanceof LiteralError) return false;
    throw error;
  }
}

/** As a doctest or a test does; a call without arguments tells nothing. */
function showsCall({ code, entry }: Program): boolean {
  if (entry === null) return false;
  const call = squeezed(entry);
  return !/\(\)$/.test(call) && call.includes("(") && squeezed(code).includes(call);
}

function squeezed(source: string): string {
  return source.replace(/\s+/g, "");
}

function shortened(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
