import { RecordError } from "../../base/errors.ts";
import type { Program } from "../../base/schema/program.ts";
import { ByteSink } from "../trace/byte-sink.ts";
import { recordBlock } from "./block.ts";
import {
  type BlockPlace,
  CONTAINER_FORMAT,
  CONTAINER_VERSION,
  type Codec,
  FRAME_HEAD_SIZE,
  INDEX_MARK,
  INDEX_TAIL_SIZE,
  MAGIC,
  MAX_HEADER_SIZE,
  MAX_U32,
  skippableFrame,
} from "./container-format.ts";

const BLOCK_SIZE = 4 << 20;

/** Takes the file's bytes in order; its promise is waited for, which is the backpressure. */
export type ByteWriter = (bytes: Uint8Array) => void | Promise<void>;

/**
 * Writes a `.tmr` file of blocks that were made elsewhere (block.ts). Where one block ends and the next begins is the
 * caller's choice, so two files of the same rows may differ in their bytes.
 */
export class BlockFileWriter {
  readonly #write: ByteWriter;
  readonly #header: Record<string, unknown>;
  readonly #blocks: BlockPlace[];
  #offset: number;

  /**
   * `header` is JSON that the file tells about itself: options, versions, seeds. `before`: the blocks and the length of a
   * file that it goes on with.
   */
  constructor(
    write: ByteWriter,
    header: Record<string, unknown>,
    before: { blocks: readonly BlockPlace[]; bytes: number } = { blocks: [], bytes: 0 },
  ) {
    this.#write = write;
    this.#header = header;
    this.#blocks = [...before.blocks];
    this.#offset = before.bytes;
  }

  /** Before the first block; nothing where the file has its header. */
  async begin(): Promise<void> {
    if (this.#offset > 0) return;
    const own = { format: CONTAINER_FORMAT, version: CONTAINER_VERSION };
    const json = Buffer.from(JSON.stringify(Object.assign({ ...own }, this.#header, own)));
    if (json.length > MAX_HEADER_SIZE)
      throw new RecordError("too-long", `the header has ${json.length} bytes, over 1 MiB`);
    await this.#put(skippableFrame(MAGIC.header, json));
  }

  /** A block in one part or several, with so many rows. */
  async block(parts: readonly Uint8Array[], rows: number): Promise<void> {
    this.#blocks.push([this.#offset, rows]);
    for (const part of parts) await this.#put(part);
  }

  /** Writes the index. */
  async finish(): Promise<void> {
    const rows = this.#blocks.reduce((sum, [, own]) => sum + own, 0);
    const json = Buffer.from(JSON.stringify({ rows, blocks: this.#blocks }));
    const payload = new ByteSink()
      .raw(json)
      .u32(FRAME_HEAD_SIZE + json.length + INDEX_TAIL_SIZE)
      .raw(Buffer.from(INDEX_MARK));
    await this.#put(skippableFrame(MAGIC.index, payload.bytes()));
  }

  async #put(bytes: Uint8Array): Promise<void> {
    this.#offset += bytes.length;
    await this.#write(bytes);
  }
}

/** Writes a `.tmr` file of rows. One call at a time; `finish` writes what is left and the index. */
export class RecordFileWriter {
  readonly #file: BlockFileWriter;
  readonly #codec: Codec;
  readonly #blockSize: number;
  readonly #rows: ByteSink = new ByteSink();
  #rowsInBlock = 0;
  #totalRows = 0;

  /** `header` is JSON that the file tells about itself: options, versions, seeds. */
  constructor(write: ByteWriter, codec: Codec, header: Record<string, unknown>, options: { blockSize?: number } = {}) {
    this.#file = new BlockFileWriter(write, header);
    this.#codec = codec;
    this.#blockSize = options.blockSize ?? BLOCK_SIZE;
  }

  get rows(): number {
    return this.#totalRows;
  }

  async add(program: Program, record: Uint8Array): Promise<void> {
    const json = Buffer.from(JSON.stringify(program));
    const size = 8 + json.length + record.length;
    if (size > MAX_U32)
      throw new RecordError("too-long", `program ${program.id}: its row has ${size} bytes, over 4 GiB`);
    if (this.#rows.size > 0 && this.#rows.size + size > this.#blockSize) await this.#writeBlock();
    this.#rows.u32(json.length).raw(json).u32(record.length).raw(record);
    this.#rowsInBlock += 1;
    this.#totalRows += 1;
    if (this.#rows.size >= this.#blockSize) await this.#writeBlock();
  }

  async finish(): Promise<void> {
    await this.#file.begin();
    if (this.#rowsInBlock > 0) await this.#writeBlock();
    await this.#file.finish();
  }

  async #writeBlock(): Promise<void> {
    await this.#file.begin();
    const { head, compressed } = recordBlock(this.#codec, this.#rows.view(), this.#rowsInBlock);
    const rows = this.#rowsInBlock;
    this.#rows.truncate(0);
    this.#rowsInBlock = 0;
    await this.#file.block([head, compressed], rows);
  }
}
