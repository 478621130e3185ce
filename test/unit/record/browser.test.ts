import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { RecordFileReader } from "../../../src/record/store/container.ts";
import { MAGIC } from "../../../src/record/store/container-format.ts";
import { RecordFileWriter } from "../../../src/record/store/container-writer.ts";
import { dump } from "../../../src/record/trace/dump.ts";
import { Trace } from "../../../src/record/trace/trace.ts";
import { TestFolder } from "../../helpers/test-folder.ts";
import { sampleRecord } from "./sample-record.ts";

const folder = new TestFolder();

/** The rows as they are, behind zstd's mark. */
const stored = {
  compress(bytes: Uint8Array) {
    const frame = Buffer.alloc(4 + bytes.length);
    frame.writeUInt32LE(MAGIC.zstd, 0);
    frame.set(bytes, 4);
    return frame;
  },
  decompress: (bytes: Uint8Array) => bytes.subarray(4),
};

test("a record file is read where there is neither Buffer nor process, with the same result", async () => {
  const parts: Uint8Array[] = [];
  const writer = new RecordFileWriter((bytes) => void parts.push(bytes), stored, {});
  const program = { id: "p", code: "x = 'ä\ud83d\ude00'", entry: null };
  await writer.add(program, sampleRecord().bytes);
  await writer.finish();
  const path = folder.write("in.tmr", Buffer.concat(parts));
  const child = fileURLToPath(new URL("browser-child.ts", import.meta.url));
  const text = execFileSync(process.execPath, ["--import", import.meta.resolve("tsx"), child, path], {
    encoding: "utf8",
  });
  const reader = await RecordFileReader.open(new Uint8Array(Buffer.concat(parts)).buffer, stored);
  const rows = [];
  for await (const row of reader.rows()) rows.push(row);
  const [row] = rows;
  const trace = new Trace(sampleRecord().bytes);
  expect(JSON.parse(text)).toEqual(
    JSON.parse(
      JSON.stringify({
        program: row?.program,
        dump: dump(sampleRecord().bytes),
        stdout: trace.stdout,
        outcome: trace.outcome,
        states: [...trace.stateAt(trace.eventCount - 1)],
      }),
    ),
  );
});
