import type { Program } from "../../base/schema/program.ts";
import type { Outcome } from "../../record/trace/value.ts";

/** What is run, in a process of its own, to know whether an answer is right. */
export interface Trial {
  readonly program: Pick<Program, "code" | "entry" | "stdin">;
  /** What is known once it ran. */
  judged(outcome: Outcome): Settled;
}

export type Settled = "right" | { readonly wrong: string };

/** What an answer's text comes to: right, wrong with the reason, or something to be run. */
export type Read = Settled | { readonly run: Trial };

/** Reads answers to one question; made once, for every reply to it. */
export type Reader = (answer: string) => Read;

export function isSettled(read: Read): read is Settled {
  return read === "right" || "wrong" in read;
}

export const wrong = (reason: string): Settled => ({ wrong: reason });
