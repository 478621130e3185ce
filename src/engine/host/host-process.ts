import { EngineError } from "../../base/errors.ts";
import type { TraceOptions } from "../../base/schema/options.ts";
import type { Program } from "../../base/schema/program.ts";
import type { Sandbox } from "../../base/schema/sandbox.ts";
import type { Tier } from "../../base/schema/tiers.ts";
import { crashRecord } from "./finished-record.ts";
import { FRAME } from "./frames.ts";
import { type ConnectionEnd, HostConnection } from "./host-connection.ts";
import { decodeRecords, encodeBatch, type HostFiles } from "./host-messages.ts";
import type { ProgramRunner, RecordSink } from "./runner.ts";
import { protocolError } from "./wire.ts";

/** A program that takes its tracer process down so often is given up. */
const MOST_DEATHS = 2;
/** Starts in a row that may fail without the process saying why. */
const MOST_SILENT_STARTS = 3;
/** Twice this, and the numbers around it, fit the tracer process's input area. */
const MOST_PROGRAM_BYTES = 128 * 1024 * 1024;

/** One call of run(). */
interface Job {
  programs: readonly Program[];
  sink: RecordSink;
  /** The records of programs that are not run. */
  refused: (Uint8Array | undefined)[];
  /** Programs whose record the sink has. */
  taken: number;
  /** Programs that have to be run for it still. */
  missing: number;
  /** Per program: how often the tracer process ended while the program was among those it worked on. */
  deaths: Uint8Array;
  /** Nobody waits for it any more. */
  settled: boolean;
  resolve(): void;
  reject(error: unknown): void;
}

/** What was, or has to be, sent as one batch. */
interface Submission {
  sequence: number;
  job: Job;
  /** Indices in the job, in order; the first `answered` have their record. */
  items: number[];
  answered: number;
}

/**
 * Runs programs in a tracer process, which it starts at once and again whenever it ends; what was not answered is sent
 * again. Must be used on one thread, whose end ends the process.
 */
export class HostProcess implements ProgramRunner {
  /** Of the first tracer process that started; rejects when none does. */
  readonly sandbox: Promise<Sandbox>;
  #startsWith: (sandbox: Sandbox) => void = () => {};
  #startFails: (error: unknown) => void = () => {};
  /** `sandbox` is settled. */
  #tried = false;
  readonly #options: TraceOptions;
  readonly #files: HostFiles;
  readonly #pythonMinor: number;
  #connection: HostConnection | null = null;
  /** In the order in which they were sent. */
  #submissions: Submission[] = [];
  #sequence = 0;
  #silentStarts = 0;
  #killedByUs = false;
  #disposed = false;

  constructor(options: TraceOptions, files: HostFiles, pythonMinor: number) {
    this.#options = options;
    this.#files = files;
    this.#pythonMinor = pythonMinor;
    this.sandbox = new Promise((resolve, reject) => {
      this.#startsWith = resolve;
      this.#startFails = reject;
    });
    // Whoever runs programs hears of it as well.
    this.sandbox.catch(() => {});
    this.#connect();
  }

  /** Of the tracer process; undefined while there is none. */
  get pid(): number | undefined {
    return this.#connection?.pid;
  }

  run(programs: readonly Program[], sink: RecordSink, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      if (this.#disposed) throw new EngineError("closed", "the tracer was closed");
      const onAbort = (): void => this.#abort(job, signal?.reason);
      const job: Job = {
        programs,
        sink,
        refused: programs.map((program) => this.#refuse(program)),
        taken: 0,
        missing: 0,
        deaths: new Uint8Array(programs.length),
        settled: false,
        resolve: () => {
          signal?.removeEventListener("abort", onAbort);
          job.settled = true;
          resolve();
        },
        reject: (error) => {
          signal?.removeEventListener("abort", onAbort);
          job.settled = true;
          reject(error);
        },
      };
      signal?.addEventListener("abort", onAbort);
      const items = [...programs.keys()].filter((item) => job.refused[item] === undefined);
      job.missing = items.length;
      if (items.length === 0) finish(job);
      else this.#submit(job, items);
    });
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    const error = new EngineError("closed", "the tracer was closed");
    this.#startFails(error);
    for (const { job } of this.#submissions) if (!job.settled) job.reject(error);
    this.#submissions = [];
    await this.#connection?.close();
  }

  /** The record of a program that is too large to be sent. */
  #refuse({ code, stdin, entry, argv }: Program): Uint8Array | undefined {
    let bytes = 0;
    for (const text of [code, stdin, entry, ...(argv ?? [])]) bytes += text ? Buffer.byteLength(text) : 0;
    if (bytes <= MOST_PROGRAM_BYTES) return undefined;
    return crashRecord(this.#pythonMinor, `not run: ${bytes} bytes of source and input, at most ${MOST_PROGRAM_BYTES}`);
  }

  #submit(job: Job, items: number[]): void {
    const submission: Submission = { sequence: this.#sequence++, job, items, answered: 0 };
    this.#submissions.push(submission);
    if (this.#connection === null) this.#connect();
    else this.#send(submission);
  }

  /** Sends everything that is outstanding, too. */
  #connect(): void {
    const connection: HostConnection = new HostConnection(this.#options, this.#files, {
      onReady: ({ sandbox }) => {
        this.#silentStarts = 0;
        this.#tried = true;
        this.#startsWith(sandbox);
      },
      onRecords: (payload) => this.#receive(payload),
      onEnd: (end) => this.#ended(end),
    });
    this.#connection = connection;
    for (const submission of this.#submissions) this.#send(submission);
  }

  #send({ sequence, job, items }: Submission): void {
    const programs = items.map((item) => job.programs[item] as Program);
    this.#connection?.send(FRAME.batch, encodeBatch(sequence, programs));
  }

  #receive(payload: Uint8Array): void {
    const { sequence, first, records, tiers } = decodeRecords(payload);
    const submission = this.#submissions[0];
    if (submission === undefined || submission.sequence !== sequence) {
      throw protocolError(`records of batch ${sequence} came where others were due`);
    }
    const { job, items, answered } = submission;
    if (first !== answered || records.length > items.length - first) {
      throw protocolError(`records ${first} to ${first + records.length} came out of turn`);
    }
    for (const [i, record] of records.entries()) {
      give(job, items[submission.answered++] as number, record, tiers[i] ?? null);
    }
    if (submission.answered === items.length) this.#submissions.shift();
  }

  #abort(job: Job, reason: unknown): void {
    job.reject(reason);
    // The batch may be running: a program is stopped by ending its process.
    this.#killedByUs = true;
    this.#connection?.kill();
  }

  #ended(end: ConnectionEnd): void {
    this.#connection = null;
    if (this.#disposed) return;
    const blameless = this.#killedByUs;
    this.#killedByUs = false;
    if (!end.ready && !blameless && (end.failure !== null || ++this.#silentStarts >= MOST_SILENT_STARTS)) {
      this.#silentStarts = 0;
      this.#fail(end);
      return;
    }
    const [running, ...waiting] = this.#submissions.filter(({ job }) => !job.settled);
    this.#submissions = running === undefined ? [] : [...this.#split(running, end, blameless), ...waiting];
    for (const submission of this.#submissions) submission.sequence = this.#sequence++;
    // Whoever waits for the sandbox has to be told something.
    if (this.#submissions.length > 0 || !this.#tried) this.#connect();
  }

  /**
   * What is left of the batch that was worked on, one program at a time, so that the next death has one culprit; a
   * program that was alone and had its chances gets its record here.
   */
  #split({ job, items, answered }: Submission, end: ConnectionEnd, blameless: boolean): Submission[] {
    const left = items.slice(answered);
    if (!blameless && end.ready) for (const item of left) job.deaths[item] = (job.deaths[item] as number) + 1;
    const [only] = left;
    if (left.length === 1 && only !== undefined && (job.deaths[only] as number) >= MOST_DEATHS) {
      give(job, only, crashRecord(this.#pythonMinor, "took its tracer process down"), null);
      return [];
    }
    return left.map((item) => ({ sequence: 0, job, items: [item], answered: 0 }));
  }

  #fail({ failure, description }: ConnectionEnd): void {
    const error = new EngineError("host-start", `the tracer process did not start: ${failure ?? description}`);
    this.#tried = true;
    this.#startFails(error);
    for (const { job } of this.#submissions) if (!job.settled) job.reject(error);
    this.#submissions = [];
  }
}

/** Hands on the record of a program, after those of programs before it that were not run. */
function give(job: Job, item: number, record: Uint8Array, tier: Tier | null): void {
  use(job, (sink) => {
    for (; job.taken < item; job.taken++) sink.add(job.refused[job.taken] as Uint8Array, null);
    sink.add(record, tier);
    job.taken++;
  });
  job.missing -= 1;
  if (job.missing === 0) finish(job);
}

function finish(job: Job): void {
  use(job, (sink) => {
    for (; job.taken < job.programs.length; job.taken++) sink.add(job.refused[job.taken] as Uint8Array, null);
    job.resolve();
  });
}

/** What a sink throws is its job's failure, not the tracer process's. */
function use(job: Job, work: (sink: RecordSink) => void): void {
  if (job.settled) return;
  try {
    work(job.sink);
  } catch (error) {
    job.reject(error);
  }
}
