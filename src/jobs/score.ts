import { UsageError } from "../base/errors.ts";
import { CorruptFileError } from "../base/io/corrupt-file.ts";
import type { TextRow } from "../base/io/rows.ts";
import type { Manifest, RunCounts } from "../base/schema/manifest.ts";
import type { InputFile } from "../programs/sources/file-kinds.ts";
import { type ReadProgress, rowBatches } from "../programs/sources/file-rows.ts";
import { findInputs } from "../programs/sources/inputs.ts";
import type { Scoring } from "../views/rewards/forms.ts";
import { repliesOf } from "../views/rewards/replies.ts";
import { scheduleOf } from "../views/rewards/schedule.ts";
import { type NeedsRun, needsRun } from "../views/rewards/score.ts";
import type { ReplyVerdict } from "../views/rewards/verdict.ts";
import { type Identity, inputIdentity } from "./identity.ts";
import { type Extent, manifestInputs, readSoFar } from "./input-files.ts";
import {
  claimPlace,
  doJob,
  type JobEnd,
  type JobResult,
  NOTHING_READ,
  type Start,
  type Step,
  type StreamOutput,
  stoppable,
  type Work,
} from "./job.ts";
import { QuestionFile, unknownQuestion } from "./question-file.ts";
import type { RejectedLine } from "./rejected-line.ts";
import type { ByteTarget } from "./row-writer.ts";
import { toolVersion } from "./tool-version.ts";
import { type TrialOptions, Trials } from "./trials.ts";

const FORMAT = "verdicts";
/** Verdicts that are written at once. */
const BATCH = 4_096;

export interface ScoreRequest {
  /** A file of questions and one of answers to them. */
  questions: string;
  answers: string;
  /** A path, or where bytes and rejected rows go when there is no file (nothing is resumable then). */
  output: string | StreamOutput;
  /** A name of `SCHEDULE_NAMES`, with weights where it takes some. */
  schedule: string;
  scoring: Scoring;
  /** Go on with what an interrupted run of the same request left; start when nothing was left. */
  resume?: boolean;
  /** Replace what another run wrote, and throw away what an interrupted one left. */
  force?: boolean;
  /** How predicted calls are run. */
  trials: TrialOptions;
  signal?: AbortSignal;
  onProgress?: (progress: Extent & { counts: RunCounts }) => void;
}

/** Writes one row for each reply, in order; the counts have a number for each reason. */
export function runScore(request: ScoreRequest): Promise<JobResult> {
  return stoppable(request.signal, () => score(request));
}

async function score(request: ScoreRequest): Promise<JobResult> {
  const { signal } = request;
  const [questionFile, ...others] = await findInputs([request.questions]);
  const answerFiles = await findInputs([request.answers]);
  if (questionFile === undefined || others.length > 0) {
    throw new UsageError("bad-input", `${request.questions} is no file of questions; name one.`);
  }
  const files = [questionFile, ...answerFiles];
  const place = await claimPlace(
    request,
    files.map(({ path }) => path),
  );
  const reading: ReadProgress = { files: [] };
  const schedule = scheduleOf(request.schedule);
  const questions = await QuestionFile.read(questionFile, schedule, request.scoring, reading);
  await using trials = new Trials({ ...request.trials, signal });
  const work = new Judging(request, files, reading, questions, trials);
  const control = { signal, onProgress: (counts: RunCounts) => request.onProgress?.({ counts, ...work.progress() }) };
  // Awaited here: what runs answers closes when this function returns.
  return await doJob(place, work, control);
}

class Judging implements Work {
  readonly identity: Identity;
  readonly #request: ScoreRequest;
  /** The questions', then those of the answers. */
  readonly #files: readonly InputFile[];
  readonly #reading: ReadProgress;
  readonly #questions: QuestionFile;
  readonly #trials: Trials;

  constructor(
    request: ScoreRequest,
    files: readonly InputFile[],
    reading: ReadProgress,
    questions: QuestionFile,
    trials: Trials,
  ) {
    this.#request = request;
    this.#files = files;
    this.#reading = reading;
    this.#questions = questions;
    this.#trials = trials;
    this.identity = {
      tracemill: toolVersion(),
      format: FORMAT,
      schedule: request.schedule,
      scoring: request.scoring,
      inputs: files.map(inputIdentity),
    };
  }

  async *steps([target]: readonly ByteTarget[], start: Start): AsyncGenerator<Step, void, undefined> {
    const skip = { replies: start.programs, rejected: start.sourceRejected };
    let found: (ReplyVerdict | NeedsRun)[] = [];
    let rejected: RejectedLine[] = [];
    for (const file of this.#files.slice(1)) {
      for await (const rows of readable(file, this.#reading)) {
        for (const row of rows) {
          const read = this.#verdictsOf(row, file);
          if ("reason" in read) {
            if (skip.rejected > 0) skip.rejected--;
            else rejected.push(read);
          } else if (skip.replies >= read.length && read.length > 0) {
            skip.replies -= read.length;
          } else {
            found.push(...read);
          }
          if (found.length < BATCH) continue;
          yield await this.#step(target, found, rejected);
          [found, rejected] = [[], []];
        }
      }
    }
    yield await this.#step(target, found, rejected);
  }

  progress(): Extent {
    return readSoFar(this.#files, this.#reading);
  }

  manifest({ counts, outputs, fingerprint }: JobEnd): Manifest {
    const { schedule, scoring } = this.#request;
    return {
      manifest: 1,
      command: "score",
      versions: { tracemill: toolVersion(), node: process.versions.node, python: null },
      format: FORMAT,
      source: null,
      limit: null,
      shard: null,
      options: { schedule, scoring },
      render: null,
      sandbox: null,
      seeds: null,
      counts,
      inputs: manifestInputs(this.#files, this.#reading),
      outputs,
      fingerprint,
    };
  }

  #verdictsOf(row: TextRow, { path }: InputFile): (ReplyVerdict | NeedsRun)[] | RejectedLine {
    const place = { file: path, row: row.row };
    if ("fault" in row) return { ...place, reason: row.fault, message: "The row cannot be read." };
    let replies: ReturnType<typeof repliesOf>;
    try {
      replies = repliesOf(JSON.parse(row.text));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return { ...place, reason: "malformed-json", message: `The row is no JSON: ${error.message}` };
    }
    if (typeof replies === "string") return { ...place, reason: "no-answer-row", message: `As an answer ${replies}.` };
    const { id } = replies;
    const scorer = this.#questions.scorer(id);
    return replies.replies.map((reply, sample) => scorer?.score(reply, sample) ?? unknownQuestion(id, sample));
  }

  async #step(
    target: ByteTarget | undefined,
    found: readonly (ReplyVerdict | NeedsRun)[],
    rejected: RejectedLine[],
  ): Promise<Step> {
    const waiting = found.filter(needsRun);
    const ended = waiting.length === 0 ? [] : await this.#trials.run(waiting.map(({ program }) => program));
    const settled = waiting.map((one, i) => one.settle(ended[i] ?? null))[Symbol.iterator]();
    const statuses: Record<string, number> = {};
    let text = "";
    for (const one of found) {
      const verdict = needsRun(one) ? (settled.next().value as ReplyVerdict) : one;
      statuses[verdict.reason] = (statuses[verdict.reason] ?? 0) + 1;
      text += `${JSON.stringify(verdict)}\n`;
    }
    await target?.append(Buffer.from(text));
    const { tiers } = NOTHING_READ;
    return {
      programs: found.length,
      rows: [found.length],
      statuses,
      tiers,
      rejected,
      sourceRejected: rejected.length,
    };
  }
}

/** Throws UsageError for a file that is damaged, or no array where it begins as one. */
async function* readable(file: InputFile, progress: ReadProgress): AsyncGenerator<readonly TextRow[], void, undefined> {
  try {
    yield* rowBatches(file, { progress });
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof CorruptFileError)) throw error;
    throw new UsageError("bad-input", `${file.path} is damaged: ${error.message}`, { cause: error });
  }
}
