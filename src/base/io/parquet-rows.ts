import { type FileHandle, open } from "node:fs/promises";
import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { bytesText, dateText, floatText, numberText } from "./cell-text.ts";
import { CorruptFileError } from "./decompress.ts";
import type { RowLimits, TextRow } from "./rows.ts";

type SchemaTree = ReturnType<typeof parquetSchema>;

/** Rows that are decoded at once; those before them in their row group are decoded again only where pages have no index. */
const ROWS_AT_ONCE = 1_024;
/** A row group is decoded in memory. */
const MAX_GROUP_BYTES = 2 ** 31;

/** How far the reading is. */
export interface ParquetProgress {
  bytesRead: number;
}

/**
 * The rows of a Parquet file as JSON texts, which keep whole numbers of any size, and the difference between 1 and 1.0.
 * Throws CorruptFileError.
 */
export async function* parquetRows(
  path: string,
  limits: RowLimits,
  progress: ParquetProgress,
): AsyncGenerator<TextRow[], void, undefined> {
  await using file = await openFile(path);
  const metadata = await sound(() => parquetMetadataAsync(file.buffer));
  const schema = await sound(async () => parquetSchema(metadata));
  const options = { file: file.buffer, metadata, compressors, parsers: { jsonFromBytes: textOf } };
  let row = 0;
  for (const { start, rows } of groupsOf(metadata)) {
    for (let from = start; from < start + rows; from += ROWS_AT_ONCE) {
      const range = { rowStart: from, rowEnd: Math.min(from + ROWS_AT_ONCE, start + rows) };
      const found = await sound(() => parquetReadObjects({ ...options, ...range, useOffsetIndex: true }));
      if (found.length !== range.rowEnd - range.rowStart) throw new CorruptFileError("a row group lacks rows");
      yield found.map((value) => textRow(++row, value, schema, limits));
      progress.bytesRead = Math.floor((file.buffer.byteLength * row) / Number(metadata.num_rows));
    }
  }
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
  const text = structText(value, schema);
  return text.length > limits.maxRowBytes ? { row, fault: "too-large" } : { row, text };
}

function valueText(value: unknown, schema: SchemaTree): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return isFloat(schema) ? floatText(value) : numberText(value);
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof Uint8Array))) {
    const element = elementOf(schema);
    return `[${Array.from(value as unknown[], (item) => valueText(item, element)).join(",")}]`;
  }
  if (value instanceof Uint8Array) return bytesText(value);
  if (value instanceof Date) return dateText(value);
  if (typeof value !== "object") return JSON.stringify(value);
  return structText(value as Record<string, unknown>, schema);
}

function structText(value: Record<string, unknown>, schema: SchemaTree): string {
  const map = schema.element.converted_type === "MAP";
  const member = map ? (schema.children[0]?.children[1] ?? schema) : null;
  const children = new Map(schema.children.map((child) => [child.element.name, child]));
  const members = Object.entries(value).map(([name, item]) => {
    return `${JSON.stringify(name)}:${valueText(item, member ?? children.get(name) ?? schema)}`;
  });
  return `{${members.join(",")}}`;
}

function elementOf(schema: SchemaTree): SchemaTree {
  const repeated = schema.children[0];
  if (schema.element.converted_type !== "LIST" || repeated === undefined) return schema;
  return repeated.children.length === 1 ? (repeated.children[0] as SchemaTree) : repeated;
}

function isFloat({ element }: SchemaTree): boolean {
  return element.type === "DOUBLE" || element.type === "FLOAT";
}

function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : Buffer.from(bytes).toString("utf8");
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
