// What the buffers of compressed Arrow batches are packed with: LZ4 frames (as feather files are by default) and Zstandard.

import { decompress } from "fzstd";
import { CorruptFileError } from "../corrupt-file.ts";

const MAGIC = 0x184d2204;
const VERSION = 1;
/** Of one buffer. */
const MOST_BYTES = 2 ** 31;
const LEAST_MATCH = 4;

// Flags of an LZ4 frame.
const BLOCK_CHECKSUM = 0x10;
const CONTENT_SIZE = 0x08;
const DICTIONARY = 0x01;
/** In the size of a block: it is not compressed. */
const STORED = 0x80000000;

/** One frame. Throws CorruptFileError. */
export function zstdFrame(bytes: Uint8Array): Uint8Array {
  try {
    // In memory of its own, so that columns are aligned in it.
    return decompress(bytes).slice();
  } catch (cause) {
    throw new CorruptFileError(`no sound Zstandard data: ${(cause as Error).message}`, { cause });
  }
}

/** One frame; its checksums, which Arrow's writers leave out, are not looked at. Throws CorruptFileError. */
export function lz4Frame(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 7 || view.getUint32(0, true) !== MAGIC) throw unsound("it does not begin as a frame");
  const flags = view.getUint8(4);
  if (flags >> 6 !== VERSION) throw unsound("its version is unknown");
  let at = 7 + (flags & CONTENT_SIZE ? 8 : 0) + (flags & DICTIONARY ? 4 : 0);
  const output = new Output();
  for (;;) {
    if (at + 4 > bytes.length) throw unsound("it ends too early");
    const size = view.getUint32(at, true);
    at += 4;
    if (size === 0) return output.take();
    const end = at + (size & ~STORED & 0x7fffffff);
    if (end > bytes.length) throw unsound("it ends too early");
    if (size >= STORED) output.append(bytes, at, end);
    else block(bytes, at, end, output);
    at = end + (flags & BLOCK_CHECKSUM ? 4 : 0);
  }
}

/** Sequences of literals and of matches with what came before. */
function block(bytes: Uint8Array, start: number, end: number, output: Output): void {
  let at = start;
  const byte = (): number => {
    if (at >= end) throw unsound("a block ends too early");
    return bytes[at++] as number;
  };
  const longer = (length: number): number => {
    let total = length;
    for (let more = 255; length === 15 && more === 255; total += more) more = byte();
    return total;
  };
  while (at < end) {
    const token = byte();
    const literals = longer(token >> 4);
    if (at + literals > end) throw unsound("a block ends too early");
    output.append(bytes, at, at + literals);
    at += literals;
    // The last sequence has literals only.
    if (at === end) return;
    const distance = byte() | (byte() << 8);
    output.repeat(distance, longer(token & 15) + LEAST_MATCH);
  }
}

/** Grows as it is written to. */
class Output {
  #bytes: Uint8Array = new Uint8Array(1 << 16);
  #length = 0;

  append(from: Uint8Array, start: number, end: number): void {
    this.#reserve(end - start);
    this.#bytes.set(from.subarray(start, end), this.#length);
    this.#length += end - start;
  }

  /** What is repeated may reach into itself. */
  repeat(distance: number, length: number): void {
    if (distance === 0 || distance > this.#length) throw unsound("it repeats what is not there");
    this.#reserve(length);
    const bytes = this.#bytes;
    const end = this.#length + length;
    for (let at = this.#length; at < end; at++) bytes[at] = bytes[at - distance] as number;
    this.#length = end;
  }

  take(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed > MOST_BYTES) throw unsound("it holds over 2 GiB");
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, Math.min(2 * this.#bytes.length, MOST_BYTES)));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

function unsound(why: string): CorruptFileError {
  return new CorruptFileError(`no sound LZ4 data: ${why}`);
}
