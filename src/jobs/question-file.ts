import { UsageError } from "../base/errors.ts";
import type { InputFile } from "../programs/sources/file-kinds.ts";
import { type ReadProgress, rowBatches } from "../programs/sources/file-rows.ts";
import { type Asked, askedOf } from "../views/rewards/asked.ts";
import type { Scoring } from "../views/rewards/forms.ts";
import type { Schedule } from "../views/rewards/schedule.ts";
import { type Scorer, scorerOf, withoutScore } from "../views/rewards/score.ts";

/** The questions of a file by id, each with what judges replies to it. */
export class QuestionFile {
  readonly #schedule: Schedule;
  readonly #scoring: Scoring;
  readonly #asked: Map<string, Asked | Scorer> = new Map();

  private constructor(schedule: Schedule, scoring: Scoring) {
    this.#schedule = schedule;
    this.#scoring = scoring;
  }

  /** Throws UsageError that names the row for what is no question, and for an id that is given twice. */
  static async read(
    file: InputFile,
    schedule: Schedule,
    scoring: Scoring,
    progress: ReadProgress,
  ): Promise<QuestionFile> {
    const questions = new QuestionFile(schedule, scoring);
    for await (const rows of rowBatches(file, { progress })) {
      for (const found of rows) questions.#add("text" in found ? found.text : null, `${file.path}, row ${found.row}`);
    }
    return questions;
  }

  /** What judges replies to the question of this id; nothing is known of others. */
  scorer(id: string): Scorer | null {
    const found = this.#asked.get(id);
    if (found === undefined) return null;
    if ("score" in found) return found;
    const scorer = scorerOf(found, this.#schedule, this.#scoring);
    this.#asked.set(id, scorer);
    return scorer;
  }

  #add(text: string | null, where: string): void {
    const asked = text === null ? "it cannot be read" : parsed(text);
    if (typeof asked === "string") {
      throw new UsageError(
        "bad-question",
        `${where} is no question (${asked}). Make the file with tracemill questions.`,
      );
    }
    if (this.#asked.has(asked.id)) {
      throw new UsageError(
        "duplicate-id",
        `${where}: the id ${JSON.stringify(asked.id)} was used by an earlier question.`,
      );
    }
    // Programs are many and large; they stay only where they may be run.
    const isRun = asked.form === "call" || this.#scoring === "published";
    this.#asked.set(asked.id, isRun ? asked : { ...asked, code: undefined });
  }
}

function parsed(text: string): Asked | string {
  try {
    return askedOf(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return "it is no JSON";
    throw error;
  }
}

/** For ids that no question has. */
export function unknownQuestion(id: string, sample: number): ReturnType<typeof withoutScore> {
  return withoutScore({ id, kind: "", consistent: undefined }, sample, "invalid", "unknown-question");
}
