import { SourceError } from "../../base/errors.ts";
import { CorruptFileError } from "../../base/io/corrupt-file.ts";
import { isDeeperThan, MAX_DEPTH, parseJsonText, toPlainValue } from "../../base/io/json-text.ts";
import type { RowFault, TextRow } from "../../base/io/rows.ts";
import type { Program } from "../../base/schema/program.ts";
import { kindOf } from "./fields.ts";
import type { InputFile } from "./file-kinds.ts";
import { fileRows, MAX_ROW_BYTES, type ReadProgress } from "./file-rows.ts";
import { IdSet } from "./id-set.ts";
import { findInputs } from "./inputs.ts";
import { detectSource, findSource } from "./registry.ts";
import { type FieldMap, renamed, renamedNode } from "./renamed.ts";
import {
  type FaultyPart,
  type RejectedRow,
  type RowContext,
  type RowPlace,
  type SourceAdapter,
  UNREAD,
} from "./source.ts";

/** Names of fields that are carried along which are told. */
const MOST_NOTED = 50;

export interface ReadOptions {
  /** The kind of all rows; by default found row by row. */
  source?: string;
  /** Ends after so many programs. */
  limit?: number;
  /** Every count-th row, beginning with row `index` (from 1). Ids are compared within the shard only. */
  shard?: { index: number; count: number };
  maxRowBytes?: number;
  /** Fields that are renamed before the row's kind is looked for: `{code: "solution"}` takes `solution` for `code`. */
  map?: FieldMap;
  /** Told, in words, what of the rows is worth knowing; each thing once. */
  note?: (text: string) => void;
  /** Kept up to date while reading. */
  progress?: ReadProgress;
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
      for await (const found of fileRows(file, options)) {
        row = found.row;
        for (const item of reader.items(file, found)) {
          yield item;
          if (reader.full) return;
        }
      }
    } catch (error) {
      if (!(error instanceof CorruptFileError)) throw error;
      const message = `The file is damaged: ${error.message}. Rows from here on were not read.`;
      yield { rejected: { place: { file: file.path, row: row + 1 }, reason: UNREAD, message } };
    }
  }
}

class ProgramReader {
  readonly #options: ReadOptions;
  readonly #source: SourceAdapter | undefined;
  readonly #oneFile: boolean;
  readonly #ids: IdSet = new IdSet();
  readonly #carried: Set<string> = new Set();
  readonly #inSplits: IdSet = new IdSet();
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
      for (const made of this.#programsOf(file, row, place)) yield this.#item(file, made, place);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      yield { rejected: { place, reason: error.code, message: error.message } };
    }
  }

  #item(file: InputFile, made: Program | FaultyPart, place: RowPlace): ReadItem {
    if ("fault" in made) {
      const { id, fault } = made;
      return { rejected: { place, id, reason: fault.code, message: fault.message } };
    }
    const id = this.#uniqueId(file, made.id);
    if (id === null) {
      const message = `The id ${JSON.stringify(made.id)} was used by an earlier row; give every row its own.`;
      return { rejected: { place, id: made.id, reason: "duplicate-id", message } };
    }
    this.#programs++;
    return { program: id === made.id ? made : { ...made, id }, place };
  }

  /** Splits of a data set may use the same ids: of one that is used already, the split is made a part. Null: in vain. */
  #uniqueId({ split }: InputFile, id: string): string | null {
    if (split === null) return this.#ids.add(id) ? id : null;
    const qualified = `${split}/${id}`;
    if (!this.#inSplits.add(qualified)) return null;
    if (this.#ids.add(id)) return id;
    return this.#ids.add(qualified) ? qualified : null;
  }

  #noteCarried(names: readonly string[]): void {
    const fresh = names.filter((name) => !this.#carried.has(name) && this.#carried.size < MOST_NOTED);
    for (const name of fresh) this.#carried.add(name);
    if (fresh.length === 0) return;
    const named = fresh.map((name) => JSON.stringify(name)).join(", ");
    this.#options.note?.(`the rows have ${named}, which is no part of a program: it is carried along in "meta"`);
  }

  #programsOf(file: InputFile, row: TextRow, place: RowPlace): Iterable<Program | FaultyPart> {
    if ("fault" in row) throw FAULTS[row.fault](this.#options.maxRowBytes ?? MAX_ROW_BYTES);
    if (file.kind === "python") return [{ id: file.id, code: row.text, entry: null }];
    const value = parseRow(row);
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new SourceError("wrong-type", `The row is ${kindOf(value)}; make it a JSON object.`);
    }
    const { map } = this.#options;
    const fields = map === undefined ? (value as Record<string, unknown>) : renamed(value, map);
    const source = this.#source ?? detectSource(fields);
    if (source === undefined) {
      const names = Object.keys(fields).slice(0, 20).join(", ");
      const advice = `"tracemill sources" shows the rows that are known`;
      throw new SourceError("unknown-source", `The row's fields (${names}) are those of no source; ${advice}.`);
    }
    const fallbackId = this.#oneFile ? String(place.row) : `${place.file}:${place.row}`;
    const context: RowContext = {
      ...place,
      fallbackId,
      exact: () => renamedNode(parseJsonText(row.text), map),
      carried: (names) => this.#noteCarried(names),
    };
    return source.programs(fields, context);
  }
}

function parseRow({ text, cut = false }: { text: string; cut?: boolean }): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Python writes NaN and Infinity, which JSON.parse refuses.
    try {
      value = toPlainValue(parseJsonText(text));
    } catch (cause) {
      const why = (cause as Error).message;
      if (cut) throw new SourceError(UNREAD, `The file ends in the middle of this row: ${why}.`, { cause });
      throw new SourceError("malformed-json", `The row is no JSON: ${why}.`, { cause });
    }
  }
  if (!isDeeperThan(value, MAX_DEPTH)) return value;
  throw new SourceError("too-deep", `The row is nested deeper than ${MAX_DEPTH}; write its values flatter.`);
}

const FAULTS: Readonly<Record<RowFault, (maxRowBytes: number) => SourceError>> = {
  "too-large": (maxRowBytes) =>
    new SourceError("row-too-large", `The row has more than ${maxRowBytes} bytes; split it.`),
  "invalid-utf8": () => new SourceError("invalid-utf8", "The row is not UTF-8; write it again as UTF-8."),
  "wrong-cells": () => {
    return new SourceError("wrong-cells", "The row has not the cells that the header names; quote what holds quotes.");
  },
  cut: () => new SourceError(UNREAD, "The file ends in the middle of this row."),
  unread: () => new SourceError(UNREAD, "The row is in a damaged part of the file, and was not read."),
};
