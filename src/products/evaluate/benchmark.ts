import type { TrialOptions } from "../../jobs/trials.ts";
import type { Scoring } from "../../views/rewards/forms.ts";
import type { Read } from "../../views/rewards/read.ts";

/** One task of a benchmark, read from a row of the user's file. */
export interface Task {
  readonly id: string;
  /**
   * What a stored prediction is worth.
   * @param prediction as it is in the row of predictions: text, or null where nothing could be taken out of the reply
   */
  judge(prediction: unknown, scoring: Scoring): Read;
}

/** A published evaluation of execution reasoning, scored from stored predictions. */
export interface Benchmark {
  /** As the command line names it. */
  readonly name: string;
  readonly title: string;
  /** Where its rows come from, and how they look. */
  readonly rows: string;
  /** How what is predicted is run, where it is. */
  readonly trials: Pick<TrialOptions, "timeoutMs" | "memoryMb" | "preload">;
  /** A text says what is wrong with the row. */
  taskOf(row: Readonly<Record<string, unknown>>): Task | string;
}
