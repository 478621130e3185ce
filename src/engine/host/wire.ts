import { EngineError } from "../../base/errors.ts";
import { encodeText } from "../../record/trace/text.ts";

const MOST_VARINT_BYTES = 10;

/** Grows; writes the varints and byte strings of protocol payloads. */
export class PayloadWriter {
  #bytes: Buffer;
  #size = 0;

  constructor(capacity = 4096) {
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#size++] = value;
  }

  /** A whole number of at most 53 bits. */
  varint(value: number): void {
    this.#room(MOST_VARINT_BYTES);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#size++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#size++] = rest;
  }

  text(value: string): void {
    this.bytes(encodeText(value));
  }

  bytes(value: Uint8Array): void {
    this.varint(value.length);
    this.#room(value.length);
    this.#bytes.set(value, this.#size);
    this.#size += value.length;
  }

  /** The writer must not be used after it. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#size);
  }

  #room(bytes: number): void {
    if (this.#size + bytes <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#size + bytes));
    this.#bytes.copy(grown, 0, 0, this.#size);
    this.#bytes = grown;
  }
}

/** Reads a payload that a tracer process sent; every length is checked against what is left. */
export class PayloadReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(payload: Uint8Array) {
    this.#bytes = payload;
  }

  varint(): number {
    let value = 0;
    let unit = 1;
    for (let i = 0; i < MOST_VARINT_BYTES; i++) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw protocolError("a payload ends inside a number");
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) {
        if (!Number.isSafeInteger(value)) throw protocolError("a number is past 53 bits");
        return value;
      }
      unit *= 0x80;
    }
    throw protocolError("a number has more than 10 bytes");
  }

  /** Shares the payload's memory. */
  bytes(): Uint8Array {
    const size = this.varint();
    if (size > this.#bytes.length - this.#at) throw protocolError(`${size} bytes are announced, fewer are there`);
    this.#at += size;
    return this.#bytes.subarray(this.#at - size, this.#at);
  }

  expectEnd(): void {
    if (this.#at !== this.#bytes.length)
      throw protocolError(`${this.#bytes.length - this.#at} bytes follow the payload`);
  }
}

export function protocolError(what: string): EngineError {
  return new EngineError("protocol", `the tracer process broke the protocol: ${what}`);
}
