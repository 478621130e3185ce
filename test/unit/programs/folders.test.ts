import { mkdirSync, symlinkSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { parquetWriteFile } from "hyparquet-writer";
import { expect, test } from "vitest";
import { findInputs } from "../../../src/programs/sources/inputs.ts";
import { readPrograms } from "../../../src/programs/sources/read.ts";
import { collect } from "../../helpers/collect.ts";
import { TestFolder } from "../../helpers/test-folder.ts";

const folder = new TestFolder();

async function ids(...inputs: string[]): Promise<unknown[]> {
  const items = await collect(readPrograms(inputs.map((input) => folder.at(input))));
  return items.map((item) => ("program" in item ? item.program.id : ["", item.rejected.reason]));
}

async function leftOut(input: string): Promise<string[]> {
  const notes: string[] = [];
  await findInputs([folder.at(input)], (text) => notes.push(text));
  return notes;
}

const line = (id: string): string => `${JSON.stringify({ id, code: "x = 1" })}\n`;

test("every kind of file of rows in a folder is read, and what is not is told", async () => {
  folder.write("set/a.jsonl", line("a"));
  folder.write("set/b.jsonl.gz", gzipSync(line("b")));
  folder.write("set/c.csv", 'id,code\nc,"x = 1\n"\n');
  folder.write("set/d.json", JSON.stringify([{ id: "d", code: "" }]));
  folder.write("set/e.jsonlines", line("e"));
  folder.write("set/package.json", '{\n  "name": "no rows"\n}');
  folder.write("set/README.md", "no rows");
  folder.write("set/loader.py", "raise SystemExit");
  folder.write("set/.git/config.jsonl", line("hidden"));
  folder.write("set/node_modules/x/rows.jsonl", line("foreign"));
  folder.write("set/env/pyvenv.cfg", "");
  folder.write("set/env/lib/rows.jsonl", line("foreign"));
  parquetWriteFile({
    filename: folder.at("set/f.parquet"),
    columnData: [
      { name: "id", data: ["f"] },
      { name: "code", data: ["x"] },
    ],
  });
  expect(await ids("set")).toEqual(["a", "b", "c", "d", "e", "f"]);
  const [note, ...others] = await leftOut("set");
  expect(others).toEqual([]);
  expect(note).toContain("3 files (README.md, loader.py, package.json)");
  expect(note).toContain("the folders .git, env, node_modules");
  folder.write("code/a.py", "x = 1");
  expect(await leftOut("code")).toEqual([]);
});

test("links are followed, to files and to folders, and a circle of them ends", async () => {
  folder.write("blobs/0a1b", line("a"));
  folder.write("other/b.jsonl", line("b"));
  mkdirSync(folder.at("snapshot"));
  symlinkSync("../blobs/0a1b", folder.at("snapshot/a.jsonl"));
  symlinkSync("../other", folder.at("snapshot/more"));
  symlinkSync("..", folder.at("other/up"));
  symlinkSync("nowhere", folder.at("snapshot/broken.jsonl"));
  expect(await ids("snapshot")).toEqual(["a", "b"]);
});

test("splits of a data set may use the same ids, shards of one may not", async () => {
  folder.write("set/train-00000-of-00002.jsonl", line("0"));
  folder.write("set/train-00001-of-00002.jsonl", line("1") + line("0"));
  folder.write("set/test.jsonl", line("0") + line("2"));
  expect(await ids("set")).toEqual(["0", "2", "train/0", "1", ["", "duplicate-id"]]);
  expect(await ids("set/train-00000-of-00002.jsonl", "set/test.jsonl")).toEqual(["0", "test/0", "2"]);
});

test("tables in text: quotes hold separators and line ends, other cells than the header's are refused", async () => {
  folder.write("a.csv", '\ufeffid,code,entry\r\na,"print(""x, y"")\nz",\r\nb,x,f(),4\n\nc,"y"\n');
  folder.write("b.tsv", "id\tcode\nd\tx = 1\ne\t");
  folder.write("cut.csv", 'id,code\nf,x\ng,"never closed');
  const items = await collect(readPrograms([folder.at("a.csv"), folder.at("b.tsv"), folder.at("cut.csv")]));
  expect(
    items.map((item) => ("program" in item ? item.program : [item.rejected.place.row, item.rejected.reason])),
  ).toEqual([
    { id: "a", code: 'print("x, y")\nz', entry: null },
    [2, "wrong-cells"],
    [3, "wrong-cells"],
    { id: "d", code: "x = 1", entry: null },
    [2, "wrong-type"],
    { id: "f", code: "x", entry: null },
    [2, "corrupt-file"],
  ]);
});
