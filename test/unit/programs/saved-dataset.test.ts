import { symlinkSync } from "node:fs";
import {
  Field,
  Float64,
  Int64,
  List,
  Struct,
  Table,
  tableToIPC,
  Utf8,
  type Vector,
  vectorFromArray,
} from "apache-arrow";
import { expect, test, vi } from "vitest";
import type { ReadProgress } from "../../../src/programs/sources/file-rows.ts";
import { readPrograms } from "../../../src/programs/sources/read.ts";
import { collect } from "../../helpers/collect.ts";
import { TestFolder } from "../../helpers/test-folder.ts";

// Each Arrow file is decoded by a process of its own.
vi.setConfig({ testTimeout: 60_000 });

const folder = new TestFolder();
const write = folder.write.bind(folder);

const texts = (values: (string | null)[]): Vector => vectorFromArray(values, new Utf8());
const stream = (columns: Record<string, Vector>): Uint8Array => tableToIPC(new Table(columns), "stream");
/** Programs of those ids. */
const shard = (name: string, ...ids: string[]): string =>
  write(name, stream({ id: texts(ids), code: texts(ids.map((id) => `x = ${JSON.stringify(id)}`)) }));
const state = (name: string, ...files: string[]): string =>
  write(`${name}/state.json`, JSON.stringify({ _data_files: files.map((filename) => ({ filename })) }));

/** Ids of programs, rejected rows as [row, reason]. */
async function ids(...inputs: string[]): Promise<unknown[]> {
  const items = await collect(readPrograms(inputs.map((input) => folder.at(input))));
  return items.map((item) => ("program" in item ? item.program.id : [item.rejected.place.row, item.rejected.reason]));
}

test("a saved data set is the files that it lists, in their order", async () => {
  shard("set/data-00000-of-00002.arrow", "a", "b");
  shard("set/data-00001-of-00002.arrow", "c");
  shard("set/cache-0123456789abcdef.arrow", "no row of it");
  write("set/dataset_info.json", "{}");
  state("set", "data-00001-of-00002.arrow", "data-00000-of-00002.arrow");
  expect(await ids("set")).toEqual(["c", "a", "b"]);
});

test("of several splits, all in the order of their list", async () => {
  for (const split of ["test", "train"]) {
    shard(`set/${split}/data-00000-of-00001.arrow`, `${split} a`);
    shard(`set/${split}/cache-0.arrow`, "no row of it");
    state(`set/${split}`, "data-00000-of-00001.arrow");
  }
  expect(await ids("set")).toEqual(["test a", "train a"]);
  write("set/dataset_dict.json", '{"splits": ["train", "test"]}');
  expect(await ids("set")).toEqual(["train a", "test a"]);
  expect(await ids("set/test")).toEqual(["test a"]);
});

test("without a list, all Arrow files but caches; one is named like any file", async () => {
  shard("set/b.arrow", "b");
  shard("set/a.arrow", "a");
  shard("set/cache-1.arrow", "no row of it");
  write("set/loader.py", "raise SystemExit");
  expect(await ids("set")).toEqual(["a", "b"]);
  expect(await ids("set/cache-1.arrow")).toEqual(["no row of it"]);
});

test("rows are those of JSON lines, whatever the kind", async () => {
  const input = new Struct([
    new Field("whole", new Int64(), true),
    new Field("real", new Float64(), true),
    new Field("list", new List(new Field("item", new Int64(), true)), true),
  ]);
  const io = new Struct([new Field("input", input, true), new Field("output", new Float64(), true)]);
  const ios = vectorFromArray(
    [[{ input: { whole: 3n, real: 3, list: [12345678901234567n, null] }, output: 1.5 }]],
    new List(new Field("item", io, true)),
  );
  const path = write("a.arrow", stream({ refcode: texts(["def m(**k): ..."]), funcname: texts(["m"]), ios }));
  const progress: ReadProgress = { files: [] };
  expect(await collect(readPrograms([path], { progress }))).toEqual([
    {
      program: {
        id: "1/0",
        code: "def m(**k): ...",
        entry: "m(whole=3, real=3.0, list=[12345678901234567, None])",
        expected: "1.5",
        compare: "json",
      },
      place: { file: path, row: 1 },
    },
  ]);
  const [file] = progress.files;
  expect(file).toMatchObject({ path, bytesRead: file?.bytes, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
});

test("what is wrong with a row is said of that row", async () => {
  write("a.arrow", stream({ id: texts(["a", "b", "c"]), code: texts(["1", null, "3"]) }));
  expect(await ids("a.arrow")).toEqual(["a", [2, "wrong-type"], "c"]);
});

test("a damaged shard gives the rows before the damage, and says so; others are read", async () => {
  const bytes = stream({ id: texts(["a"]), code: texts(["1"]) });
  write("set/data-0.arrow", bytes.subarray(0, -8));
  write("set/data-1.arrow", "no Arrow stream");
  shard("set/data-2.arrow", "c");
  state("set", "data-0.arrow", "data-1.arrow", "data-2.arrow");
  expect(await ids("set")).toEqual(["a", [2, "corrupt-file"], [1, "corrupt-file"], "c"]);
});

test("lists that name no Arrow file of the folder are refused", async () => {
  shard("elsewhere.arrow", "a");
  shard("set/data-0.arrow", "a");
  const refused = async (list: string, why: string): Promise<void> => {
    write("set/state.json", list);
    await expect(ids("set")).rejects.toMatchObject({ code: "bad-input", message: expect.stringContaining(why) });
  };
  const listing = (filename: string): string => JSON.stringify({ _data_files: [{ filename }] });
  await refused(listing("../elsewhere.arrow"), '"../elsewhere.arrow", which is no name');
  await refused(listing("data-1.arrow"), "lists data-1.arrow, which is no file there");
  await refused(listing("state.json"), "no .arrow file");
  await refused("[]", "state.json is not what save_to_disk writes");
  await refused("{", "state.json is not what save_to_disk writes");
  symlinkSync(folder.path, folder.at("set", "data-2.arrow"));
  await refused(listing("data-2.arrow"), "no file there");
  write("set/dataset_dict.json", '{"splits": [".."]}');
  await expect(ids("set")).rejects.toThrow('".."');
});
