// Records with their programs, as tests pass them around: from a tracer, to a record file and back.
import { open } from "node:fs/promises";
import { zstdCodec } from "../../src/base/addon/codec.ts";
import { ByteFile } from "../../src/base/io/byte-file.ts";
import type { Program } from "../../src/base/schema/program.ts";
import { openTracer, type Tracer, type TracerOptions } from "../../src/engine/tracer.ts";
import { RecordFileReader, type RecordRow } from "../../src/record/store/container.ts";
import { RecordFileWriter } from "../../src/record/store/container-writer.ts";
import { dump } from "../../src/record/trace/dump.ts";

/** Far below the 4 MiB of real files, so that a sample fills several blocks. */
const BLOCK_SIZE = 64 << 10;

/** By a tracer of its own, which has run nothing before. */
export async function tracedRows(options: TracerOptions, programs: readonly Program[]): Promise<RecordRow[]> {
  await using tracer = await openTracer(options);
  return await rowsOf(tracer, programs);
}

/** In the order in which the tracer gives them. */
export async function rowsOf(tracer: Tracer, programs: readonly Program[]): Promise<RecordRow[]> {
  const rows: RecordRow[] = [];
  for await (const trace of tracer.run(programs)) {
    rows.push({ program: trace.program, record: Uint8Array.from(trace.bytes) });
  }
  return rows;
}

export async function writeRecordFile(path: string, rows: readonly RecordRow[]): Promise<void> {
  await using file = await open(path, "w");
  const write = async (bytes: Uint8Array): Promise<void> => void (await file.writeFile(bytes));
  const writer = new RecordFileWriter(write, zstdCodec(), {}, { blockSize: BLOCK_SIZE });
  for (const { program, record } of rows) await writer.add(program, record);
  await writer.finish();
}

export async function readRecordFile(path: string): Promise<RecordRow[]> {
  await using file = await ByteFile.open(path);
  const reader = await RecordFileReader.open(file, zstdCodec());
  if (!reader.complete) throw new Error(`${path} was not finished`);
  const rows: RecordRow[] = [];
  for await (const row of reader.rows()) rows.push(row);
  return rows;
}

/** What a failing test shows: of every row that differs its program and the first line of the dumps that does. */
export function differences(expected: readonly RecordRow[], actual: readonly RecordRow[]): string[] {
  const found: string[] = [];
  if (expected.length !== actual.length) found.push(`${actual.length} rows instead of ${expected.length}`);
  for (const [i, { program, record }] of expected.entries()) {
    const other = actual[i];
    if (other === undefined) break;
    if (other.program.id !== program.id) found.push(`row ${i}: ${other.program.id} instead of ${program.id}`);
    else if (!Buffer.from(other.record).equals(record)) found.push(`${program.id}: ${place(record, other.record)}`);
  }
  return found;
}

function place(expected: Uint8Array, actual: Uint8Array): string {
  const theirs = dump(expected).split("\n");
  const ours = dump(actual).split("\n");
  const most = Math.max(theirs.length, ours.length);
  for (let i = 0; i < most; i++) {
    if (ours[i] !== theirs[i]) return `dump line ${i + 1}: ${ours[i] ?? "(end)"}, not: ${theirs[i] ?? "(end)"}`;
  }
  return `byte ${expected.findIndex((byte, i) => byte !== actual[i])}, in what a dump does not show`;
}
