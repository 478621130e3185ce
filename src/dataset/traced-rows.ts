import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { EngineError } from "../errors.ts";
import type { Program } from "../schema/program.ts";
import type { ReadItem } from "../sources/read.ts";
import type { RowPlace } from "../sources/source.ts";

/** A rendered row with the program that it comes from. */
export interface TracedRow {
  readonly id: string;
  readonly row: unknown;
  readonly program: Program;
  readonly place: RowPlace;
}

/** Rows are in the order of the programs, some of which have none; with `many`, some several. */
export async function* tracedRows(
  path: string,
  items: AsyncIterable<ReadItem>,
  many: boolean,
): AsyncGenerator<TracedRow, void, undefined> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  const rows = lines[Symbol.asyncIterator]();
  let next = await nextRow(rows);
  for await (const item of items) {
    if (next === null) return;
    if (!("program" in item)) continue;
    const { program, place } = item;
    while (next !== null && (many ? isStepOf(next.id, program.id) : next.id === program.id)) {
      yield { id: next.id, row: next.row, program, place };
      next = await nextRow(rows);
      if (!many) break;
    }
  }
  if (next === null) return;
  throw new EngineError("UNKNOWN_ROW", `no program of the inputs is ${JSON.stringify(next.id)}: they were changed`);
}

/** Of several rows of a program each has its number behind the program's id. */
function isStepOf(rowId: string, programId: string): boolean {
  return rowId.startsWith(`${programId}#`) && /^\d+$/.test(rowId.slice(programId.length + 1));
}

async function nextRow(rows: AsyncIterator<string>): Promise<{ id: string; row: unknown } | null> {
  const { done, value } = await rows.next();
  if (done) return null;
  const row = JSON.parse(value) as { id: string };
  return { id: row.id, row };
}
