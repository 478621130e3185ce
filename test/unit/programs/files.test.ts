import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parquetWriteFile } from "hyparquet-writer";
import { expect, test } from "vitest";
import type { ReadProgress } from "../../../src/programs/sources/file-rows.ts";
import { type ReadOptions, readPrograms } from "../../../src/programs/sources/read.ts";
import { collect } from "../../helpers/collect.ts";
import { TestFolder } from "../../helpers/test-folder.ts";

const folder = new TestFolder();

/** Programs as they are, rejected rows as [row, reason]. */
async function read(input: string, options: ReadOptions = {}): Promise<unknown[]> {
  const items = await collect(readPrograms([input], options));
  return items.map((item) => ("program" in item ? item.program : [item.rejected.place.row, item.rejected.reason]));
}

const ROWS = Array.from({ length: 3_000 }, (_, i) => ({ id: `p${i}`, code: `x = ${i}` }));
const TEXT = ROWS.map((row) => `${JSON.stringify(row)}\n`).join("");
const PROGRAMS = ROWS.map((row) => ({ ...row, entry: null }));

test("gzipped rows, lines and arrays, in one member or many", async () => {
  const half = TEXT.length / 2;
  const members = Buffer.concat([gzipSync(TEXT.slice(0, half)), gzipSync(TEXT.slice(half))]);
  expect(await read(folder.write("a.jsonl.gz", gzipSync(TEXT)))).toEqual(PROGRAMS);
  expect(await read(folder.write("b.JSONL.GZ", members))).toEqual(PROGRAMS);
  expect(await read(folder.write("c.json.gz", gzipSync(`\n[${JSON.stringify(ROWS[0])}]`)))).toEqual([PROGRAMS[0]]);
});

test("what is hashed and counted is the compressed file", async () => {
  const bytes = gzipSync(TEXT);
  const progress: ReadProgress = { files: [] };
  const path = folder.write("a.jsonl.gz", bytes);
  await read(path, { progress });
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  expect(progress.files).toEqual([{ path, bytes: bytes.length, bytesRead: bytes.length, sha256 }]);
});

test("a damaged file gives the rows before the damage, and says so", async () => {
  const whole = gzipSync(TEXT);
  const items = await collect(readPrograms([folder.write("cut.jsonl.gz", whole.subarray(0, whole.length - 9))]));
  const last = items.at(-1);
  expect(last).toMatchObject({ rejected: { reason: "corrupt-file", message: expect.stringContaining("is damaged") } });
  expect(items.length).toBeGreaterThan(1);
  expect(await read(folder.write("no.jsonl.gz", "not gzip"))).toEqual([[1, "corrupt-file"]]);
  expect(await read(folder.write("no.parquet", "PAR1 no parquet PAR1"))).toEqual([[1, "corrupt-file"]]);
  expect(await read(folder.write("empty.parquet", ""))).toEqual([[1, "corrupt-file"]]);
});

function parquet(
  name: string,
  columns: Parameters<typeof parquetWriteFile>[0]["columnData"],
  rowGroupSize = 2,
): string {
  const filename = folder.at(name);
  mkdirSync(join(filename, ".."), { recursive: true });
  parquetWriteFile({ filename, columnData: columns, rowGroupSize });
  return filename;
}

test("Parquet rows are those of JSON lines, whatever the kind", async () => {
  const path = parquet("a.parquet", [
    { name: "task_id", data: [1n, 2n, 12345678901234567n], type: "INT64" },
    { name: "code", data: ["def f(x): ...", "def g(x): ...", "def h(x): ..."], type: "STRING" },
    { name: "function_call", data: ["f(1)", "g('é')", null], type: "STRING" },
  ]);
  expect(await read(path)).toEqual([
    { id: "1", code: "def f(x): ...", entry: "f(1)" },
    { id: "2", code: "def g(x): ...", entry: "g('é')" },
    [3, "missing-field"],
  ]);
  expect(await read(path, { limit: 1 })).toHaveLength(1);
  expect(await read(path, { maxRowBytes: 10 })).toEqual([1, 2, 3].map((row) => [row, "row-too-large"]));
});

test("Parquet numbers keep their kind", async () => {
  const ios = [[{ input: { whole: 3n, real: 3, not: Number.NaN, tiny: 1e-7 }, output: [1.5, null] }]];
  const path = folder.at("b.parquet");
  parquetWriteFile({
    filename: path,
    columnData: [
      { name: "refcode", data: ["def m(**k): ..."] },
      { name: "funcname", data: ["m"] },
      { name: "ios", data: ios },
    ],
    schema: [
      { name: "root", num_children: 3 },
      { name: "refcode", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
      { name: "funcname", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
      { name: "ios", converted_type: "LIST", repetition_type: "OPTIONAL", num_children: 1 },
      { name: "list", repetition_type: "REPEATED", num_children: 1 },
      { name: "element", repetition_type: "OPTIONAL", num_children: 2 },
      { name: "input", repetition_type: "OPTIONAL", num_children: 4 },
      { name: "whole", type: "INT64", repetition_type: "OPTIONAL" },
      { name: "real", type: "DOUBLE", repetition_type: "OPTIONAL" },
      { name: "not", type: "DOUBLE", repetition_type: "OPTIONAL" },
      { name: "tiny", type: "DOUBLE", repetition_type: "OPTIONAL" },
      { name: "output", converted_type: "LIST", repetition_type: "OPTIONAL", num_children: 1 },
      { name: "list", repetition_type: "REPEATED", num_children: 1 },
      { name: "element", type: "DOUBLE", repetition_type: "OPTIONAL" },
    ],
  });
  expect(await read(path)).toEqual([
    {
      id: "1/0",
      code: "def m(**k): ...",
      entry: "m(whole=3, real=3.0, tiny=1e-7, **{'not': float('nan')})",
      expected: "[1.5, None]",
      compare: "json",
    },
  ]);
});

test("a flipped byte of a Parquet file is never more than a rejected row", async () => {
  const sound = readFileSync(
    parquet("c.parquet", [
      { name: "id", data: ["a", "b", "c", "d"] },
      { name: "code", data: ["1", "2", "3", "4"] },
    ]),
  );
  for (let at = 0; at < sound.length; at += 7) {
    const bytes = Buffer.from(sound);
    bytes[at] = (bytes[at] as number) ^ 0xff;
    const items = await read(folder.write("flipped.parquet", bytes));
    expect(items.length, `byte ${at}`).toBeLessThanOrEqual(5);
  }
});

test("folders of data sets are their Parquet shards, in order; others their Python files", async () => {
  const shard = (name: string, id: string) =>
    parquet(name, [
      { name: "id", data: [id] },
      { name: "code", data: ["1"] },
    ]);
  shard("set/data/train-00001-of-00002.parquet", "b");
  shard("set/data/train-00000-of-00002.parquet", "a");
  folder.write("set/dataset_info.json", "{}");
  folder.write("set/loader.py", "raise SystemExit");
  expect(await read(folder.at("set"))).toEqual([
    { id: "a", code: "1", entry: null },
    { id: "b", code: "1", entry: null },
  ]);
  await expect(read(folder.write("a.py.gz", ""))).rejects.toThrow("no known kind");
});
