import { z } from "zod";
import { RecordError } from "../../base/errors.ts";
import { type Program, programSchema } from "../../base/schema/program.ts";
import { ByteCursor } from "../trace/byte-cursor.ts";
import {
  BLOCK_HEAD_SIZE,
  type BlockPlace,
  CONTAINER_FORMAT,
  CONTAINER_VERSION,
  type Codec,
  FRAME_HEAD_SIZE,
  INDEX_MARK,
  INDEX_TAIL_SIZE,
  MAGIC,
  MAX_HEADER_SIZE,
} from "./container-format.ts";

const TEXT = new TextDecoder("utf-8", { ignoreBOM: true });

const headerSchema = z.looseObject({ format: z.literal(CONTAINER_FORMAT), version: z.int() });
const count = z.int().nonnegative();
const indexSchema = z.object({ rows: count, blocks: z.array(z.tuple([count, count])) });

export interface RecordRow {
  program: Program;
  record: Uint8Array;
}

interface Block {
  readonly dataOffset: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly rows: number;
}

/** Bytes that need not be in memory: a file, or ranges of something far away. Uint8Array and ArrayBuffer are such, too. */
export interface ByteRanges {
  readonly byteLength: number;
  /** From byte `start` up to, without, byte `end`; both lie inside. */
  slice(start: number, end: number): Uint8Array | ArrayBuffer | Promise<Uint8Array | ArrayBuffer>;
}

/** Reads a `.tmr` file, also one whose writing was interrupted. */
export class RecordFileReader {
  /** What the file tells about itself. */
  readonly header: Record<string, unknown>;
  readonly #file: ByteRanges;
  readonly #codec: Codec;
  readonly #start: number;
  readonly #index: { rows: number; blocks: BlockPlace[] } | null;

  private constructor(
    file: ByteRanges,
    codec: Codec,
    start: number,
    header: Record<string, unknown>,
    index: { rows: number; blocks: BlockPlace[] } | null,
  ) {
    this.#file = file;
    this.#codec = codec;
    this.#start = start;
    this.header = header;
    this.#index = index;
  }

  static async open(file: ByteRanges, codec: Codec): Promise<RecordFileReader> {
    const { header, end } = await readHeader(file);
    return new RecordFileReader(file, codec, end, header, await readIndex(file));
  }

  /** Whether the file was finished. */
  get complete(): boolean {
    return this.#index !== null;
  }

  /** null when the file was interrupted. */
  get rowCount(): number | null {
    return this.#index?.rows ?? null;
  }

  /**
   * The rows in order, from row `from` (counted from 0). An interrupted file ends with its last whole block; damage
   * anywhere else throws RecordError.
   */
  async *rows(from: number = 0): AsyncGenerator<RecordRow> {
    let skip = from;
    let offset = this.#start;
    if (this.#index !== null) {
      if (from >= this.#index.rows) return;
      for (const [place, rows] of this.#index.blocks) {
        offset = place;
        if (skip < rows) break;
        skip -= rows;
      }
    }
    for (let block = await this.#block(offset); block !== null; block = await this.#block(offset)) {
      offset = block.dataOffset + block.compressedSize;
      if (skip >= block.rows) {
        skip -= block.rows;
        continue;
      }
      for (const row of await this.#rowsOf(block)) {
        if (skip > 0) skip -= 1;
        else yield row;
      }
    }
  }

  /** null at the index, at the end, and where an interrupted file breaks off. */
  async #block(offset: number): Promise<Block | null> {
    const head = await readAt(this.#file, offset, FRAME_HEAD_SIZE + BLOCK_HEAD_SIZE);
    const magic = head.length >= 4 ? u32(head, 0) : -1;
    if (magic === MAGIC.index) return null;
    if (head.length < FRAME_HEAD_SIZE + BLOCK_HEAD_SIZE) return this.#breakOff(offset);
    if (magic !== MAGIC.block || u32(head, 4) !== BLOCK_HEAD_SIZE) {
      throw new RecordError("bad-block", "there is no block of rows where one should start", offset);
    }
    const block: Block = {
      dataOffset: offset + head.length,
      compressedSize: u32(head, 8),
      size: u32(head, 12),
      rows: u32(head, 16),
    };
    if (block.compressedSize > this.#file.byteLength - block.dataOffset) return this.#breakOff(offset);
    return block;
  }

  #breakOff(offset: number): null {
    if (this.#index === null) return null;
    throw new RecordError("truncated", "the file ends inside a block of rows", offset);
  }

  async #rowsOf(block: Block): Promise<RecordRow[]> {
    const compressed = await readAt(this.#file, block.dataOffset, block.compressedSize);
    if (compressed.length < 4 || u32(compressed, 0) !== MAGIC.zstd) {
      throw new RecordError("bad-block", "a block of rows is no zstd frame", block.dataOffset);
    }
    let bytes: Uint8Array;
    try {
      bytes = this.#codec.decompress(compressed, block.size);
    } catch (cause) {
      throw new RecordError("bad-block", "a block of rows cannot be decompressed", block.dataOffset, { cause });
    }
    if (bytes.length !== block.size) {
      throw new RecordError("bad-block", `a block has ${bytes.length} bytes, not ${block.size}`, block.dataOffset);
    }
    return parseRows(bytes, block);
  }
}

function parseRows(bytes: Uint8Array, block: Block): RecordRow[] {
  const rows: RecordRow[] = [];
  const cursor = new ByteCursor(bytes);
  while (cursor.at < bytes.length) {
    const at = cursor.at;
    const json = prefixed(cursor, "a program");
    const record = prefixed(cursor, "a record");
    rows.push({ program: parseProgram(json, block.dataOffset, at), record });
  }
  if (rows.length !== block.rows) {
    throw new RecordError("bad-block", `a block has ${rows.length} rows, not ${block.rows}`, block.dataOffset);
  }
  return rows;
}

function prefixed(cursor: ByteCursor, what: string): Uint8Array {
  const lengthAt = cursor.at;
  cursor.skip(4, `the length of ${what}`);
  const { bytes } = cursor;
  const length = u32(bytes, lengthAt);
  const start = cursor.at;
  cursor.skip(length, what);
  return bytes.subarray(start, cursor.at);
}

function parseProgram(json: Uint8Array, blockOffset: number, at: number): Program {
  try {
    return programSchema.parse(JSON.parse(TEXT.decode(json)));
  } catch (cause) {
    throw new RecordError("bad-program", `byte ${at} of a block does not start a program`, blockOffset, { cause });
  }
}

async function readHeader(file: ByteRanges): Promise<{ header: Record<string, unknown>; end: number }> {
  const size = file.byteLength;
  const head = await readAt(file, 0, FRAME_HEAD_SIZE);
  if (head.length < FRAME_HEAD_SIZE || u32(head, 0) !== MAGIC.header) {
    throw new RecordError("bad-magic", "this is no file of trace records (.tmr)", 0);
  }
  const length = u32(head, 4);
  if (length > MAX_HEADER_SIZE || length > size - FRAME_HEAD_SIZE) {
    throw new RecordError("bad-length", `the file's header claims ${length} bytes`, 4);
  }
  const json = await readAt(file, FRAME_HEAD_SIZE, length);
  let header: Record<string, unknown> & { version: number };
  try {
    header = headerSchema.parse(JSON.parse(TEXT.decode(json)));
  } catch (cause) {
    throw new RecordError("bad-header", "the file's header is not one of trace records", FRAME_HEAD_SIZE, { cause });
  }
  if (header.version !== CONTAINER_VERSION) {
    throw new RecordError(
      "bad-version",
      `the file has version ${header.version}, this reader knows version ${CONTAINER_VERSION}`,
      FRAME_HEAD_SIZE,
    );
  }
  return { header, end: FRAME_HEAD_SIZE + length };
}

/** null when the file does not end with an index. */
async function readIndex(file: ByteRanges): Promise<{ rows: number; blocks: BlockPlace[] } | null> {
  const size = file.byteLength;
  const tail = await readAt(file, Math.max(0, size - INDEX_TAIL_SIZE), INDEX_TAIL_SIZE);
  if (tail.length < INDEX_TAIL_SIZE || TEXT.decode(tail.subarray(4)) !== INDEX_MARK) return null;
  const frameSize = u32(tail, 0);
  const start = size - frameSize;
  if (frameSize < FRAME_HEAD_SIZE + INDEX_TAIL_SIZE || start < 0) {
    throw new RecordError("bad-index", `the index claims ${frameSize} bytes`, size - INDEX_TAIL_SIZE);
  }
  const frame = await readAt(file, start, frameSize);
  if (u32(frame, 0) !== MAGIC.index || u32(frame, 4) !== frameSize - FRAME_HEAD_SIZE) {
    throw new RecordError("bad-index", "there is no index where its end says that it starts", start);
  }
  try {
    return indexSchema.parse(JSON.parse(TEXT.decode(frame.subarray(FRAME_HEAD_SIZE, frameSize - INDEX_TAIL_SIZE))));
  } catch (cause) {
    throw new RecordError("bad-index", "the index cannot be read", start, { cause });
  }
}

/** Fewer bytes than asked for when the file ends before. */
async function readAt(file: ByteRanges, offset: number, length: number): Promise<Uint8Array> {
  const start = Math.min(offset, file.byteLength);
  const bytes = await file.slice(start, Math.min(start + length, file.byteLength));
  return bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
}

function u32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, true);
}
