import { setImmediate } from "node:timers/promises";
import { createGunzip, type Gunzip } from "node:zlib";
import { CorruptFileError } from "./corrupt-file.ts";

/** Compressed bytes that are given to zlib at once: what it makes of them is held, and lost when it meets damage. */
const SLICE_BYTES = 1 << 14;

/** zlib met damage after so many sound compressed bytes at least. */
class Damage extends Error {
  readonly soundBytes: number;

  constructor(cause: Error, soundBytes: number) {
    super(cause.message, { cause });
    this.soundBytes = soundBytes;
  }
}

/**
 * The bytes before gzip's compression, as they come, of all members; all before damage are given, for which the source is
 * opened again. Throws CorruptFileError, also where a checksum differs; errors of the source stay what they are.
 */
export async function* gunzip(open: () => AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let given = 0;
  let damage: Damage;
  try {
    for await (const bytes of membersOf(open(), Number.POSITIVE_INFINITY)) {
      given += bytes.length;
      yield bytes;
    }
    return;
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
    damage = error;
  }
  try {
    // The same again, byte by byte where the damage is: what zlib makes of bytes before the bad one is then known.
    let skip = given;
    for await (const bytes of membersOf(open(), damage.soundBytes)) {
      const fresh = bytes.subarray(Math.min(skip, bytes.length));
      skip -= bytes.length - fresh.length;
      if (fresh.length > 0) yield fresh;
    }
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
  }
  throw new CorruptFileError(`no sound gzip data: ${damage.message}`, { cause: damage });
}

/** Members one after another; zeros between and behind them are padding. Byte by byte after `fineFrom` compressed bytes. */
async function* membersOf(chunks: AsyncIterable<Uint8Array>, fineFrom: number): AsyncGenerator<Uint8Array> {
  let member: Member | null = null;
  let used = 0;
  let begun = false;
  for await (const slice of slices(chunks, fineFrom)) {
    begun = true;
    for (let at = 0; at < slice.length; ) {
      if (member === null) {
        if (used + at > 0 && slice[at] === 0) {
          at++;
          continue;
        }
        member = new Member();
      }
      const { output, taken, fault } = await member.write(slice.subarray(at));
      yield* output;
      if (fault !== null) throw new Damage(fault, used);
      at += taken;
      if (member.ended) member = null;
    }
    used += slice.length;
  }
  const fault = member === null ? null : await member.finish();
  if (fault !== null || !begun) throw new Damage(fault ?? new Error("unexpected end of file"), used);
}

/** One member on its way through zlib. */
class Member {
  readonly #stream: Gunzip = createGunzip({ chunkSize: 1 << 16 });
  #ready: Uint8Array[] = [];
  #fault: Error | null = null;
  #written = 0;
  #settled: () => void = () => {};
  /** Its trailer was read. */
  ended = false;

  constructor() {
    this.#stream.on("data", (bytes: Uint8Array) => this.#ready.push(bytes));
    this.#stream.on("error", (error) => {
      this.#fault = error;
    });
    // What was being written is not called back for then.
    this.#stream.on("close", () => this.#settled());
  }

  /** `taken`: how many of the bytes are the member's. */
  async write(bytes: Uint8Array): Promise<{ output: Uint8Array[]; taken: number; fault: Error | null }> {
    await new Promise<void>((resolve) => {
      this.#settled = resolve;
      this.#stream.write(bytes, () => resolve());
    });
    // Until everything that zlib gave has arrived.
    await setImmediate();
    const taken = this.#stream.bytesWritten - this.#written;
    this.#written += taken;
    this.ended = this.#fault === null && taken < bytes.length;
    const output = this.#ready;
    this.#ready = [];
    return { output, taken, fault: this.#fault };
  }

  /** Why the member is not whole. */
  async finish(): Promise<Error | null> {
    await new Promise<void>((resolve) => {
      this.#settled = resolve;
      this.#stream.end();
    });
    return this.#fault;
  }
}

async function* slices(chunks: AsyncIterable<Uint8Array>, fineFrom: number): AsyncGenerator<Uint8Array> {
  let used = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const size = used >= fineFrom ? 1 : Math.min(SLICE_BYTES, fineFrom - used);
      const slice = chunk.subarray(at, at + size);
      at += slice.length;
      used += slice.length;
      yield slice;
    }
  }
}
