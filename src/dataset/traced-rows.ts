import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { EngineError } from "../errors.ts";
import type { Program } from "../schema/program.ts";
import type { ReadItem } from "../sources/read.ts";
import type { RowPlace } from "../sources/source.ts";

/** A rendered row with the program that it comes from. */
export interface TracedRow {
  readonly row: unknown;
  readonly program: Program;
  readonly place: RowPlace;
}

/** Rows are in the order of the programs, some of which have none. */
export async function* tracedRows(
  path: string,
  items: AsyncIterable<ReadItem>,
): AsyncGenerator<TracedRow, void, undefined> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  const rows = lines[Symbol.asyncIterator]();
  let next = await nextRow(rows);
  for await (const item of items) {
    if (next === null) return;
    if (!("program" in item) || item.program.id !== next.id) continue;
    yield { row: next.row, program: item.program, place: item.place };
    next = await nextRow(rows);
  }
  if (next === null) return;
  throw new EngineError("UNKNOWN_ROW", `no program of the inputs is ${JSON.stringify(next.id)}: they were changed`);
}

async function nextRow(rows: AsyncIterator<string>): Promise<{ id: unknown; row: unknown } | null> {
  const { done, value } = await rows.next();
  if (done) return null;
  const row = JSON.parse(value) as { id?: unknown };
  return { id: row.id, row };
}
