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
export interface RowWriter {
  /** Before the first row of this run. */
  begin(): Promise<void>;
  /** What a batch of so many rows was rendered to. */
  append(batch: Uint8Array, rows: number): Promise<void>;
  /** After the last row. */
  finish(): Promise<void>;
}

/** The rows as they are. */
function lineWriter(target: ByteTarget): RowWriter {
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
class RecordWriter implements RowWriter {
  readonly #target: ByteTarget;
  readonly #header: Record<string, unknown>;
  readonly #blocks: BlockPlace[];

  /** `blocks`: those of an earlier run, behind which this one goes on. */
  constructor(target: ByteTarget, header: Record<string, unknown>, blocks: readonly BlockPlace[]) {
    this.#target = target;
    this.#header = header;
    this.#blocks = [...blocks];
  }

  async begin(): Promise<void> {
    if (this.#target.length > 0) return;
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

/** What writes the files of a format with this extension; `header` is for record files. */
export function rowWriter(
  extension: string,
  target: ByteTarget,
  header: Record<string, unknown>,
  blocks: readonly BlockPlace[],
): RowWriter {
  return extension === ".jsonl" ? lineWriter(target) : new RecordWriter(target, header, blocks);
}
