import { zstdCodec } from "../../base/addon/codec.ts";
import { EngineError } from "../../base/errors.ts";
import { ByteFile } from "../../base/io/byte-file.ts";
import type { Program } from "../../base/schema/program.ts";
import type { ReadItem } from "../../programs/sources/read.ts";
import type { RowPlace } from "../../programs/sources/source.ts";
import { RecordFileReader } from "../../record/store/container.ts";
import { Trace } from "../../record/trace/trace.ts";

/** A program that ran, with its record. */
export interface TracedRun {
  readonly program: Program;
  readonly place: RowPlace;
  readonly trace: Trace;
}

/** The runs of a record file, in the order of the programs, some of which have none there. */
export async function* tracedRuns(
  path: string,
  items: AsyncIterable<ReadItem>,
): AsyncGenerator<TracedRun, void, undefined> {
  await using file = await ByteFile.open(path);
  const rows = (await RecordFileReader.open(file, zstdCodec())).rows();
  let next = (await rows.next()).value;
  for await (const item of items) {
    if (next === undefined) return;
    if (!("program" in item) || item.program.id !== next.program.id) continue;
    yield { program: item.program, place: item.place, trace: new Trace(next.record) };
    next = (await rows.next()).value;
  }
  if (next === undefined) return;
  const id = JSON.stringify(next.program.id);
  throw new EngineError("unknown-row", `no program of the inputs is ${id}: they were changed`);
}
