import { setTimeout as sleep } from "node:timers/promises";
import { EngineError } from "../../base/errors.ts";
import { type Program, type ProgramInput, programSchema } from "../../base/schema/program.ts";
import { type BatchSize, PROGRAMS_OF_ONE_SOURCE } from "./batch-size.ts";

/** Of a batch, where a source that comes again at once counts once: it is sent and compiled once. */
const MOST_CHARS = 256 * 1024;
/** Of a batch with every source counted: a worker thread gets them all. */
const MOST_CHARS_OF_ALL = 16 * MOST_CHARS;
/** How long programs wait for company when the input is slow. */
const WAIT_MS = 5;

export interface ProgramBatch {
  /** In the input, of the first program. */
  first: number;
  programs: readonly Program[];
  /** Programs that have another source than the one before. */
  sources: number;
}

export type Programs = Iterable<ProgramInput> | AsyncIterable<ProgramInput>;

/**
 * Cuts the input into batches. One more batch is pulled than is asked for, where the input has it at hand: towards its
 * end batches get smaller, for which the end must be seen coming.
 */
export async function* batches(input: Programs, size: BatchSize): AsyncGenerator<ProgramBatch, void, undefined> {
  const pulled = new Lookahead(iterate(input));
  let first = 0;
  try {
    for (;;) {
      const most = size.next();
      await pulled.fill(most);
      const wanted = pulled.ended ? size.nextOf(pulled.length, most) : most;
      // What is left may have to be shared: then a source is rather compiled twice.
      const programs = pulled.take(pulled.ended && size.shares ? wanted : pulled.toSourceEnd(wanted));
      if (programs.length === 0) return pulled.throwFailure();
      const sources = programs.filter(({ code }, i) => code !== programs[i - 1]?.code).length;
      yield { first, programs, sources };
      first += programs.length;
    }
  } finally {
    pulled.close();
  }
}

/** What was pulled and is in no batch yet. */
class Lookahead {
  readonly #source: AsyncIterator<ProgramInput>;
  readonly #programs: Program[] = [];
  #size = new BatchChars();
  #pulling: Promise<IteratorResult<ProgramInput>> | null = null;
  readonly #loop: EventLoop = new EventLoop();
  #count = 0;
  #ended = false;
  #failure: { error: unknown } | null = null;

  constructor(source: AsyncIterator<ProgramInput>) {
    this.#source = source;
  }

  get length(): number {
    return this.#programs.length;
  }

  /** No more is to come. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Waits for one program, a moment for as many as a batch has, and not at all for those after it. */
  async fill(batch: number): Promise<void> {
    const most = 2 * Math.max(batch, PROGRAMS_OF_ONE_SOURCE);
    while (!this.#ended && this.length < most && !this.#size.fullTwice) {
      const enough = this.length >= batch || this.#size.full;
      if (!(await this.#pull(this.length === 0 ? Number.POSITIVE_INFINITY : enough ? 0 : WAIT_MS))) return;
    }
  }

  /** So many, or a few more where the last one's source has further inputs. */
  toSourceEnd(count: number): number {
    const programs = this.#programs;
    let end = count;
    while (end < PROGRAMS_OF_ONE_SOURCE && programs[end] && programs[end]?.code === programs[end - 1]?.code) end++;
    return end;
  }

  /** Up to so many, and not more than a batch holds. */
  take(most: number): Program[] {
    const size = new BatchChars();
    let count = 0;
    for (; count < Math.min(most, this.length) && !size.full; count++) size.add(this.#programs[count] as Program);
    const taken = this.#programs.splice(0, count);
    this.#size = new BatchChars();
    for (const program of this.#programs) this.#size.add(program);
    return taken;
  }

  /** An error of the source, or a program that is none: after all that came before it. */
  throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }

  /** Whoever stops reading early ends the source too, without waiting for a pull that may never come back. */
  close(): void {
    this.#pulling?.catch(() => {});
    this.#source.return?.()?.catch(() => {});
  }

  /** False when nothing came in time; the promise stays to be awaited. */
  async #pull(milliseconds: number): Promise<boolean> {
    try {
      this.#pulling ??= this.#source.next();
      const result = await this.#within(this.#pulling, milliseconds);
      if (result === null) return false;
      this.#pulling = null;
      if (result.done) {
        this.#ended = true;
      } else {
        const program = checkProgram(result.value, this.#count++);
        this.#programs.push(program);
        this.#size.add(program);
      }
    } catch (error) {
      this.#failure = { error };
      this.#ended = true;
    }
    return true;
  }

  /** What comes in time, else null. */
  async #within<T>(promise: Promise<T>, milliseconds: number): Promise<T | null> {
    if (milliseconds === Number.POSITIVE_INFINITY) return promise;
    // Nearly always the input has it in memory; a timer for each program would cost more than all else here.
    if (await this.#loop.settlesInThisTurn(promise)) return promise;
    if (milliseconds === 0) return null;
    const patience = new AbortController();
    const late = sleep(milliseconds, null, { signal: patience.signal }).catch(() => null);
    try {
      return await Promise.race([promise, late]);
    } finally {
      patience.abort();
    }
  }
}

/** Tells what happens before the event loop turns: one callback for all questions of a turn. */
class EventLoop {
  #isTurning = false;
  #turned: () => void = () => {};

  /** Whether the promise is settled before timers and input have their turn. One question at a time. */
  settlesInThisTurn(promise: Promise<unknown>): Promise<boolean> {
    return new Promise((resolve) => {
      const settled = (): void => resolve(true);
      promise.then(settled, settled);
      this.#turned = (): void => resolve(false);
      if (this.#isTurning) return;
      this.#isTurning = true;
      setImmediate(() => {
        this.#isTurning = false;
        this.#turned();
      });
    });
  }
}

/** Of programs in a row. */
class BatchChars {
  #last = "";
  #distinct = 0;
  #all = 0;

  add({ code, stdin, expected }: Program): void {
    const others = (stdin?.length ?? 0) + (expected?.length ?? 0);
    this.#distinct += (code === this.#last ? 0 : code.length) + others;
    this.#all += code.length + others;
    this.#last = code;
  }

  get full(): boolean {
    return this.#holds(1);
  }

  get fullTwice(): boolean {
    return this.#holds(2);
  }

  #holds(batches: number): boolean {
    return this.#distinct >= batches * MOST_CHARS || this.#all >= batches * MOST_CHARS_OF_ALL;
  }
}

function iterate(input: Programs): AsyncIterator<ProgramInput> {
  if (Symbol.asyncIterator in input) return input[Symbol.asyncIterator]();
  const iterator = input[Symbol.iterator]();
  return {
    next: async () => iterator.next(),
    return: async () => iterator.return?.() ?? { done: true, value: undefined },
  };
}

/** Throws EngineError; `index` counts the programs of an input. */
export function checkProgram(input: ProgramInput, index?: number): Program {
  const result = programSchema.safeParse(input);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "" : ` at ${issue.path.join(".")}`;
  throw new EngineError(
    "bad-program",
    `${index === undefined ? "the program" : `program ${index}`} is none: ${issue?.message ?? "not an object"}${where}`,
  );
}
