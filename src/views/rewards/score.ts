import type { Program } from "../../base/schema/program.ts";
import type { Outcome } from "../../record/trace/value.ts";
import { type Answer, findAnswer } from "./answer.ts";
import { type Asked, BadQuestion } from "./asked.ts";
import { readerOf, type Scoring } from "./forms.ts";
import { isSettled, type Read, type Reader, type Settled, wrong } from "./read.ts";
import type { Schedule } from "./schedule.ts";
import type { PartVerdict, ReplyVerdict } from "./verdict.ts";

/** A reply that is judged by running what it predicts. */
export interface NeedsRun {
  /** For a process of its own; its id is that of the question. */
  readonly program: Program;
  /** By how the run ended; null: it could not be run, which is not the reply's fault. */
  settle(outcome: Outcome | null): ReplyVerdict;
}

/** Judges replies to one question. */
export interface Scorer {
  /**
   * @param reply null where the model gave none
   * @param sample which of several replies to the question, from 0
   */
  score(reply: unknown, sample: number): ReplyVerdict | NeedsRun;
}

/** What judges replies to the question. A question that has faults makes every verdict `invalid`. */
export function scorerOf(asked: Asked, schedule: Schedule, scoring: Scoring = "strict"): Scorer {
  try {
    return new QuestionScorer(asked, schedule, scoring);
  } catch (error) {
    if (!(error instanceof BadQuestion)) throw error;
    return { score: (_, sample) => withoutScore(asked, sample, "invalid", "bad-question") };
  }
}

/** Nothing was earned and nothing lost. */
export function withoutScore(
  { id, kind, consistent }: Pick<Asked, "id" | "kind" | "consistent">,
  sample: number,
  outcome: "unscored" | "invalid",
  reason: string,
): ReplyVerdict {
  const chain = consistent === undefined ? {} : { chain: consistent };
  return { id, sample, kind, outcome, reason, credit: null, reward: null, span: null, ...chain };
}

export function needsRun(found: ReplyVerdict | NeedsRun): found is NeedsRun {
  return "settle" in found;
}

class QuestionScorer implements Scorer {
  readonly #asked: Asked;
  readonly #schedule: Schedule;
  readonly #read: Reader;
  readonly #parts: readonly { readonly asked: Asked; readonly read: Reader }[];

  constructor(asked: Asked, schedule: Schedule, scoring: Scoring) {
    this.#asked = asked;
    this.#schedule = schedule;
    this.#read = readerOf(asked, scoring);
    this.#parts = (asked.parts ?? []).map((part) => ({ asked: part, read: readerOf(part, scoring) }));
  }

  score(reply: unknown, sample: number): ReplyVerdict | NeedsRun {
    if (reply === null || reply === undefined) return withoutScore(this.#asked, sample, "unscored", "no-reply");
    if (typeof reply !== "string") return withoutScore(this.#asked, sample, "invalid", "reply-is-no-text");
    const answer = findAnswer(reply, this.#asked.form === "assertion" || this.#asked.form === "call");
    if (typeof answer === "string") {
      // Of a text, nothing between the tags is an answer: nothing was printed.
      const isText = answer === "empty-answer" && this.#asked.form === "text";
      return this.#verdict(sample, isText ? (this.#read("") as Settled) : wrong(answer), null, []);
    }
    const lines = this.#parts.length === 0 ? [answer] : answerLines(answer);
    const read = this.#read((lines[0] as Answer).text);
    const parts = this.#partsOf(lines.slice(1));
    if (isSettled(read)) return this.#verdict(sample, read, answer, parts);
    const { program, judged } = read.run;
    return {
      program: { id: this.#asked.id, ...program },
      settle: (outcome) => {
        if (outcome !== null) return this.#verdict(sample, judged(outcome), answer, parts);
        return { ...withoutScore(this.#asked, sample, "unscored", "not-run"), span: spanOf(answer) };
      },
    };
  }

  /** Lines that are too many or too few do not say which question each of them answers. */
  #partsOf(lines: readonly Answer[]): PartVerdict[] {
    return this.#parts.map(({ asked: { id, kind, chance }, read }, i): PartVerdict => {
      const line = lines.length === this.#parts.length ? lines[i] : undefined;
      const found = line === undefined ? wrong("other-number-of-answers") : read(line.text);
      const span = line === undefined ? null : spanOf(line);
      return { id, kind, right: found === "right", chance, reason: reasonOf(found), span };
    });
  }

  #verdict(sample: number, read: Settled, answer: Answer | null, found: readonly PartVerdict[]): ReplyVerdict {
    const { id, kind, chance, consistent } = this.#asked;
    const right = read === "right";
    const parts = answer === null ? this.#parts.map(({ asked }) => missed(asked)) : found;
    const rightParts = parts.filter((part) => part.right).length;
    return {
      id,
      sample,
      kind,
      outcome: "scored",
      reason: reasonOf(read),
      credit: (Number(right) + rightParts) / (1 + parts.length),
      reward: this.#schedule({ kind, right, chance, parts }),
      span: answer === null ? null : spanOf(answer),
      ...(consistent === undefined ? {} : { chain: consistent }),
      ...(parts.length === 0 ? {} : { parts }),
    };
  }
}

function missed({ id, kind, chance }: Asked): PartVerdict {
  return { id, kind, right: false, chance, reason: "no-answer", span: null };
}

function reasonOf(read: Read): string {
  if (read === "right") return "right";
  // Of what is asked beside the first question nothing is run.
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
