import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { SourceError } from "../../base/errors.ts";
import { splitArray } from "../../base/io/array-elements.ts";
import { arrowLines } from "../../base/io/arrow/lines.ts";
import { CorruptFileError, decompress } from "../../base/io/decompress.ts";
import { hashFile, READ_CHUNK_BYTES } from "../../base/io/hash.ts";
import { parseJsonText, toPlainValue } from "../../base/io/json-text.ts";
import { parquetRows } from "../../base/io/parquet-rows.ts";
import {
  RowBytes,
  type RowFault,
  type RowLimits,
  splitLines,
  type TextRow,
  withoutByteOrderMark,
} from "../../base/io/rows.ts";
import type { Program } from "../../base/schema/program.ts";
import { kindOf } from "./fields.ts";
import { IdSet } from "./id-set.ts";
import { findInputs, type InputFile } from "./inputs.ts";
import { detectSource, findSource } from "./registry.ts";
import type { FaultyPart, RejectedRow, RowContext, RowPlace, SourceAdapter } from "./source.ts";

/** A row is held in memory whole, and a program may be sent to a tracer process in one frame. */
const MAX_ROW_BYTES = 64 << 20;

export interface ReadOptions {
  /** The kind of all rows; by default found row by row. */
  source?: string;
  /** Ends after so many programs. */
  limit?: number;
  /** Every count-th row, beginning with row `index` (from 1). Ids are compared within the shard only. */
  shard?: { index: number; count: number };
  maxRowBytes?: number;
  /** Kept up to date while reading. */
  progress?: ReadProgress;
}

/** How far the reading is; `sha256` is known of files that were read to their end. */
export interface ReadProgress {
  files: { path: string; bytes: number; bytesRead: number; sha256: string | null }[];
}

/** `place` is where the program comes from. */
export type ReadItem = { program: Program; place: RowPlace } | { rejected: RejectedRow };

/** Every row of the inputs, in order, as its programs or as a rejected row. */
export async function* readPrograms(
  inputs: readonly string[],
  options: ReadOptions = {},
): AsyncGenerator<ReadItem, void, undefined> {
  yield* readFiles(await findInputs(inputs), options);
}

/** The same, of files that were found already. */
export async function* readFiles(
  files: readonly InputFile[],
  options: ReadOptions = {},
): AsyncGenerator<ReadItem, void, undefined> {
  const reader = new ProgramReader(files.length, options);
  for (const file of files) {
    let row = 0;
    try {
      for await (const found of rowsOf(file, options)) {
        row = found.row;
        for (const item of reader.items(file, found)) {
          yield item;
          if (reader.full) return;
        }
      }
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof CorruptFileError)) throw error;
      const [reason, what] =
        error instanceof SyntaxError ? ["malformed-json", "is no JSON array"] : ["corrupt-file", "is damaged"];
      const message = `The file ${what}: ${error.message}. Rows from here on were not read.`;
      yield { rejected: { place: { file: file.path, row: row + 1 }, reason, message } };
    }
  }
}

async function* rowsOf(file: InputFile, options: ReadOptions): AsyncGenerator<TextRow, void, undefined> {
  const limits = { maxRowBytes: options.maxRowBytes ?? MAX_ROW_BYTES };
  if (file.kind === "parquet") {
    yield* parquetFile(file, limits, options.progress);
    return;
  }
  const chunks = readPlain(file, options.progress);
  if (file.kind === "python") {
    const bytes = new RowBytes(limits.maxRowBytes);
    for await (const chunk of withoutByteOrderMark(chunks)) bytes.add(chunk);
    yield bytes.take(1);
    return;
  }
  const array = file.kind === "array" && (await beginsWithBracket(file));
  const lines = file.kind === "arrow" ? arrowLines(chunks) : chunks;
  for await (const rows of array ? splitArray(lines, limits) : splitLines(lines, limits)) yield* rows;
}

/** A Parquet file is not read from its start to its end, so its hash takes a second reading. */
async function* parquetFile(
  file: InputFile,
  limits: RowLimits,
  progress: ReadProgress | undefined,
): AsyncGenerator<TextRow, void, undefined> {
  const state = { path: file.path, bytes: file.bytes, bytesRead: 0, sha256: null as string | null };
  progress?.files.push(state);
  for await (const rows of parquetRows(file.path, limits, state)) yield* rows;
  state.bytesRead = file.bytes;
  if (progress !== undefined) state.sha256 = (await hashFile(file.path)).sha256;
}

/** Without its compression; what is counted and hashed is the file. */
function readPlain(file: InputFile, progress: ReadProgress | undefined): AsyncIterable<Uint8Array> {
  const chunks = readChunks(file, progress);
  return file.compression === null ? chunks : decompress(chunks, file.compression);
}

async function* readChunks(file: InputFile, progress: ReadProgress | undefined): AsyncGenerator<Uint8Array> {
  const hash: Hash | null = progress === undefined ? null : createHash("sha256");
  const state = { path: file.path, bytes: file.bytes, bytesRead: 0, sha256: null as string | null };
  progress?.files.push(state);
  for await (const chunk of createReadStream(file.path, { highWaterMark: READ_CHUNK_BYTES })) {
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

class ProgramReader {
  readonly #options: ReadOptions;
  readonly #source: SourceAdapter | undefined;
  readonly #oneFile: boolean;
  readonly #ids: IdSet = new IdSet();
  #rows = 0;
  #programs = 0;

  constructor(files: number, options: ReadOptions) {
    this.#options = options;
    this.#oneFile = files === 1;
    this.#source = options.source === undefined ? undefined : findSource(options.source);
  }

  /** Whether the limit is reached. */
  get full(): boolean {
    return this.#programs >= (this.#options.limit ?? Number.POSITIVE_INFINITY);
  }

  *items(file: InputFile, row: TextRow): Generator<ReadItem, void, undefined> {
    const { shard } = this.#options;
    if (shard !== undefined && this.#rows++ % shard.count !== shard.index - 1) return;
    const place: RowPlace = { file: file.path, row: row.row };
    try {
      for (const made of this.#programsOf(file, row, place)) yield this.#item(made, place);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      yield { rejected: { place, reason: error.code, message: error.message } };
    }
  }

  #item(made: Program | FaultyPart, place: RowPlace): ReadItem {
    if ("fault" in made) {
      const { id, fault } = made;
      return { rejected: { place, id, reason: fault.code, message: fault.message } };
    }
    if (!this.#ids.add(made.id)) {
      const message = `The id ${JSON.stringify(made.id)} was used by an earlier row; give every row its own.`;
      return { rejected: { place, id: made.id, reason: "duplicate-id", message } };
    }
    this.#programs++;
    return { program: made, place };
  }

  #programsOf(file: InputFile, row: TextRow, place: RowPlace): Iterable<Program | FaultyPart> {
    if ("fault" in row) throw rowFault(row.fault, this.#options.maxRowBytes ?? MAX_ROW_BYTES);
    if (file.kind === "python") return [{ id: file.id, code: row.text, entry: null }];
    const value = parseRow(row.text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new SourceError("wrong-type", `The row is ${kindOf(value)}; make it a JSON object.`);
    }
    const fields = value as Record<string, unknown>;
    const source = this.#source ?? detectSource(fields);
    if (source === undefined) {
      const names = Object.keys(fields).slice(0, 20).join(", ");
      const advice = `"tracemill sources" shows the rows that are known`;
      throw new SourceError("unknown-source", `The row's fields (${names}) are those of no source; ${advice}.`);
    }
    const fallbackId = this.#oneFile ? String(place.row) : `${place.file}:${place.row}`;
    const context: RowContext = { ...place, fallbackId, exact: () => parseJsonText(row.text) };
    return source.programs(fields, context);
  }
}

function parseRow(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Python writes NaN and Infinity, which JSON.parse refuses.
    try {
      return toPlainValue(parseJsonText(text));
    } catch (cause) {
      throw new SourceError("malformed-json", `The row is no JSON: ${(cause as Error).message}.`, { cause });
    }
  }
}

function rowFault(fault: RowFault, maxRowBytes: number): SourceError {
  return fault === "too-large"
    ? new SourceError("row-too-large", `The row has more than ${maxRowBytes} bytes; split it.`)
    : new SourceError("invalid-utf8", "The row is not UTF-8; write it again as UTF-8.");
}
