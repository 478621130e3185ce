import type { Scoring } from "../../views/rewards/forms.ts";

export type SampleVerdict = "right" | "wrong" | "unscored";

/** A line of samples.jsonl: one prediction for one task. */
export interface SampleRow {
  /** Of the task. */
  readonly id: string;
  /** Which of several predictions for it, from 0; null where there is none at all, which counts as wrong. */
  readonly sample: number | null;
  readonly verdict: SampleVerdict;
  /** A stable word: `right`, or why not. */
  readonly reason: string;
}

/** What results.json holds. */
export interface EvaluationResults {
  /** Version of this layout. */
  readonly results: 1;
  readonly benchmark: string;
  readonly scoring: Scoring;
  /** Mean over the tasks of the part of their samples that is right, 0 to 1; null where nothing was scored. */
  readonly passAt1: number | null;
  readonly tasks: number;
  readonly samples: number;
  readonly right: number;
  readonly wrong: number;
  readonly unscored: number;
  /** Tasks that no prediction is for. */
  readonly unanswered: number;
  /** Samples by reason. */
  readonly reasons: Readonly<Record<string, number>>;
}

/** Samples that could not be scored count neither way; a task with no other is left out of the mean. */
export function resultsOf(benchmark: string, scoring: Scoring, rows: Iterable<SampleRow>): EvaluationResults {
  const tasks = new Map<string, { right: number; scored: number }>();
  const counts = { right: 0, wrong: 0, unscored: 0 };
  const reasons: Record<string, number> = {};
  let samples = 0;
  let unanswered = 0;
  for (const { id, sample, verdict, reason } of rows) {
    const task = tasks.get(id) ?? { right: 0, scored: 0 };
    tasks.set(id, task);
    counts[verdict]++;
    reasons[reason] = (reasons[reason] ?? 0) + 1;
    samples++;
    if (sample === null) unanswered++;
    if (verdict !== "unscored") task.scored++;
    if (verdict === "right") task.right++;
  }
  const scored = Array.from(tasks.values()).filter((task) => task.scored > 0);
  const sum = scored.reduce((total, task) => total + task.right / task.scored, 0);
  const passAt1 = scored.length === 0 ? null : sum / scored.length;
  return { results: 1, benchmark, scoring, passAt1, tasks: tasks.size, samples, ...counts, unanswered, reasons };
}
