import type { Answer, AnswerForm, Ask, Policy, QuestionKind } from "./question.ts";
import type { QuestionRun } from "./run.ts";

/** A question before it is a row of its own. */
export interface Draft {
  readonly ask: Ask;
  readonly prompt: string;
  readonly form: AnswerForm;
  readonly answers: readonly Answer[];
  /** Any answer that fulfils the proof is right, not only those listed. */
  readonly open?: boolean;
  readonly proof: string;
  readonly chance: number;
  readonly policy?: Policy;
  /** The fact that the answer is, as a path: `next/f/1/7/2`. */
  readonly about: string;
  /** Facts that who reads question and answer knows besides; one that ends in `/` stands for all below it. */
  readonly tells: readonly string[];
}

/** What a maker draws its questions from. */
export interface Material {
  readonly run: QuestionRun;
  /** Another run of the same program, with another call; null: there is none. */
  readonly other: QuestionRun | null;
}

/** One kind of question. */
export interface QuestionMaker {
  readonly kind: QuestionKind;
  /** What it asks, in half a sentence. */
  readonly title: string;
  /** Everything of this kind that may be asked, in the order of the run; what `answer` refuses among it is not asked. */
  asks(material: Material): Iterable<Ask>;
  /** The question with its answers, or the reason why it has none. */
  answer(material: Material, ask: Ask): Draft | string;
}
