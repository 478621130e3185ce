// Reads a record file as a browser does, which has neither Buffer nor process, and prints the dumps of its records.
import { readFileSync, writeFileSync } from "node:fs";

const bytes = new Uint8Array(readFileSync(process.argv[2] as string));
const print = (text: string): void => writeFileSync(1, text);
Reflect.deleteProperty(globalThis, "Buffer");
Reflect.deleteProperty(globalThis, "process");
const [{ RecordFileReader }, { Trace }, { dump }] = await Promise.all([
  import("../../../src/record/store/container.ts"),
  import("../../../src/record/trace/trace.ts"),
  import("../../../src/record/trace/dump.ts"),
]);
/** The blocks of this file are stored as they are behind zstd's mark. */
const stored = { compress: (rows: Uint8Array) => rows, decompress: (rows: Uint8Array) => rows.subarray(4) };
const reader = await RecordFileReader.open(bytes, stored);
const texts: string[] = [];
for await (const { program, record } of reader.rows()) {
  const trace = new Trace(record);
  const states = [...trace.stateAt(trace.eventCount - 1)];
  texts.push(JSON.stringify({ program, dump: dump(record), stdout: trace.stdout, outcome: trace.outcome, states }));
}
print(texts.join("\n"));
