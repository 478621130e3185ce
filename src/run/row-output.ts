import {
  type BlockPlace,
  CONTAINER_FORMAT,
  CONTAINER_VERSION,
  FRAME_HEAD_SIZE,
  INDEX_MARK,
  INDEX_TAIL_SIZE,
  MAGIC,
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
  /** What a batch of so many rows was rendered to. */
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
 * A record file with one block per batch, in which the batches come (record/block.ts). Where one block ends and the next
 * begins depends on the batches, so two files of the same rows may differ in their bytes.
 */
export class RecordOutput implements RowOutput {
  readonly #target: ByteTarget;
  readonly #header: Record<string, unknown>;
  #blocks: BlockPlace[] = [];

  constructor(target: ByteTarget, header: Record<string, unknown>) {
    this.#target = target;
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

  async append(block: Uint8Array, rows: number): Promise<void> {
    if (rows === 0) return;
    this.#blocks.push([this.#target.length, rows]);
    await this.#target.append(block);
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
