// Renders stored recordings as events rows no longer than the comparison with the reference needs them:
//
//   npx tsx first-events.ts OURS.tmr REFERENCE.jsonl > OURS.jsonl
//
// Of a program that the reference cut, the events up to the cut; of another, one event more than the reference has, so
// that a surplus shows.
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { stdout } from "node:process";
import { createInterface } from "node:readline";
import { zstdCodec } from "../../src/base/addon/codec.ts";
import { ByteFile } from "../../src/base/io/byte-file.ts";
import { RecordFileReader } from "../../src/record/store/container.ts";
import { Trace } from "../../src/record/trace/trace.ts";
import { eventsWithIdentities } from "./event-rows.ts";

interface ReferenceRow {
  id: string;
  skipped?: string;
  cut?: number;
  events: unknown[];
}

/** By program id: how many events to render. */
async function eventsNeeded(path: string): Promise<Map<string, number>> {
  const needed = new Map<string, number>();
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const row = JSON.parse(line) as ReferenceRow;
    if (row.skipped === undefined) needed.set(row.id, row.cut ?? row.events.length + 1);
  }
  return needed;
}

const [recordings, reference] = process.argv.slice(2);
if (recordings === undefined || reference === undefined) {
  throw new Error("usage: npx tsx first-events.ts OURS.tmr REFERENCE.jsonl > OURS.jsonl");
}
const needed = await eventsNeeded(reference);
await using file = await ByteFile.open(recordings);
const reader = await RecordFileReader.open(file, zstdCodec());
for await (const { program, record } of reader.rows()) {
  const row = eventsWithIdentities(program, new Trace(record), needed.get(program.id) ?? 0);
  if (!stdout.write(`${JSON.stringify(row)}\n`)) await once(stdout, "drain");
}
