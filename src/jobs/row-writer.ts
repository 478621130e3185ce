import type { BlockPlace } from "../record/store/container-format.ts";
import { BlockFileWriter } from "../record/store/container-writer.ts";

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

/** A record file with one block per batch, in which the batches come. */
function recordWriter(target: ByteTarget, header: Record<string, unknown>, blocks: readonly BlockPlace[]): RowWriter {
  const file = new BlockFileWriter((bytes) => target.append(bytes), header, { blocks, bytes: target.length });
  return {
    begin: () => file.begin(),
    append: async (block, rows) => {
      if (rows > 0) await file.block([block], rows);
    },
    finish: () => file.finish(),
  };
}

/** What writes the files of a format with this extension; `header` is for record files. */
export function rowWriter(
  extension: string,
  target: ByteTarget,
  header: Record<string, unknown>,
  blocks: readonly BlockPlace[],
): RowWriter {
  return extension === ".jsonl" ? lineWriter(target) : recordWriter(target, header, blocks);
}
