import { type FileHandle, open } from "node:fs/promises";
import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { CorruptFileError } from "./corrupt-file.ts";
import { NotUtf8Error, PARSERS, rowText, type SchemaTree, withPlainDecimals } from "./parquet-cells.ts";
import type { RowLimits, TextRow } from "./rows.ts";

/** Rows that are decoded at once; those before them in their row group are decoded again only where pages have no index. */
const ROWS_AT_ONCE = 1_024;
/** Rows that are given one by one as unread; a damaged file may claim any number. */
const MOST_LOST = 1_000_000;
/** A row group is decoded in memory. */
const MAX_GROUP_BYTES = 2 ** 31;

/** How far the reading is. */
export interface ParquetProgress {
  bytesRead: number;
}

/**
 * The rows of a Parquet file as JSON texts, which keep whole numbers of any size, and the difference between 1 and 1.0.
 * Throws CorruptFileError where it cannot be told how many rows are lost.
 */
export async function* parquetRows(
  path: string,
  limits: RowLimits,
  progress: ParquetProgress,
): AsyncGenerator<TextRow[], void, undefined> {
  await using file = await openFile(path);
  const metadata = await sound(() => parquetMetadataAsync(file.buffer));
  const schema = await sound(async () => parquetSchema(metadata));
  const options = {
    file: file.buffer,
    metadata: withPlainDecimals(metadata),
    compressors,
    parsers: PARSERS,
    utf8: false,
  };
  const read = async (rowStart: number, rowEnd: number): Promise<Record<string, unknown>[]> => {
    const found = await sound(() => parquetReadObjects({ ...options, rowStart, rowEnd, useOffsetIndex: true }));
    if (found.length !== rowEnd - rowStart) throw new CorruptFileError("a row group lacks rows");
    return found;
  };
  let lost = 0;
  for (const { start, rows } of groupsOf(metadata)) {
    const end = start + rows;
    for (let from = start; from < end; ) {
      const to = Math.min(from + ROWS_AT_ONCE, end);
      const found = await read(from, to).catch((error) => beforeDamage(error, from, to, read));
      yield found.map((value, i) => textRow(from + i + 1, value, schema, limits));
      from += found.length;
      progress.bytesRead = Math.floor((file.buffer.byteLength * from) / Number(metadata.num_rows));
      if (from === to) continue;
      // What comes behind damage in a row group cannot be decoded; the next one can.
      lost += end - from;
      if (lost > MOST_LOST) throw new CorruptFileError(`over ${MOST_LOST} of its rows cannot be read`);
      for (; from < end; from++) yield [{ row: from + 1, fault: "unread" }];
    }
  }
}

/** The rows of a range in front of the first that cannot be decoded. */
async function beforeDamage(
  error: unknown,
  from: number,
  to: number,
  read: (from: number, to: number) => Promise<Record<string, unknown>[]>,
): Promise<Record<string, unknown>[]> {
  if (!(error instanceof CorruptFileError)) throw error;
  let found: Record<string, unknown>[] = [];
  // `found` reaches to `sound`; the row before `damaged` is not sound.
  let sound = from;
  for (let damaged = to; damaged - sound > 1; ) {
    const middle = (sound + damaged) >> 1;
    const part = await read(sound, middle).catch(() => null);
    if (part === null) damaged = middle;
    else {
      found = found.concat(part);
      sound = middle;
    }
  }
  return found;
}

/** Where the row groups start, and how many rows they have. */
function groupsOf(metadata: FileMetaData): { start: number; rows: number }[] {
  let start = 0;
  return metadata.row_groups.map(({ num_rows, total_byte_size }) => {
    if (Number(total_byte_size) > MAX_GROUP_BYTES) {
      throw new CorruptFileError("a row group takes over 2 GiB; write the file again with smaller row groups");
    }
    const group = { start, rows: Number(num_rows) };
    start += group.rows;
    return group;
  });
}

/** What a damaged file makes the decoder throw is of many kinds. */
async function sound<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof Error && "syscall" in cause) throw cause;
    throw new CorruptFileError(`no sound Parquet data: ${(cause as Error).message}`, { cause });
  }
}

function textRow(row: number, value: Record<string, unknown>, schema: SchemaTree, limits: RowLimits): TextRow {
  try {
    const text = rowText(value, schema);
    return text.length > limits.maxRowBytes ? { row, fault: "too-large" } : { row, text };
  } catch (error) {
    if (error instanceof NotUtf8Error) return { row, fault: "invalid-utf8" };
    throw error;
  }
}

async function openFile(path: string): Promise<AsyncDisposable & { buffer: AsyncBuffer }> {
  const handle: FileHandle = await open(path, "r");
  const { size } = await handle.stat();
  const buffer: AsyncBuffer = {
    byteLength: size,
    async slice(start, end = size) {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start));
      for (let done = 0; done < bytes.length; ) {
        const { bytesRead } = await handle.read(bytes, done, bytes.length - done, start + done);
        if (bytesRead === 0) throw new RangeError("the file ends too early");
        done += bytesRead;
      }
      return bytes.buffer;
    },
  };
  return { buffer, [Symbol.asyncDispose]: () => handle.close() };
}
