import { protocolError } from "./wire.ts";

/** As in native/host/protocol.h. */
export const FRAME = { configure: 1, batch: 2, ready: 3, failed: 4, records: 5 } as const;

const HEADER_BYTES = 5;
/** Behind one record of full size: other records of the frame, and the numbers before them. */
const FRAME_SLACK = 128 * 1024 * 1024;

export interface Frame {
  type: number;
  payload: Uint8Array;
}

export function frameHeader(type: number, payloadBytes: number): Uint8Array {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(payloadBytes, 0);
  header[4] = type;
  return header;
}

/**
 * Cuts a stream into frames. Memory is proportional to what arrived, whatever a header announces. Throws EngineError
 * for an unknown type or a payload larger than a record and its company can be.
 */
export class FrameParser {
  readonly #most: number;
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(maxRecordBytes: number) {
    this.#most = maxRecordBytes + FRAME_SLACK;
  }

  push(chunk: Buffer): Frame[] {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    const frames: Frame[] = [];
    for (;;) {
      if (this.#size < HEADER_BYTES) return frames;
      const header = this.#join(HEADER_BYTES);
      const bytes = header.readUInt32LE(0);
      const type = header[4] as number;
      if (type !== FRAME.ready && type !== FRAME.failed && type !== FRAME.records) {
        throw protocolError(`a frame has type ${type}`);
      }
      if (bytes > this.#most) throw protocolError(`a frame announces ${bytes} bytes`);
      if (this.#size < HEADER_BYTES + bytes) return frames;
      const whole = this.#join(HEADER_BYTES + bytes);
      frames.push({ type, payload: whole.subarray(HEADER_BYTES, HEADER_BYTES + bytes) });
      this.#drop(whole, HEADER_BYTES + bytes);
    }
  }

  /** A first chunk of at least `bytes`; the chunks must hold as many. */
  #join(bytes: number): Buffer {
    const first = this.#chunks[0] as Buffer;
    if (first.length >= bytes) return first;
    const whole = Buffer.concat(this.#chunks);
    this.#chunks = [whole];
    return whole;
  }

  #drop(first: Buffer, bytes: number): void {
    this.#size -= bytes;
    if (first.length === bytes) this.#chunks.shift();
    else this.#chunks[0] = first.subarray(bytes);
  }
}
