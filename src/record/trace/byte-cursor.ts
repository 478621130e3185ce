import { RecordError } from "../../base/errors.ts";

/** Walks bytes that nobody vouches for: every read is checked, and what is wrong is reported with its offset. */
export class ByteCursor {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  byte(what: string): number {
    if (this.at >= this.bytes.length) throw truncated(what, this.at);
    return this.bytes[this.at++] as number;
  }

  /** A varint as a number: exact up to 2^53, and never below it when the varint is above. */
  number(what: string): number {
    const { bytes } = this;
    const start = this.at;
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 10; i++) {
      if (start + i >= bytes.length) throw truncated(what, start);
      const byte = bytes[start + i] as number;
      if (i === 9 && byte > 1) break;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        this.at = start + i + 1;
        return value;
      }
      scale *= 128;
    }
    throw new RecordError("bad-varint", `${what} has more than 64 bits`, start);
  }

  /** A varint, exact. */
  big(what: string): bigint {
    const start = this.at;
    const near = this.number(what);
    if (near <= Number.MAX_SAFE_INTEGER) return BigInt(near);
    let value = 0n;
    for (let i = this.at - 1; i >= start; i--) value = (value << 7n) | BigInt((this.bytes[i] as number) & 0x7f);
    return value;
  }

  /** A zigzag varint, exact. */
  signedBig(what: string): bigint {
    return unzigzag(this.big(what));
  }

  /** A zigzag varint as a number: exact up to 2^53 either way. */
  signedNumber(what: string): number {
    const start = this.at;
    const raw = this.number(what);
    if (raw > Number.MAX_SAFE_INTEGER) {
      this.at = start;
      return Number(this.signedBig(what));
    }
    return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2;
  }

  /** Reads a length and steps over that many bytes; returns where they start (they end at `at`). */
  span(what: string): number {
    const lengthAt = this.at;
    const length = this.number(what);
    const start = this.at;
    if (length > this.bytes.length - start) {
      throw new RecordError(
        "bad-length",
        `${what} claims ${length} bytes where ${this.bytes.length - start} are left`,
        lengthAt,
      );
    }
    this.at = start + length;
    return start;
  }

  skip(size: number, what: string): void {
    if (size > this.bytes.length - this.at) throw truncated(what, this.at);
    this.at += size;
  }
}

export function unzigzag(raw: bigint): bigint {
  return raw & 1n ? -((raw + 1n) >> 1n) : raw >> 1n;
}

function truncated(what: string, offset: number): RecordError {
  return new RecordError("truncated", `the bytes end inside ${what}`, offset);
}
