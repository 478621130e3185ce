// The bytes of a `.tmr` file. It is a valid zstd stream: any zstd tool decompresses the rows, one behind the other.
//
//   header    skippable frame 0x184D2A50: JSON {format: "tracemill-records", version, ...what the writer wants to tell}
//   blocks    each a skippable frame 0x184D2A51 of 12 bytes (compressed size, size, rows), then one zstd frame of that
//             compressed size; decompressed: rows of [u32 size, program as JSON][u32 size, record]
//   index     skippable frame 0x184D2A5F: JSON {rows, blocks: [[offset, rows], ...]}, then its own frame's size as u32
//             and "TMIX"; offsets are those of the blocks' skippable frames. A file without index was interrupted and
//             is read by walking its blocks.
//
// All integers are unsigned, 32 bits, little-endian.

export const CONTAINER_FORMAT = "tracemill-records";
export const CONTAINER_VERSION = 1;

export const MAGIC = { header: 0x184d2a50, block: 0x184d2a51, index: 0x184d2a5f, zstd: 0xfd2fb528 } as const;

export const FRAME_HEAD_SIZE = 8;
export const BLOCK_HEAD_SIZE = 12;
/** What ends the index: its frame's size, and the mark. */
export const INDEX_TAIL_SIZE = 8;
export const INDEX_MARK = "TMIX";

export const MAX_U32 = 0xffff_ffff;
/** Headers are small; a larger claim is damage. */
export const MAX_HEADER_SIZE: number = 1 << 20;

/** zstd, as the addon offers it. */
export interface Codec {
  compress(bytes: Uint8Array): Uint8Array;
  /** Throws when the result would have more than `maxBytes`. */
  decompress(bytes: Uint8Array, maxBytes: number): Uint8Array;
}

export type BlockPlace = readonly [offset: number, rows: number];

export function skippableFrame(magic: number, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(FRAME_HEAD_SIZE + payload.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(4, payload.length, true);
  frame.set(payload, FRAME_HEAD_SIZE);
  return frame;
}
