// The run under every verb that works through rows: items in, rows out in their order, into one output or several.

import { UsageError } from "../base/errors.ts";
import type { Manifest, ManifestFile, RunCounts } from "../base/schema/manifest.ts";
import { noTiers } from "../base/schema/tiers.ts";
import type { BlockPlace } from "../record/store/container-format.ts";
import { type Claim, type ClaimRequest, claim } from "./claim.ts";
import { addBatch, type BatchCounts, noCounts } from "./counts.ts";
import { fingerprint, type Identity } from "./identity.ts";
import type { JobNames } from "./job-names.ts";
import type { Checkpoint, JournalContent } from "./journal.ts";
import { discard, findUnfinished, OutputFiles, publish, refuseOther } from "./output-files.ts";
import type { RejectedLine } from "./rejected-line.ts";
import type { ByteTarget } from "./row-writer.ts";

/** What a verb does. */
export interface Work {
  readonly identity: Identity;
  /**
   * Appends rows to the outputs, and yields after every batch, whose rows are then taken as written. It goes on behind
   * what `start` counts, and may be ended at any yield.
   */
  steps(outputs: readonly ByteTarget[], start: Start): AsyncIterable<Step>;
  /** Of the finished job. */
  manifest(end: JobEnd): Manifest | Promise<Manifest>;
}

/** How far an earlier job of the same identity came. */
export interface Start {
  readonly programs: number;
  /** Rows of the input that no program was made of. */
  readonly sourceRejected: number;
  /** Of each output: where its blocks of rows begin, and how many rows each has. */
  readonly blocks: readonly (readonly BlockPlace[])[];
}

/** A batch that was written. */
export interface Step extends Omit<BatchCounts, "rendered" | "reasons"> {
  /** Rows that it added to each output. */
  readonly rows: readonly number[];
  readonly rejected: readonly RejectedLine[];
  /** How many of the rejected rows no program was made of. */
  readonly sourceRejected: number;
}

/** A step without an item: what is written before the first row, so that rows are known to begin behind it, or at the end. */
export const NOTHING_READ: Step = {
  programs: 0,
  rows: [0],
  statuses: {},
  tiers: noTiers(),
  rejected: [],
  sourceRejected: 0,
};

export interface JobEnd {
  readonly counts: RunCounts;
  /** The outputs in their order, then the rejected rows. */
  readonly outputs: ManifestFile[];
  readonly fingerprint: string;
}

/** Where rows go when there are no files; nothing can be gone on with then. */
export interface StreamOutput {
  readonly target: ByteTarget;
  reject(line: RejectedLine): Promise<void>;
}

export interface JobControl {
  /** Stops the job with everything written so far intact. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((counts: RunCounts) => void) | undefined;
}

export interface JobResult {
  /** `finished`: every row is accounted for. `unchanged`: an earlier job had finished already. */
  state: "finished" | "unchanged" | "interrupted";
  counts: RunCounts;
  /** Of finished jobs that wrote files. */
  manifest: Manifest | null;
  /** Programs that an earlier job had done. */
  resumed: number;
}

/** The job, prepared and done; `interrupted` where the signal ended it before there was anything to stop. */
export async function stoppable(signal: AbortSignal | undefined, job: () => Promise<JobResult>): Promise<JobResult> {
  try {
    return await job();
  } catch (error) {
    if (!signal?.aborted) throw error;
    return { state: "interrupted", counts: noCounts(), manifest: null, resumed: 0 };
  }
}

/** What a verb is told of where its rows go. */
export interface PlaceRequest extends Omit<ClaimRequest, "outputs" | "inputs"> {
  /** A path, or where bytes and rejected rows go when there is no file. */
  readonly output: string | StreamOutput;
}

/** Throws UsageError where a file would be lost. `inputs` are all files that are read. */
export async function claimPlace(
  { output, resume, force }: PlaceRequest,
  inputs: readonly string[],
): Promise<Claim | StreamOutput> {
  return typeof output === "string" ? await claim({ outputs: [output], inputs, resume, force }) : output;
}

/** Does the work, into files or without them. */
export function doJob(place: Claim | StreamOutput, work: Work, control: JobControl): Promise<JobResult> {
  return "target" in place ? streamJob(place, work, control) : runJob(place, work, control);
}

/** Does the work once, whatever happens to the process: what was written is gone on with, never written twice. */
async function runJob(claim: Claim, work: Work, control: JobControl): Promise<JobResult> {
  const { names, resume } = claim;
  const left = resume ? await findUnfinished(names) : null;
  if (left !== null) refuseOther(names.outputs[0] as string, left.identity, work.identity);
  else if (claim.finished !== null) {
    const same = claim.finished.fingerprint === fingerprint(work.identity);
    if (same && resume) return resultOf("unchanged", claim.finished);
    if (!same && !claim.force) throw otherRun(names);
  }
  if (left?.manifest) {
    await publish(names, left.manifest);
    return resultOf("finished", left.manifest);
  }
  return await write(names, work, left, control);
}

/** The same work without files. */
async function streamJob({ target, reject }: StreamOutput, work: Work, control: JobControl): Promise<JobResult> {
  const counts = noCounts();
  const ended = await follow(work, [target], NOTHING_DONE, counts, control, async (step) => {
    for (const line of step.rejected) await reject(line);
  });
  return { state: ended ? "finished" : "interrupted", counts, manifest: null, resumed: 0 };
}

const NOTHING_DONE: Start = { programs: 0, sourceRejected: 0, blocks: [] };

async function write(
  names: JobNames,
  work: Work,
  left: JournalContent | null,
  control: JobControl,
): Promise<JobResult> {
  const last = left?.last ?? null;
  const counts = last === null ? noCounts() : structuredClone(last.counts);
  const resumed = counts.programs;
  let manifest: Manifest | null = null;
  try {
    await using files =
      last === null ? await OutputFiles.create(names, work.identity) : await OutputFiles.reopen(names, last);
    const journal = new Written(files, counts, last);
    await files.journal.checkpoint(journal.checkpoint());
    const start = last === null ? NOTHING_DONE : { ...journal.done(), blocks: left?.blocks ?? [] };
    const ended = await follow(work, files.outputs, start, counts, control, async (step) => {
      await files.rejected.append(step.rejected.map((line) => `${JSON.stringify(line)}\n`).join(""));
      journal.add(step);
      await files.journal.checkpoint(journal.checkpoint());
    });
    if (!ended) return { state: "interrupted", counts, manifest, resumed };
    manifest = await work.manifest({ counts, outputs: await files.seal(), fingerprint: fingerprint(work.identity) });
    await files.journal.finish(manifest);
  } catch (error) {
    // Nothing to resume: the next try should not have to say what to do with it.
    if (last === null && counts.programs === 0) await discard(names).catch(() => {});
    throw error;
  }
  await publish(names, manifest);
  return { state: "finished", counts, manifest, resumed };
}

/** What stands in the files, to be noted in the journal. */
class Written {
  readonly #files: OutputFiles;
  readonly #counts: RunCounts;
  readonly #rows: number[];
  #sourceRejected: number;

  constructor(files: OutputFiles, counts: RunCounts, last: Checkpoint | null) {
    this.#files = files;
    this.#counts = counts;
    this.#rows = files.outputs.map((_, i) => last?.outputs[i]?.rows ?? 0);
    this.#sourceRejected = last?.sourceRejected ?? 0;
  }

  add({ rows, sourceRejected }: Step): void {
    for (const [i, added] of rows.entries()) this.#rows[i] = (this.#rows[i] ?? 0) + added;
    this.#sourceRejected += sourceRejected;
  }

  done(): { programs: number; sourceRejected: number } {
    return { programs: this.#counts.programs, sourceRejected: this.#sourceRejected };
  }

  checkpoint(): Checkpoint {
    return {
      counts: this.#counts,
      sourceRejected: this.#sourceRejected,
      outputs: this.#files.outputs.map(({ written }, i) => ({ ...written, rows: this.#rows[i] as number })),
      rejected: this.#files.rejected.written,
    };
  }
}

/** False when the job was stopped. `settle` is awaited after every batch, before the next. */
async function follow(
  work: Work,
  outputs: readonly ByteTarget[],
  start: Start,
  counts: RunCounts,
  { signal, onProgress }: JobControl,
  settle: (step: Step) => Promise<void>,
): Promise<boolean> {
  try {
    for await (const step of work.steps(outputs, start)) {
      addBatch(counts, { ...step, rendered: step.rows[0] ?? 0, reasons: step.rejected.map(({ reason }) => reason) });
      await settle(step);
      onProgress?.(counts);
      if (signal?.aborted) return false;
    }
  } catch (error) {
    if (signal?.aborted) return false;
    throw error;
  }
  return !signal?.aborted;
}

function resultOf(state: "finished" | "unchanged", manifest: Manifest): JobResult {
  return { state, counts: manifest.counts, manifest, resumed: manifest.counts.programs };
}

function otherRun({ outputs }: JobNames): UsageError {
  const why = `${outputs[0]} is complete and was made by another run (other inputs, options or versions)`;
  return new UsageError("other-run", `${why}. Name another output with -o, or replace it by --force.`);
}
