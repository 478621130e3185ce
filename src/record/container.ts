import { type FileHandle, open } from "node:fs/promises";
import { z } from "zod";
import { RecordError } from "../errors.ts";
import { type Program, programSchema } from "../schema/program.ts";
import { ByteCursor } from "./byte-cursor.ts";
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

/** Reads a `.tmr` file, also one whose writing was interrupted. */
export class RecordFileReader {
  /** What the file tells about itself. */
  readonly header: Record<string, unknown>;
  readonly #file: FileHandle;
  readonly #codec: Codec;
  readonly #start: number;
  readonly #size: number;
  readonly #index: { rows: number; blocks: BlockPlace[] } | null;

  private constructor(
    file: FileHandle,
    codec: Codec,
    size: number,
    start: number,
    header: Record<string, unknown>,
    index: { rows: number; blocks: BlockPlace[] } | null,
  ) {
    this.#file = file;
    this.#codec = codec;
    this.#size = size;
    this.#start = start;
    this.header = header;
    this.#index = index;
  }

  static async open(path: string, codec: Codec): Promise<RecordFileReader> {
    const file = await open(path, "r");
    try {
      const { size } = await file.stat();
      const { header, end } = await readHeader(file, size);
      return new RecordFileReader(file, codec, size, end, header, await readIndex(file, size));
    } catch (error) {
      await file.close();
      throw error;
    }
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

  async close(): Promise<void> {
    await this.#file.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** null at the index, at the end, and where an interrupted file breaks off. */
  async #block(offset: number): Promise<Block | null> {
    const head = await readAt(this.#file, offset, FRAME_HEAD_SIZE + BLOCK_HEAD_SIZE, this.#size);
    const magic = head.length >= 4 ? head.readUInt32LE(0) : -1;
    if (magic === MAGIC.index) return null;
    if (head.length < FRAME_HEAD_SIZE + BLOCK_HEAD_SIZE) return this.#breakOff(offset);
    if (magic !== MAGIC.block || head.readUInt32LE(4) !== BLOCK_HEAD_SIZE) {
      throw new RecordError("bad-block", "there is no block of rows where one should start", offset);
    }
    const block: Block = {
      dataOffset: offset + head.length,
      compressedSize: head.readUInt32LE(8),
      size: head.readUInt32LE(12),
      rows: head.readUInt32LE(16),
    };
    if (block.compressedSize > this.#size - block.dataOffset) return this.#breakOff(offset);
    return block;
  }

  #breakOff(offset: number): null {
    if (this.#index === null) return null;
    throw new RecordError("truncated", "the file ends inside a block of rows", offset);
  }

  async #rowsOf(block: Block): Promise<RecordRow[]> {
    const compressed = await readAt(this.#file, block.dataOffset, block.compressedSize, this.#size);
    if (compressed.length < 4 || compressed.readUInt32LE(0) !== MAGIC.zstd) {
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
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(lengthAt, true);
  const start = cursor.at;
  cursor.skip(length, what);
  return bytes.subarray(start, cursor.at);
}

function parseProgram(json: Uint8Array, blockOffset: number, at: number): Program {
  try {
    return programSchema.parse(JSON.parse(Buffer.from(json).toString("utf8")));
  } catch (cause) {
    throw new RecordError("bad-program", `byte ${at} of a block does not start a program`, blockOffset, { cause });
  }
}

async function readHeader(file: FileHandle, size: number): Promise<{ header: Record<string, unknown>; end: number }> {
  const head = await readAt(file, 0, FRAME_HEAD_SIZE, size);
  if (head.length < FRAME_HEAD_SIZE || head.readUInt32LE(0) !== MAGIC.header) {
    throw new RecordError("bad-magic", "this is no file of trace records (.tmr)", 0);
  }
  const length = head.readUInt32LE(4);
  if (length > MAX_HEADER_SIZE || length > size - FRAME_HEAD_SIZE) {
    throw new RecordError("bad-length", `the file's header claims ${length} bytes`, 4);
  }
  const json = await readAt(file, FRAME_HEAD_SIZE, length, size);
  let header: Record<string, unknown> & { version: number };
  try {
    header = headerSchema.parse(JSON.parse(json.toString("utf8")));
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
async function readIndex(file: FileHandle, size: number): Promise<{ rows: number; blocks: BlockPlace[] } | null> {
  const tail = await readAt(file, Math.max(0, size - INDEX_TAIL_SIZE), INDEX_TAIL_SIZE, size);
  if (tail.length < INDEX_TAIL_SIZE || tail.toString("latin1", 4) !== INDEX_MARK) return null;
  const frameSize = tail.readUInt32LE(0);
  const start = size - frameSize;
  if (frameSize < FRAME_HEAD_SIZE + INDEX_TAIL_SIZE || start < 0) {
    throw new RecordError("bad-index", `the index claims ${frameSize} bytes`, size - INDEX_TAIL_SIZE);
  }
  const frame = await readAt(file, start, frameSize, size);
  if (frame.readUInt32LE(0) !== MAGIC.index || frame.readUInt32LE(4) !== frameSize - FRAME_HEAD_SIZE) {
    throw new RecordError("bad-index", "there is no index where its end says that it starts", start);
  }
  try {
    return indexSchema.parse(JSON.parse(frame.toString("utf8", FRAME_HEAD_SIZE, frameSize - INDEX_TAIL_SIZE)));
  } catch (cause) {
    throw new RecordError("bad-index", "the index cannot be read", start, { cause });
  }
}

/** Fewer bytes than asked for when the file ends before. */
async function readAt(file: FileHandle, offset: number, length: number, size: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(length, size - offset)));
  let done = 0;
  while (done < buffer.length) {
    const { bytesRead } = await file.read(buffer, done, buffer.length - done, offset + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}
