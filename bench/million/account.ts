import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import { zstdCodec } from "../../src/base/addon/codec.ts";
import { ByteFile } from "../../src/base/io/byte-file.ts";
import { RecordFileReader } from "../../src/record/store/container.ts";
import { Trace } from "../../src/record/trace/trace.ts";

/** What a run wrote. */
export interface Account {
  rows: number;
  rejected: number;
  bytes: number;
  /** Of all records; null where the output does not tell. */
  events: number | null;
}

/**
 * Reads everything that a run wrote and throws where an id is missing, there twice, or out of order: the rows and the
 * rejected ones together must be g<seed>-1, g<seed>-2, ... up to the number of programs.
 */
export async function account(output: string, seed: number, count: number): Promise<Account> {
  const counted = { rows: 0, rejected: 0, events: 0 };
  const records = output.endsWith(".tmr");
  const rejected = idsOf(`${output}.rejected.jsonl`)[Symbol.asyncIterator]();
  const rows = (records ? recordIds(output, counted) : idsOf(output))[Symbol.asyncIterator]();
  let nextRow = await rows.next();
  let nextRejected = await rejected.next();
  for (let number = 1; number <= count; number++) {
    const id = `g${seed}-${number}`;
    if (nextRow.value === id) {
      counted.rows++;
      nextRow = await rows.next();
    } else if (nextRejected.value === id) {
      counted.rejected++;
      nextRejected = await rejected.next();
    } else {
      throw new Error(
        `${id} is not where it should be: next are ${nextRow.value} and, rejected, ${nextRejected.value}`,
      );
    }
  }
  if (!nextRow.done || !nextRejected.done) {
    throw new Error(`more than ${count} programs: ${nextRow.value ?? nextRejected.value} is left`);
  }
  const { size } = await stat(output);
  return { rows: counted.rows, rejected: counted.rejected, bytes: size, events: records ? counted.events : null };
}

async function* idsOf(path: string): AsyncGenerator<string, undefined, undefined> {
  for await (const line of createInterface({ input: createReadStream(path) })) {
    yield (JSON.parse(line) as { id: string }).id;
  }
}

async function* recordIds(path: string, counted: { events: number }): AsyncGenerator<string, undefined, undefined> {
  await using file = await ByteFile.open(path);
  const reader = await RecordFileReader.open(file, zstdCodec());
  for await (const { program, record } of reader.rows()) {
    counted.events += new Trace(record).outcome.events;
    yield program.id;
  }
}
