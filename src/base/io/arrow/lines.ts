import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { CorruptFileError } from "../corrupt-file.ts";
import { moduleBeside } from "../module-beside.ts";

export interface ArrowLimits {
  /** Of the decoder's heap; the bytes of a batch are not in it. */
  heapMb: number;
  /** How long the decoder may take for the next rows. */
  silenceMs: number;
}

const LIMITS: ArrowLimits = { heapMb: 1_024, silenceMs: 60_000 };

/**
 * Rows of an Arrow stream or file as lines of JSON. They are decoded in a process of their own: damaged bytes can make the
 * decoder fill any heap or never end, and a full heap ends more than the thread that filled it. Throws CorruptFileError;
 * errors of the source stay what they are.
 */
export async function* arrowLines(
  chunks: AsyncIterable<Uint8Array>,
  limits: ArrowLimits = LIMITS,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { filename, execArgv } = moduleBeside(import.meta.url, "decoder");
  const flags = [...execArgv, `--max-old-space-size=${limits.heapMb}`];
  // In a process group of its own: Ctrl-C is the run's business. It ends with its input at the latest.
  const child = spawn(process.execPath, [...flags, filename], { detached: true, env: {}, stdio: "pipe" });
  const ended = once(child, "close") as Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  const said = text(child.stderr);
  let sourceFault: { readonly error: unknown } | null = null;
  const source = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield* chunks;
    } catch (error) {
      sourceFault = { error };
      throw error;
    }
  };
  // A decoder that found damage reads no further.
  const fed = pipeline(Readable.from(source()), child.stdin).catch(() => {});
  const watch = new SilenceWatch(child, limits.silenceMs);
  try {
    for await (const lines of watch.of(child.stdout)) yield lines;
    const [code, signal] = await ended;
    if (sourceFault !== null) throw (sourceFault as { error: unknown }).error;
    if (code === 0) return;
    if (watch.bitten) throw new CorruptFileError(`its decoding gave nothing for ${limits.silenceMs / 1_000} seconds`);
    if (code === 1) throw new CorruptFileError(await said);
    const how = signal === "SIGABRT" ? `took more than ${limits.heapMb} MB of memory` : `ended by ${signal ?? code}`;
    throw new CorruptFileError(`its decoding ${how}`);
  } finally {
    child.kill("SIGKILL");
    await Promise.all([ended, fed]);
  }
}

/** Kills a process that is waited for too long. */
class SilenceWatch {
  readonly #child: ChildProcess;
  readonly #milliseconds: number;
  bitten = false;

  constructor(child: ChildProcess, milliseconds: number) {
    this.#child = child;
    this.#milliseconds = milliseconds;
  }

  /** The time that the chunks' reader takes does not count. */
  async *of<T>(chunks: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
    const iterator = chunks[Symbol.asyncIterator]();
    try {
      for (;;) {
        const timer = setTimeout(() => {
          this.bitten = true;
          this.#child.kill("SIGKILL");
        }, this.#milliseconds);
        const { done, value } = await iterator.next().finally(() => clearTimeout(timer));
        if (done) return;
        yield value;
      }
    } finally {
      // A stream that nobody reads to its end is not closed.
      await iterator.return?.();
    }
  }
}
