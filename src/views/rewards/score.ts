import type { Outcome } from "../../record/value.ts";
import type { Program } from "../../schema/program.ts";
import { type Answer, findAnswer } from "./answer.ts";
import type { Asked } from "./asked.ts";
import { type Read, type Reader, readerOf } from "./forms.ts";
import { ranWith } from "./ran.ts";
import type { Schedule } from "./schedule.ts";
import type { PartVerdict, ReplyVerdict } from "./verdict.ts";

/** A reply that is judged by running what it predicts. */
export interface NeedsRun {
  /** In a process of its own; its id says nothing. */
  readonly program: Program;
  /** By how the run ended; null: it could not be run, which is not the reply's fault. */
  settle(outcome: Outcome | null): ReplyVerdict;
}

/** Judges replies to one question. */
export interface Scorer {
  /** @param sample which of several replies to the question, from 0 */
  score(reply: unknown, sample: number): ReplyVerdict | NeedsRun;
}

/** What judges replies to the question. A question that has faults makes every verdict `invalid`. */
export function scorerOf(asked: Asked, schedule: Schedule): Scorer {
  try {
    return new QuestionScorer(asked, schedule);
  } catch (error) {
    const reason = "bad-question";
    if (!(error instanceof Error) || error.constructor !== Error) throw error;
    return { score: (_, sample) => invalid(asked.id, sample, reason) };
  }
}

/** There is nothing to judge, or nothing to judge it by. */
export function invalid(id: string, sample: number, reason: string): ReplyVerdict {
  return { id, sample, outcome: "invalid", reason, credit: null, reward: null, span: null };
}

export function needsRun(found: ReplyVerdict | NeedsRun): found is NeedsRun {
  return "settle" in found;
}

class QuestionScorer implements Scorer {
  readonly #asked: Asked;
  readonly #schedule: Schedule;
  readonly #read: Reader;
  readonly #parts: readonly { readonly asked: Asked; readonly read: Reader }[];

  constructor(asked: Asked, schedule: Schedule) {
    this.#asked = asked;
    this.#schedule = schedule;
    this.#read = readerOf(asked);
    this.#parts = (asked.parts ?? []).map((part) => ({ asked: part, read: readerOf(part) }));
  }

  score(reply: unknown, sample: number): ReplyVerdict | NeedsRun {
    if (typeof reply !== "string") return invalid(this.#asked.id, sample, "no-text");
    const answer = findAnswer(reply, this.#asked.form === "assertion" || this.#asked.form === "call");
    if (typeof answer === "string") return this.#verdict(sample, { wrong: answer }, null, []);
    if (this.#parts.length > 0) return this.#scoreParts(answer, sample);
    const read = this.#read(answer.text);
    if (read === "right" || "wrong" in read) return this.#verdict(sample, read, answer, []);
    return this.#running(sample, read.run, answer);
  }

  /** One answer on a line; the first is the question's own. */
  #scoreParts(answer: Answer, sample: number): ReplyVerdict {
    const lines = answerLines(answer);
    const [first, ...others] = lines;
    const own = first === undefined ? { wrong: "empty-answer" } : this.#read(first.text);
    // Lines that are too many or too few say of none which question it answers.
    const miscounted = others.length !== this.#parts.length;
    const parts = this.#parts.map(({ asked: { id, kind, chance }, read }, i): PartVerdict => {
      const line = others[i];
      const found: Read = miscounted || line === undefined ? { wrong: "other-number-of-answers" } : read(line.text);
      const right = found === "right";
      return { id, kind, right, chance, reason: reasonOf(found), span: line === undefined ? null : spanOf(line) };
    });
    return this.#verdict(sample, own === "right" || "wrong" in own ? own : { wrong: "not-run" }, answer, parts);
  }

  #running(sample: number, call: string, answer: Answer): NeedsRun {
    const { code = "", result = "", policy } = this.#asked;
    return {
      program: { id: this.#asked.id, code, entry: call },
      settle: (outcome) => {
        if (outcome !== null) return this.#verdict(sample, ranWith(outcome, result, policy), answer, []);
        const { id } = this.#asked;
        return { id, sample, outcome: "unscored", reason: "not-run", credit: null, reward: null, span: spanOf(answer) };
      },
    };
  }

  #verdict(sample: number, read: Read, answer: Answer | null, parts: readonly PartVerdict[]): ReplyVerdict {
    const { id, kind, chance } = this.#asked;
    const right = read === "right";
    const asked = 1 + this.#parts.length;
    // Without an answer the parts are wrong too.
    const earned = this.#parts.length === parts.length ? parts : this.#parts.map(({ asked: part }) => missed(part));
    const credit = asked === 1 ? Number(right) : (Number(right) + earned.filter((part) => part.right).length) / asked;
    return {
      id,
      sample,
      outcome: "scored",
      reason: reasonOf(read),
      credit,
      reward: this.#schedule({ kind, right, chance, parts: earned }),
      span: answer === null ? null : spanOf(answer),
      ...(asked === 1 ? {} : { parts: earned }),
    };
  }
}

function missed({ id, kind, chance }: Asked): PartVerdict {
  return { id, kind, right: false, chance, reason: "no-answer", span: null };
}

function reasonOf(read: Read): string {
  if (read === "right") return "right";
  return "wrong" in read ? read.wrong : "not-run";
}

function spanOf({ start, end }: Answer): [number, number] {
  return [start, end];
}

function answerLines({ text, start }: Answer): Answer[] {
  const lines: Answer[] = [];
  let at = start;
  for (const line of text.split("\n")) {
    const trimmed = line.trim();
    const from = at + line.length - line.trimStart().length;
    if (trimmed !== "") lines.push({ text: trimmed, start: from, end: from + trimmed.length });
    at += line.length + 1;
  }
  return lines;
}
