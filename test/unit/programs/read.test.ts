import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Program } from "../../../src/base/schema/program.ts";
import type { ReadProgress } from "../../../src/programs/sources/file-rows.ts";
import { type ReadOptions, readPrograms } from "../../../src/programs/sources/read.ts";
import { collect } from "../../helpers/collect.ts";
import { TestFolder } from "../../helpers/test-folder.ts";

const folder = new TestFolder();

/** Programs as they are, rejected rows as [row, reason]. */
async function read(inputs: string | string[], options: ReadOptions = {}): Promise<(Program | [number, string])[]> {
  const items = await collect(readPrograms([inputs].flat(), options));
  return items.map((item) => ("program" in item ? item.program : [item.rejected.place.row, item.rejected.reason]));
}

test("native rows", async () => {
  const full = { id: "b", code: "x", entry: "f()", stdin: "in", argv: ["p"], expected: "1", meta: { a: [1] } };
  const nulls = { id: 7, code: "", entry: null, stdin: null, expected: null };
  expect(await read(folder.writeRows([{ id: "a", code: "x = 1" }, full, nulls]))).toEqual([
    { id: "a", code: "x = 1", entry: null },
    full,
    { id: "7", code: "", entry: null },
  ]);
});

test("CRUXEval rows, as published and reshaped", async () => {
  const rows = [
    { id: "s0", code: "def f(a): ...", input: "[1], 'x'", output: "2" },
    { code: "def f(a): ...", input: "1", output: "2" },
    { task_id: "s1", dataset: "crux", code: "def g(a): ...", function_name: "g", function_call: "g(1)", output: "3" },
  ];
  expect(await read(folder.writeRows(rows))).toEqual([
    { id: "s0", code: "def f(a): ...", entry: "f([1], 'x')", expected: "2" },
    { id: "2", code: "def f(a): ...", entry: "f(1)", expected: "2" },
    { id: "s1", code: "def g(a): ...", entry: "g(1)", expected: "3", meta: { dataset: "crux" } },
  ]);
});

test("PyEdu rows lose nothing of their values", async () => {
  const input =
    `{"n": 1.0, "big": 123456789012345678901, "s": "it's \\"\\n\\u200b\\ud800\\u00e9", "class": null, "a b": [true, NaN, -Infinity],
    "d": {"10": 1e5, "2": -0.0}}`.replaceAll("\n", "");
  const row = `{"refcode": "def m(**k): ...", "funcname": "m", "meta": {"msgidx": 9}, "ios": [{"input": ${input}, "output": [Infinity, "é"]}, {"input": {}, "output": NaN}, {"input": {"x": 1}}]}`;
  const entry =
    "m(n=1.0, big=123456789012345678901, s='it\\'s \"\\n\\u200b\\ud800é', d={'10': 1e5, '2': -0.0}, " +
    "**{'class': None, 'a b': [True, float('nan'), float('-inf')]})";
  const meta = { meta: { msgidx: 9 } };
  expect(await read(folder.writeRows([row]))).toEqual([
    { id: "9/0", code: "def m(**k): ...", entry, expected: "[1e999, 'é']", compare: "json", meta },
    { id: "9/1", code: "def m(**k): ...", entry: "m()", meta },
    { id: "9/2", code: "def m(**k): ...", entry: "m(x=1)", meta },
  ]);
});

test("a bad input of a PyEdu row costs no other input", async () => {
  const row = { refcode: "", funcname: "m", ios: [{ input: { x: 1 } }, { input: [1] }, {}, { input: { x: 2 } }] };
  const items = await collect(readPrograms([folder.writeRows([row])]));
  expect(items.map((item) => ("program" in item ? item.program.id : item.rejected))).toEqual([
    "1/0",
    expect.objectContaining({ id: "1/1", reason: "wrong-type", message: expect.stringContaining("ios[1].input") }),
    expect.objectContaining({ id: "1/2", reason: "wrong-type" }),
    "1/3",
  ]);
});

test("every bad row is rejected with its place and reason, and no good row is lost", async () => {
  const path = folder.write(
    "in.jsonl",
    Buffer.concat([
      Buffer.from('{"id": "a", "code": ""}\n{"id": "b", \n\n[1]\n"x"\n'),
      Buffer.from([0x22, 0xff, 0x22, 0x0a]),
      Buffer.from(`{"id": "big", "code": "${"x".repeat(500)}"}\n`),
      Buffer.from('{"id": "a", "code": "again"}\n{"foo": 1}\n{"id": "c"}\n{"code": ""}\n{"id": "", "code": ""}\n'),
      Buffer.from(
        '{"id": "d", "code": 1}\n{"id": "e", "code": "", "expcted": 1}\n{"id": "f", "code": "", "argv": [1]}\n',
      ),
      Buffer.from('{"refcode": "", "funcname": "a b", "ios": [1]}\n{"refcode": "", "funcname": "a", "ios": []}\n'),
      Buffer.from(
        '{"refcode": "", "funcname": "a", "ios": {}}\n{"code": "", "input": 1, "output": "1"}\n{"id": "z", "code": ""}',
      ),
    ]),
  );
  expect(await read(path, { maxRowBytes: 300 })).toEqual([
    { id: "a", code: "", entry: null },
    [2, "malformed-json"],
    [4, "wrong-type"],
    [5, "wrong-type"],
    [6, "invalid-utf8"],
    [7, "row-too-large"],
    [8, "duplicate-id"],
    [9, "unknown-source"],
    [10, "unknown-source"],
    [11, "missing-field"],
    [12, "wrong-type"],
    [13, "wrong-type"],
    [14, "unknown-field"],
    [15, "wrong-type"],
    [16, "wrong-value"],
    [17, "no-inputs"],
    [18, "wrong-type"],
    [19, "wrong-type"],
    { id: "z", code: "", entry: null },
  ]);
});

test("messages name the field and what to do", async () => {
  const items = await collect(readPrograms([folder.writeRows([{ id: "d", code: 1 }])]));
  expect(items).toEqual([
    {
      rejected: {
        place: { file: folder.at("in.jsonl"), row: 1 },
        reason: "wrong-type",
        message: 'The field "code" is a number; make it a string.',
      },
    },
  ]);
});

test("--source decides when the fields would not", async () => {
  const path = folder.writeRows([{ id: "a", code: "def f(x): ...", input: "1", output: "2" }]);
  expect(await read(path, { source: "native" })).toEqual([
    { id: "a", code: "def f(x): ...", entry: null, meta: { input: "1", output: "2" } },
  ]);
  await expect(read(path, { source: "nope" })).rejects.toThrow("Use one of: pyedu");
});

test("arrays, and files named .json that hold lines", async () => {
  const a = { id: "a", code: "1" };
  const b = { id: "b", code: "2" };
  const programs = [
    { ...a, entry: null },
    { ...b, entry: null },
  ];
  expect(await read(folder.write("a.json", JSON.stringify([a, b], null, 2)))).toEqual(programs);
  expect(await read(folder.write("b.json", `${JSON.stringify(a)}\n${JSON.stringify(b)}\n`))).toEqual(programs);
  expect(await read(folder.write("c.json", `[${JSON.stringify(a)}, nope, ${JSON.stringify(b)}, {`))).toEqual([
    programs[0],
    [2, "malformed-json"],
    programs[1],
    [4, "corrupt-file"],
  ]);
});

test("Python files and folders of them", async () => {
  folder.write("src/b.py", "\ufeffprint(1)\n");
  folder.write("src/sub/a.py", "pass");
  folder.write("src/note.txt", "no");
  folder.write("src/bad.py", Buffer.from([0xff]));
  expect(await read(folder.at("src"))).toEqual([
    { id: "b.py", code: "print(1)\n", entry: null },
    [1, "invalid-utf8"],
    { id: "sub/a.py", code: "pass", entry: null },
  ]);
  expect(await read(folder.at("src/b.py"))).toEqual([{ id: "b.py", code: "print(1)\n", entry: null }]);
  await expect(read(folder.at("src/note.txt"))).rejects.toThrow("is of no known kind");
  await expect(read(folder.at("gone.jsonl"))).rejects.toThrow("does not exist");
});

test("ids made of row numbers stay unique over several files", async () => {
  const row = { code: "", input: "1", output: "2" };
  const files = [folder.writeRows([row], "a.jsonl"), folder.writeRows([row], "b.jsonl")];
  expect((await read(files)).map((made) => (Array.isArray(made) ? made : made.id))).toEqual(
    files.map((path) => `${path}:1`),
  );
});

test("the shards of an input are its rows, each once; a limit counts programs", async () => {
  const rows = Array.from({ length: 10 }, (_, i) => ({ id: `p${i}`, code: "" }));
  const path = folder.writeRows(rows);
  const ids = async (options: ReadOptions): Promise<unknown[]> =>
    (await read(path, options)).map((made) => (Array.isArray(made) ? made : made.id));
  expect(await ids({ shard: { index: 2, count: 3 } })).toEqual(["p1", "p4", "p7"]);
  const shards = [1, 2, 3].map((index) => ids({ shard: { index, count: 3 } }));
  expect((await Promise.all(shards)).flat().sort()).toEqual(rows.map(({ id }) => id));
  expect(await ids({ limit: 2 })).toEqual(["p0", "p1"]);
});

test("tells how far it read, and the hash of what it read whole", async () => {
  const path = folder.writeRows([{ id: "a", code: "" }]);
  const progress: ReadProgress = { files: [] };
  await read(path, { progress });
  const bytes = readFileSync(path);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  expect(progress.files).toEqual([{ path, bytes: bytes.length, bytesRead: bytes.length, sha256 }]);
});
