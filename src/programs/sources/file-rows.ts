// The rows of one file, whatever its kind and compression, as texts.

import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { zstdChunks } from "../../base/addon/zstd-chunks.ts";
import { splitArray } from "../../base/io/array-elements.ts";
import { arrowLines } from "../../base/io/arrow/lines.ts";
import { csvRows } from "../../base/io/csv-rows.ts";
import { gunzip } from "../../base/io/gunzip.ts";
import { hashFile, READ_CHUNK_BYTES } from "../../base/io/hash.ts";
import { parquetRows } from "../../base/io/parquet-rows.ts";
import { RowBytes, type RowLimits, splitLines, type TextRow, withoutByteOrderMark } from "../../base/io/rows.ts";
import type { InputFile } from "./file-kinds.ts";

/** How far the reading is; `sha256` is known of files that were read to their end. */
export interface ReadProgress {
  files: { path: string; bytes: number; bytesRead: number; sha256: string | null }[];
}

/** A row is held in memory whole, and a program may be sent to a tracer process in one frame. */
export const MAX_ROW_BYTES: number = 64 << 20;

export interface FileReading {
  maxRowBytes?: number;
  /** Kept up to date while reading. */
  progress?: ReadProgress;
}

/** Throws CorruptFileError behind the last sound row of a file that is damaged, and the system's errors. */
export async function* fileRows(file: InputFile, options: FileReading): AsyncGenerator<TextRow, void, undefined> {
  for await (const rows of rowBatches(file, options)) yield* rows;
}

/** The same, in batches of what was read at once. */
export async function* rowBatches(
  file: InputFile,
  { maxRowBytes = MAX_ROW_BYTES, progress }: FileReading,
): AsyncGenerator<readonly TextRow[], void, undefined> {
  const limits = { maxRowBytes };
  if (file.kind === "parquet") {
    yield* parquetFile(file, limits, progress);
    return;
  }
  const chunks = readPlain(file, progress);
  if (file.kind === "python") {
    const bytes = new RowBytes(limits.maxRowBytes);
    for await (const chunk of withoutByteOrderMark(chunks)) bytes.add(chunk);
    yield [bytes.take(1)];
    return;
  }
  if (file.kind === "csv" || file.kind === "tsv") {
    for await (const rows of csvRows(chunks, file.kind === "csv" ? "," : "\t", limits)) yield rows;
    return;
  }
  const array = file.kind === "array" && (await beginsWithBracket(file));
  const lines = file.kind === "arrow" ? arrowLines(chunks) : chunks;
  for await (const rows of array ? splitArray(lines, limits) : splitLines(lines, limits)) yield rows;
}

/** A Parquet file is not read from its start to its end, so its hash takes a second reading. */
async function* parquetFile(
  file: InputFile,
  limits: RowLimits,
  progress: ReadProgress | undefined,
): AsyncGenerator<readonly TextRow[], void, undefined> {
  const state = { path: file.path, bytes: file.bytes, bytesRead: 0, sha256: null as string | null };
  progress?.files.push(state);
  for await (const rows of parquetRows(file.location, limits, state)) yield rows;
  state.bytesRead = file.bytes;
  if (progress !== undefined) state.sha256 = (await hashFile(file.location)).sha256;
}

/** Without its compression; what is counted and hashed is the file. */
function readPlain(file: InputFile, progress: ReadProgress | undefined): AsyncIterable<Uint8Array> {
  if (file.compression === null) return readChunks(file, progress);
  if (file.compression === "zstd") return zstdChunks(readChunks(file, progress));
  let first = true;
  return gunzip(() => {
    const chunks = readChunks(file, first ? progress : undefined);
    first = false;
    return chunks;
  });
}

async function* readChunks(file: InputFile, progress: ReadProgress | undefined): AsyncGenerator<Uint8Array> {
  const hash: Hash | null = progress === undefined ? null : createHash("sha256");
  const state = { path: file.path, bytes: file.bytes, bytesRead: 0, sha256: null as string | null };
  progress?.files.push(state);
  for await (const chunk of createReadStream(file.location, { highWaterMark: READ_CHUNK_BYTES })) {
    hash?.update(chunk);
    state.bytesRead += chunk.length;
    yield chunk;
  }
  state.sha256 = hash?.digest("hex") ?? null;
}

/** Files named .json hold an array or, often, lines. */
async function beginsWithBracket(file: InputFile): Promise<boolean> {
  for await (const chunk of withoutByteOrderMark(readPlain(file, undefined))) {
    const first = chunk.find((byte) => byte > 0x20);
    if (first !== undefined) return first === 0x5b;
  }
  return false;
}
