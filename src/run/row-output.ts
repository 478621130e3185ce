import { RecordError } from "../errors.ts";
import {
  type BlockPlace,
  CONTAINER_FORMAT,
  CONTAINER_VERSION,
  type Codec,
  FRAME_HEAD_SIZE,
  INDEX_MARK,
  INDEX_TAIL_SIZE,
  MAGIC,
  MAX_U32,
  skippableFrame,
} from "../record/container-format.ts";

/** Where bytes go. */
export interface ByteTarget {
  /** Bytes that went there, those of an earlier, resumed run included. */
  readonly length: number;
  append(bytes: Uint8Array): Promise<void>;
}

/** Turns rendered batches into a file. */
export interface RowOutput {
  /** Before the first row. */
  begin(): Promise<void>;
  append(batch: Uint8Array, rows: number): Promise<void>;
  /** After the last row. */
  finish(): Promise<void>;
}

/** The rows as they are. */
export function lineOutput(target: ByteTarget): RowOutput {
  return {
    begin: async () => {},
    append: (batch) => target.append(batch),
    finish: async () => {},
  };
}

/**
 * A record file with one block per batch. Its rows are those of record/container.ts; where one block ends and the next
 * begins depends on the batches, so two files of the same rows may differ in their bytes.
 */
export function recordOutput(target: ByteTarget, codec: Codec, header: Record<string, unknown>): RecordOutput {
  return new RecordOutput(target, codec, header);
}

export class RecordOutput implements RowOutput {
  readonly #target: ByteTarget;
  readonly #codec: Codec;
  readonly #header: Record<string, unknown>;
  #blocks: BlockPlace[] = [];

  constructor(target: ByteTarget, codec: Codec, header: Record<string, unknown>) {
    this.#target = target;
    this.#codec = codec;
    this.#header = header;
  }

  /** Goes on behind the blocks of an earlier run. */
  resume(blocks: readonly BlockPlace[]): void {
    this.#blocks = [...blocks];
  }

  async begin(): Promise<void> {
    const json = { format: CONTAINER_FORMAT, version: CONTAINER_VERSION, ...this.#header };
    await this.#target.append(skippableFrame(MAGIC.header, Buffer.from(JSON.stringify(json))));
  }

  async append(batch: Uint8Array, rows: number): Promise<void> {
    if (rows === 0) return;
    const compressed = this.#codec.compress(batch);
    if (batch.length > MAX_U32 || compressed.length > MAX_U32) {
      throw new RecordError("too-long", "The records of one batch take over 4 GiB; lower --max-record-bytes.");
    }
    this.#blocks.push([this.#target.length, rows]);
    await this.#target.append(Buffer.concat([blockHead(compressed.length, batch.length, rows), compressed]));
  }

  async finish(): Promise<void> {
    const rows = this.#blocks.reduce((sum, [, own]) => sum + own, 0);
    const json = Buffer.from(JSON.stringify({ rows, blocks: this.#blocks }));
    const tail = Buffer.alloc(INDEX_TAIL_SIZE);
    tail.writeUInt32LE(FRAME_HEAD_SIZE + json.length + INDEX_TAIL_SIZE, 0);
    tail.write(INDEX_MARK, 4, "latin1");
    await this.#target.append(skippableFrame(MAGIC.index, Buffer.concat([json, tail])));
  }
}

function blockHead(compressedSize: number, size: number, rows: number): Uint8Array {
  const head = Buffer.alloc(12);
  head.writeUInt32LE(compressedSize, 0);
  head.writeUInt32LE(size, 4);
  head.writeUInt32LE(rows, 8);
  return skippableFrame(MAGIC.block, head);
}
