// Single programs of many callers, in batches of them all: a batch costs a turn of every process, whatever is in it.
import type { Program } from "../../base/schema/program.ts";

/** Programs of a batch, so that nobody waits long for the programs of others. */
const MOST_TOGETHER = 64;

/** Runs programs together; what it rejects with is the fate of all of them. */
export type RunTogether<T> = (programs: readonly Program[], signal: AbortSignal) => Promise<T[]>;

interface Caller<T> {
  readonly program: Program;
  resolve(trace: T): void;
  reject(reason: unknown): void;
  /** Nobody waits for it any more. */
  left: boolean;
}

export class SingleRuns<T> {
  readonly #run: RunTogether<T>;
  readonly #atOnce: number;
  readonly #batches: Set<{ readonly callers: readonly Caller<T>[]; readonly stop: AbortController }> = new Set();
  #waiting: Caller<T>[] = [];
  #scheduled = false;

  /** `atOnce`: batches that run at the same time. */
  constructor(run: RunTogether<T>, atOnce: number) {
    this.#run = run;
    this.#atOnce = atOnce;
  }

  /** Rejects with the signal's reason as soon as it aborts; the programs of other callers go on. */
  async trace(program: Program, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    let leave = (): void => {};
    try {
      return await new Promise<T>((resolve, reject) => {
        const caller: Caller<T> = { program, resolve, reject, left: false };
        leave = (): void => {
          caller.left = true;
          this.#onLeave();
          reject(signal?.reason);
        };
        signal?.addEventListener("abort", leave, { once: true });
        this.#waiting.push(caller);
        this.#schedule();
      });
    } finally {
      signal?.removeEventListener("abort", leave);
    }
  }

  /** Those that are called in one turn of the event loop go together. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#start();
    });
  }

  #start(): void {
    this.#waiting = this.#waiting.filter(({ left }) => !left);
    while (this.#waiting.length > 0 && this.#batches.size < this.#atOnce) {
      const share = Math.ceil(this.#waiting.length / (this.#atOnce - this.#batches.size));
      void this.#together(this.#waiting.splice(0, Math.min(share, MOST_TOGETHER)));
    }
  }

  /** A batch that nobody waits for is stopped. */
  #onLeave(): void {
    for (const { callers, stop } of this.#batches) if (callers.every(({ left }) => left)) stop.abort();
  }

  async #together(callers: readonly Caller<T>[]): Promise<void> {
    const batch = { callers, stop: new AbortController() };
    this.#batches.add(batch);
    try {
      const programs = callers.map(({ program }) => program);
      const traces = await this.#run(programs, batch.stop.signal);
      for (const [i, caller] of callers.entries()) caller.resolve(traces[i] as T);
    } catch (error) {
      for (const caller of callers) caller.reject(error);
    } finally {
      this.#batches.delete(batch);
      this.#start();
    }
  }
}
