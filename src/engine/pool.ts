import { randomUUID } from "node:crypto";
import { BroadcastChannel } from "node:worker_threads";
import { Piscina } from "piscina";
import { EngineError } from "../errors.ts";
import type { Sandbox } from "../schema/sandbox.ts";
import type {
  FromWorker,
  RecordsResult,
  RenderedResult,
  RunTask,
  SandboxResult,
  ToWorkers,
  WorkerAnswer,
  WorkerSetup,
  WorkerTask,
} from "./task.ts";
import { workerFile } from "./worker-file.ts";

/** One task renders while the other one's programs run. */
export const TASKS_PER_WORKER = 2;
/** For workers to end their tracer processes in good order; after it their threads are ended, and the processes die. */
const CLOSE_MS = 3_000;

/** The worker threads, each with its runner. */
export class Pool {
  readonly #piscina: Piscina<WorkerTask, WorkerAnswer>;
  readonly #channel: BroadcastChannel;
  /** Threads that opened their runner and have not closed it. */
  readonly #open: Set<number> = new Set();
  readonly #abortedRuns: Set<number> = new Set();
  #onAllClosed: (() => void) | null = null;
  #closing: Promise<void> | null = null;

  constructor(setup: Omit<WorkerSetup, "channel">, workers: number) {
    const channel = `tracemill-${randomUUID()}`;
    this.#channel = new BroadcastChannel(channel);
    this.#channel.onmessage = (event: unknown): void => this.#hear((event as { data: FromWorker }).data);
    // Only tasks keep the process alive.
    (this.#channel as unknown as { unref(): void }).unref();
    const workerData: WorkerSetup = { ...setup, channel };
    this.#piscina = new Piscina<WorkerTask, WorkerAnswer>({
      ...workerFile(),
      workerData,
      minThreads: workers,
      maxThreads: workers,
      concurrentTasksPerWorker: TASKS_PER_WORKER,
      atomics: "disabled",
      recordTiming: false,
    });
  }

  async run(task: Omit<RunTask, "kind">): Promise<RecordsResult | RenderedResult> {
    return (await this.#ask({ kind: "run", ...task })) as RecordsResult | RenderedResult;
  }

  /** What keeps programs in; null for nothing. Rejects when the tracer process does not start. */
  async sandbox(): Promise<Sandbox | null> {
    return ((await this.#ask({ kind: "sandbox" })) as SandboxResult).sandbox;
  }

  async #ask(task: WorkerTask): Promise<RecordsResult | RenderedResult | SandboxResult> {
    if (this.#closing !== null) throw closedError();
    const answer = await this.#piscina.run(task).catch((error: unknown) => {
      throw this.#closing === null ? error : closedError();
    });
    if (answer.kind === "failed") throw new EngineError(answer.code, answer.message);
    if (answer.kind === "aborted") throw new DOMException("This operation was aborted", "AbortError");
    return answer;
  }

  /** Ends what runs of one call of the tracer; its tasks reject. */
  abort(run: number): void {
    if (this.#closing !== null) return;
    this.#abortedRuns.add(run);
    this.#tell({ kind: "abort", run });
  }

  /** Ends everything; tasks that wait reject. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#closeRunners();
    await this.#piscina.destroy();
    this.#channel.close();
  }

  #closeRunners(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, CLOSE_MS);
      this.#onAllClosed = (): void => {
        clearTimeout(timer);
        resolve();
      };
      if (this.#open.size === 0) this.#onAllClosed();
      else this.#tell({ kind: "close" });
    });
  }

  #tell(message: ToWorkers): void {
    this.#channel.postMessage(message);
  }

  /** For a thread that opened after the others were told. */
  #repeat(): void {
    for (const run of this.#abortedRuns) this.#tell({ kind: "abort", run });
    if (this.#closing !== null) this.#tell({ kind: "close" });
  }

  #hear(message: FromWorker): void {
    if (message.kind === "closed") this.#open.delete(message.thread);
    else this.#open.add(message.thread);
    if (message.kind === "opened") this.#repeat();
    if (this.#open.size === 0) this.#onAllClosed?.();
  }
}

function closedError(): EngineError {
  return new EngineError("CLOSED", "the tracer was closed");
}
