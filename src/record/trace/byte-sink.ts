/** UTF-8 of one UTF-16 code unit. */
const MOST_BYTES_PER_UNIT = 3;

/**
 * Bytes that grow at the end; all methods that write return the sink. Memory is not cleared, since only what was
 * written is handed out, and is never shared with other buffers, so that it can be moved to another thread.
 */
export class ByteSink {
  #data: Buffer<ArrayBuffer>;
  #size = 0;

  /** `room`: bytes that are expected, or memory for them, which is the sink's from now on; there may be more. */
  constructor(room: number | ArrayBuffer = 64) {
    this.#data = typeof room === "number" ? Buffer.allocUnsafeSlow(room) : Buffer.from(room);
  }

  get size(): number {
    return this.#size;
  }

  byte(value: number): this {
    this.#reserve(1);
    this.#data[this.#size++] = value;
    return this;
  }

  /** LEB128; `value` is a non-negative integer. */
  varint(value: bigint | number): this {
    let left = BigInt(value);
    if (left < 0n || left > 0xffff_ffff_ffff_ffffn) throw new RangeError(`${value} is no unsigned 64-bit number.`);
    for (; left >= 0x80n; left >>= 7n) this.byte(Number(left & 0x7fn) | 0x80);
    return this.byte(Number(left));
  }

  /** Four bytes, little-endian. */
  u32(value: number): this {
    return this.byte(value & 0xff)
      .byte((value >>> 8) & 0xff)
      .byte((value >>> 16) & 0xff)
      .byte(value >>> 24);
  }

  float64(value: number): this {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value, true);
    return this.raw(bytes);
  }

  raw(bytes: Uint8Array): this {
    this.#reserve(bytes.length);
    this.#data.set(bytes, this.#size);
    this.#size += bytes.length;
    return this;
  }

  /** As UTF-8, written in place: new memory for every text takes longer than the text. */
  text(text: string): this {
    this.#reserve(text.length * MOST_BYTES_PER_UNIT);
    this.#size += this.#data.write(text, this.#size);
    return this;
  }

  /** The bytes from `start` to `end`, which were written before, once more. */
  repeat(start: number, end: number): this {
    this.#reserve(end - start);
    this.#data.copyWithin(this.#size, start, end);
    this.#size += end - start;
    return this;
  }

  /** A varint length, then the bytes. */
  prefixed(bytes: Uint8Array): this {
    return this.varint(bytes.length).raw(bytes);
  }

  /** A copy of what was written. */
  bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.view());
  }

  /** What was written, until something else is. */
  view(): Uint8Array<ArrayBuffer> {
    return this.#data.subarray(0, this.#size);
  }

  /** What was written, in the memory that it was written to, which is the caller's now; the sink is empty. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = new Uint8Array(this.#data.buffer, 0, this.#size);
    this.#data = Buffer.allocUnsafeSlow(0);
    this.#size = 0;
    return taken;
  }

  /** Forgets what was written after the first `size` bytes, and keeps the memory. */
  truncate(size: number): void {
    this.#size = Math.min(this.#size, size);
  }

  #reserve(size: number): void {
    if (this.#size + size <= this.#data.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#data.length * 2, this.#size + size));
    grown.set(this.#data.subarray(0, this.#size));
    this.#data = grown;
  }
}

export function zigzag(value: bigint): bigint {
  return value < 0n ? -value * 2n - 1n : value * 2n;
}
