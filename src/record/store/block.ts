import { RecordError } from "../../base/errors.ts";
import { BLOCK_HEAD_SIZE, type Codec, MAGIC, MAX_U32, skippableFrame } from "./container-format.ts";

/** A block of a record file, to be written one part behind the other. */
export interface RecordBlock {
  head: Uint8Array;
  compressed: Uint8Array;
}

/** `rows`: `count` of them, as container-format.ts has them. Throws RecordError `too-long` for 4 GiB of them. */
export function recordBlock(codec: Codec, rows: Uint8Array, count: number): RecordBlock {
  const compressed = codec.compress(rows);
  if (rows.length > MAX_U32 || compressed.length > MAX_U32) {
    throw new RecordError("too-long", "The records of one batch take over 4 GiB; lower --max-record-bytes.");
  }
  const head = Buffer.alloc(BLOCK_HEAD_SIZE);
  head.writeUInt32LE(compressed.length, 0);
  head.writeUInt32LE(rows.length, 4);
  head.writeUInt32LE(count, 8);
  return { head: skippableFrame(MAGIC.block, head), compressed };
}
