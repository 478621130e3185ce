const FIRST_BYTES = 256 * 1024;
/** Kept from one output to the next. */
const MOST_KEPT_BYTES = 16 * 1024 * 1024;
/** UTF-8 of one UTF-16 code unit. */
const MOST_BYTES_PER_UNIT = 3;
const encoder = new TextEncoder();

let kept = new Uint8Array(FIRST_BYTES);

/**
 * Output that grows at the end. Only one at a time: they use the same memory, since new memory for every row takes longer
 * than the row's text.
 */
export class OutputBytes {
  #data: Uint8Array<ArrayBuffer> = kept;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  text(text: string): void {
    this.#reserve(text.length * MOST_BYTES_PER_UNIT);
    this.#size += encoder.encodeInto(text, this.#data.subarray(this.#size)).written;
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#data.set(bytes, this.#size);
    this.#size += bytes.length;
  }

  /** Leaves room for so many bytes; returns where. */
  skip(bytes: number): number {
    this.#reserve(bytes);
    this.#size += bytes;
    return this.#size - bytes;
  }

  /** Four bytes, little-endian. */
  u32At(at: number, value: number): void {
    new DataView(this.#data.buffer).setUint32(at, value, true);
  }

  /** A copy with memory of its own, which can be moved to another thread. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#data.slice(0, this.#size);
  }

  #reserve(bytes: number): void {
    if (this.#size + bytes <= this.#data.length) return;
    const grown = new Uint8Array(Math.max(this.#data.length * 2, this.#size + bytes));
    grown.set(this.#data.subarray(0, this.#size));
    this.#data = grown;
    if (grown.length <= MOST_KEPT_BYTES) kept = grown;
  }
}
