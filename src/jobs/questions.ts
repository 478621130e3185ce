// Questions about runs: of stored records, or of programs that are traced first.

import { stat } from "node:fs/promises";
import { zstdCodec } from "../base/addon/codec.ts";
import { UsageError } from "../base/errors.ts";
import { hashFile, hashText } from "../base/io/hash.ts";
import type { Manifest, RunCounts } from "../base/schema/manifest.ts";
import { noTiers } from "../base/schema/tiers.ts";
import { openTracer, type Tracer, type TracerOptions } from "../engine/tracer.ts";
import type { ReadProgress } from "../programs/sources/file-rows.ts";
import { findInputs } from "../programs/sources/inputs.ts";
import { readFiles } from "../programs/sources/read.ts";
import { RecordFileReader } from "../record/store/container.ts";
import { Trace } from "../record/trace/trace.ts";
import { type AskedRun, askAll } from "../views/questions/asker.ts";
import type { QuestionRequest } from "../views/questions/request.ts";
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
import { ProgramFeed } from "./program-feed.ts";
import { openRecords } from "./render.ts";
import type { ByteTarget } from "./row-writer.ts";
import { toolVersion } from "./tool-version.ts";

/** What is written, where others name a format. */
const FORMAT = "questions";
/** Programs whose questions are written together. */
const WINDOW = 32;

export interface QuestionsRequest {
  /** One record file, or files and folders of programs. */
  inputs: readonly string[];
  /** A path, or where bytes and rejected rows go when there is no file (nothing is resumable then). */
  output: string | StreamOutput;
  questions: QuestionRequest;
  source?: string | undefined;
  limit?: number | undefined;
  /** Go on with what an interrupted run of the same request left; start when nothing was left. */
  resume?: boolean;
  /** Replace what another run wrote, and throw away what an interrupted one left. */
  force?: boolean;
  tracer?: TracerOptions;
  signal?: AbortSignal;
  onProgress?: (progress: Extent & { counts: RunCounts }) => void;
}

/** Writes the questions of every program, in order; of what nothing can be asked the rejected rows say why. */
export function runQuestions(request: QuestionsRequest): Promise<JobResult> {
  return stoppable(request.signal, () => questions(request));
}

async function questions(request: QuestionsRequest): Promise<JobResult> {
  const { inputs, signal } = request;
  const records = inputs.filter((path) => path.endsWith(".tmr"));
  if (records.length === 0) return await fromPrograms(request);
  const [path] = records;
  if (path === undefined || inputs.length > 1) {
    throw new UsageError("bad-input", "Questions are made of one record file, or of programs; give them one by one.");
  }
  await using bytes = await openRecords(path);
  const reader = await RecordFileReader.open(bytes, zstdCodec());
  const place = await claimPlace(request, inputs);
  const { mtimeMs } = await stat(path);
  const identity = identityOf(request, [inputIdentity({ path, bytes: bytes.byteLength, modified: mtimeMs })], null);
  const work = new Asking(identity, request, {
    feed: (start) => ({ runs: storedRuns(reader, start), settle: unplaced }),
    inputs: async () => [{ path, ...(await hashFile(path)) }],
    python: null,
  });
  const total = reader.rowCount;
  const onProgress = (counts: RunCounts) =>
    request.onProgress?.({ counts, done: counts.programs, total: total ?? counts.programs });
  // Awaited here: the file closes when this function returns.
  return await doJob(place, work, { signal, onProgress });
}

async function fromPrograms(request: QuestionsRequest): Promise<JobResult> {
  const { signal, source, limit } = request;
  const files = await findInputs(request.inputs);
  const place = await claimPlace(
    request,
    files.map(({ path }) => path),
  );
  await using tracer = await openTracer({ ...request.tracer, ...(signal && { signal }) });
  const reading: ReadProgress = { files: [] };
  const identity = identityOf(request, files.map(inputIdentity), tracer.python.version);
  const work = new Asking(identity, request, {
    feed: (start) => {
      const options = { progress: reading, ...(source && { source }), ...(limit && { limit }) };
      const feed = new ProgramFeed(readFiles(files, options), start);
      return { runs: tracedRuns(tracer, feed), settle: (consumed, rejected) => feed.settle(consumed, rejected) };
    },
    inputs: async () => manifestInputs(files, reading),
    python: tracer.python.version,
  });
  const onProgress = (counts: RunCounts) => request.onProgress?.({ counts, ...readSoFar(files, reading) });
  // Awaited here: the tracer closes when this function returns.
  return await doJob(place, work, { signal, onProgress });
}

async function* storedRuns(reader: RecordFileReader, start: Start): AsyncGenerator<AskedRun> {
  for await (const { program, record } of reader.rows(start.programs)) yield { program, trace: new Trace(record) };
}

async function* tracedRuns(tracer: Tracer, feed: ProgramFeed): AsyncGenerator<AskedRun> {
  for await (const trace of tracer.run(feed.programs())) yield { program: trace.program, trace };
}

/** Stored records stand in no row of an input. */
function unplaced(_programs: number, refused: Refused): Settled {
  return { rejected: refused.map(({ id, reason, message }) => ({ id, reason, message })), sourceRejected: 0 };
}

type Refused = Parameters<ProgramFeed["settle"]>[1];
type Settled = Pick<Step, "rejected" | "sourceRejected">;

interface Runs {
  feed(start: Start): {
    readonly runs: AsyncIterable<AskedRun>;
    settle(programs: number, refused: Refused): Settled;
  };
  inputs(): Promise<Manifest["inputs"]>;
  readonly python: string | null;
}

class Asking implements Work {
  readonly identity: Identity;
  readonly #request: QuestionsRequest;
  readonly #material: Runs;

  constructor(identity: Identity, request: QuestionsRequest, material: Runs) {
    this.identity = identity;
    this.#request = request;
    this.#material = material;
  }

  async *steps([target]: readonly ByteTarget[], start: Start): AsyncGenerator<Step, void, undefined> {
    const { runs, settle } = this.#material.feed(start);
    let done = 0;
    let window: AskedRun[] = [];
    const write = async (): Promise<Step> => {
      const asked = askAll(window, this.#request.questions);
      const rows = asked.flatMap((one) => one.questions);
      await target?.append(Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join("")));
      const refused = asked.flatMap(({ id, refused }, i) => refused.map((one) => ({ index: done + i, id, ...one })));
      const statuses: Record<string, number> = {};
      for (const { trace } of window) statuses[trace.outcome.status] = (statuses[trace.outcome.status] ?? 0) + 1;
      const programs = window.length;
      done += programs;
      window = [];
      return { programs, rows: [rows.length], statuses, tiers: noTiers(), ...settle(programs, refused) };
    };
    // Always the same programs together, also when the job goes on: they are compared with each other.
    for await (const run of runs) {
      window.push(run);
      if (window.length === WINDOW) yield await write();
    }
    if (window.length > 0) yield await write();
    yield { ...NOTHING_READ, ...settle(0, []) };
  }

  async manifest({ counts, outputs, fingerprint }: JobEnd): Promise<Manifest> {
    const { source = null, limit = null, questions } = this.#request;
    return {
      manifest: 1,
      command: "questions",
      versions: { tracemill: toolVersion(), node: process.versions.node, python: this.#material.python },
      format: FORMAT,
      source,
      limit,
      shard: null,
      options: optionsOf(questions),
      render: null,
      sandbox: null,
      seeds: { random: questions.seed, hash: 0 },
      counts,
      inputs: await this.#material.inputs(),
      outputs,
      fingerprint,
    };
  }
}

function identityOf(request: QuestionsRequest, inputs: readonly Identity[], python: string | null): Identity {
  const { source = null, limit = null, questions } = request;
  return { tracemill: toolVersion(), python, format: FORMAT, ...optionsOf(questions), source, limit, inputs };
}

function optionsOf({ kinds, perProgram, seed, consistent, asks }: QuestionRequest): Identity {
  const asked = asks === null ? null : hashText(JSON.stringify([...asks]));
  return { kinds, perProgram, seed, consistent, asks: asked };
}
