import { setTimeout as sleep } from "node:timers/promises";
import { EngineError } from "../errors.ts";
import { type Program, type ProgramInput, programSchema } from "../schema/program.ts";
import type { BatchSize } from "./batch-size.ts";

const MOST_CHARS = 256 * 1024;
/** How long programs wait for company when the input is slow. */
const WAIT_MS = 5;
/** Turns of the microtask queue that an input takes which has its next program in memory. */
const PROMPT_TURNS = 64;

export interface ProgramBatch {
  /** In the input, of the first program. */
  first: number;
  programs: Program[];
}

export type Programs = Iterable<ProgramInput> | AsyncIterable<ProgramInput>;

/** Cuts the input into batches; what it holds is pulled no further than the batch that is asked for. */
export async function* batches(input: Programs, size: BatchSize): AsyncGenerator<ProgramBatch, void, undefined> {
  const source = iterate(input);
  let pulled: Promise<IteratorResult<ProgramInput>> | null = null;
  let first = 0;
  try {
    for (;;) {
      const most = size.next();
      const programs: Program[] = [];
      let ended = false;
      for (let chars = 0; programs.length < most && chars < MOST_CHARS; ) {
        pulled ??= source.next();
        const result = programs.length === 0 ? await pulled : await soon(pulled);
        if (result === null) break;
        pulled = null;
        if (result.done) {
          ended = true;
          break;
        }
        const program = check(result.value, first + programs.length);
        programs.push(program);
        chars += program.code.length + (program.stdin?.length ?? 0) + (program.expected?.length ?? 0);
      }
      if (programs.length > 0) yield { first, programs };
      first += programs.length;
      if (ended) return;
    }
  } finally {
    // Whoever stops reading early ends the source too, without waiting for a pull that may never come back.
    pulled?.catch(() => {});
    source.return?.()?.catch(() => {});
  }
}

/** What comes within a moment, else null; the promise stays to be awaited. */
async function soon<T>(promise: Promise<T>): Promise<T | null> {
  // Nearly always the input has it in memory; a timer for each program would cost more than all else here.
  let settled = false;
  const settle = (): void => {
    settled = true;
  };
  promise.then(settle, settle);
  for (let turn = 0; turn < PROMPT_TURNS && !settled; turn++) await null;
  if (settled) return promise;
  const patience = new AbortController();
  const late = sleep(WAIT_MS, null, { signal: patience.signal }).catch(() => null);
  try {
    return await Promise.race([promise, late]);
  } finally {
    patience.abort();
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

function check(input: ProgramInput, index: number): Program {
  const result = programSchema.safeParse(input);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "" : ` at ${issue.path.join(".")}`;
  throw new EngineError("BAD_PROGRAM", `program ${index} is none: ${issue?.message ?? "not an object"}${where}`);
}
