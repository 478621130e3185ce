/** `scored`: the reply was judged. `unscored`: it was not, through no fault of its own. `invalid`: there is nothing to judge. */
export type VerdictOutcome = "scored" | "unscored" | "invalid";

/** What one reply earned. */
export interface ReplyVerdict {
  /** Of the question. */
  readonly id: string;
  /** Which of several replies to it, from 0. */
  readonly sample: number;
  /** Of the question; empty where it is not known. */
  readonly kind: string;
  readonly outcome: VerdictOutcome;
  /** A stable word: `right`, or why not. */
  readonly reason: string;
  /** Part of the question that was answered rightly, 0 to 1; null unless scored. */
  readonly credit: number | null;
  /** By the schedule; null unless scored. */
  readonly reward: number | null;
  /** The part of the reply that was judged: places in it, the end exclusive; null where there is none. */
  readonly span: readonly [start: number, end: number] | null;
  /** Of questions that follow from each other. */
  readonly chain?: string;
  /** Of a question with parts: what each of them earned. */
  readonly parts?: readonly PartVerdict[];
}

export interface PartVerdict extends Pick<ReplyVerdict, "id" | "reason" | "span"> {
  readonly kind: string;
  readonly right: boolean;
  readonly chance: number;
}
