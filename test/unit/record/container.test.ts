import { describe, expect, test } from "vitest";
import { RecordError } from "../../../src/base/errors.ts";
import type { Program } from "../../../src/base/schema/program.ts";
import { RecordFileReader, type RecordRow } from "../../../src/record/store/container.ts";
import { type Codec, MAGIC } from "../../../src/record/store/container-format.ts";
import { RecordFileWriter } from "../../../src/record/store/container-writer.ts";

/** A zstd frame of one raw block: real zstd framing without a compressor. */
const stored: Codec = {
  compress(bytes) {
    if (bytes.length >= 1 << 17) throw new Error("more than a raw block holds");
    const frame = Buffer.alloc(12 + bytes.length);
    frame.writeUInt32LE(MAGIC.zstd, 0);
    frame[4] = 0xa0;
    frame.writeUInt32LE(bytes.length, 5);
    frame.writeUIntLE((bytes.length << 3) | 1, 9, 3);
    frame.set(bytes, 12);
    return frame;
  },
  decompress(bytes, maxBytes) {
    const size = Buffer.from(bytes).readUInt32LE(5);
    if (size > maxBytes || bytes.length !== 12 + size) throw new Error("damaged frame");
    return bytes.subarray(12);
  },
};

const ROWS: RecordRow[] = Array.from({ length: 50 }, (_, i) => {
  const program: Program = { id: `p${i}`, code: "x = 1\n".repeat(i), entry: i % 2 === 0 ? null : `f(${i})` };
  return { program, record: Uint8Array.from({ length: i * 7 }, (_value, k) => (i + k) & 0xff) };
});

async function write(finish: boolean): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  const writer = new RecordFileWriter(
    (bytes) => {
      parts.push(bytes);
    },
    stored,
    { options: { scope: "program" }, format: "not this", version: 9 },
    { blockSize: 2_000 },
  );
  for (const { program, record } of ROWS) await writer.add(program, record);
  if (finish) await writer.finish();
  return Buffer.concat(parts);
}

async function read(bytes: Uint8Array, from?: number): Promise<{ rows: RecordRow[]; reader: RecordFileReader }> {
  const reader = await RecordFileReader.open(bytes, stored);
  const rows: RecordRow[] = [];
  for await (const row of reader.rows(from)) rows.push(row);
  return { rows, reader };
}

const plain = (rows: RecordRow[]): unknown[] => rows.map(({ program, record }) => [program, Array.from(record)]);

describe("a record file", () => {
  test("gives back what was written", async () => {
    const { rows, reader } = await read(await write(true));
    expect(plain(rows)).toEqual(plain(ROWS));
    expect(reader.complete).toBe(true);
    expect(reader.rowCount).toBe(ROWS.length);
    expect(reader.header).toEqual({ format: "tracemill-records", version: 1, options: { scope: "program" } });
  });

  test.each([0, 1, 17, 49, 50, 1_000])("starts at row %i", async (from) => {
    const bytes = await write(true);
    expect(plain((await read(bytes, from)).rows)).toEqual(plain(ROWS.slice(from)));
  });

  test("without rows is a file too", async () => {
    const parts: Uint8Array[] = [];
    await new RecordFileWriter((bytes) => void parts.push(bytes), stored, {}).finish();
    const { rows, reader } = await read(Buffer.concat(parts));
    expect(rows).toEqual([]);
    expect(reader.rowCount).toBe(0);
  });

  test("that was interrupted anywhere gives its whole blocks", async () => {
    const bytes = await write(false);
    const start = 8 + bytes.readUInt32LE(4);
    const counts = new Set<number>();
    for (let size = start; size < bytes.length; size += 97) {
      const { rows, reader } = await read(bytes.subarray(0, size));
      expect(reader.complete).toBe(false);
      expect(reader.rowCount).toBeNull();
      expect(plain(rows)).toEqual(plain(ROWS.slice(0, rows.length)));
      counts.add(rows.length);
    }
    expect(counts.size).toBeGreaterThan(3);
  });

  test("that was damaged is read, or rejected with RecordError", async () => {
    const bytes = await write(true);
    for (let i = 0; i < 600; i++) {
      const damaged = Buffer.from(bytes);
      const at = Math.floor((i * bytes.length) / 600);
      damaged[at] = (damaged[at] as number) ^ (1 << (i % 8));
      await read(damaged).catch((error: unknown) => {
        if (!(error instanceof RecordError)) throw error;
      });
    }
  });

  test("of another kind or version is named as such", async () => {
    await expect(read(Buffer.from("PK\u0003\u0004 something else"))).rejects.toMatchObject({ code: "bad-magic" });
    const bytes = (await write(true)).toString("latin1").replace('"version":1', '"version":4');
    await expect(read(Buffer.from(bytes, "latin1"))).rejects.toThrow(/version 4.*version 1/);
  });
});
