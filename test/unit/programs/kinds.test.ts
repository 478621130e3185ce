import { deflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { pickledText } from "../../../src/base/io/pickled-text.ts";
import { nearest } from "../../../src/base/nearest.ts";
import { type ReadOptions, readPrograms } from "../../../src/programs/sources/read.ts";
import { collect } from "../../helpers/collect.ts";
import { TestFolder } from "../../helpers/test-folder.ts";

const folder = new TestFolder();

/** Programs as they are, rejected rows as [reason, message]. */
async function read(rows: readonly unknown[], options: ReadOptions = {}): Promise<unknown[]> {
  const items = await collect(readPrograms([folder.writeRows(rows)], options));
  return items.map((item) => ("program" in item ? item.program : [item.rejected.reason, item.rejected.message]));
}

test("what a native row has besides is carried along, said once; a misspelt name is refused", async () => {
  const notes: string[] = [];
  const rows = [
    { id: "a", code: "", label: 1, meta: { own: 2 }, gone: null },
    { id: "b", code: "", label: 3, meta: [4], level: 5 },
    { id: "c", code: "", entyr: "f()" },
    { id: "d", code: "", Expected: "1" },
  ];
  expect(await read(rows, { note: (text) => notes.push(text) })).toEqual([
    { id: "a", code: "", entry: null, meta: { label: 1, own: 2 } },
    { id: "b", code: "", entry: null, meta: { label: 3, level: 5, meta: [4] } },
    ["unknown-field", expect.stringContaining('did you mean "entry"?')],
    ["unknown-field", expect.stringContaining('did you mean "expected"?')],
  ]);
  expect(notes).toEqual([expect.stringContaining('"label"'), expect.stringContaining('"level"')]);
});

test("the nearest name is one or two slips away", () => {
  const names = ["id", "code", "entry", "expected", "tolerance"];
  const given = ["coed", "cod", "entries", "expcted", "xpected", "tolerence", "mode", "di", "label"];
  expect(given.map((name) => nearest(name, names))).toEqual([
    "code",
    "code",
    null,
    "expected",
    null,
    "tolerance",
    null,
    null,
    null,
  ]);
});

test("fields can be renamed, also where values are read without loss", async () => {
  const rows = [{ solution: "def f(x): ...", call: "f(1)", code: "old", id: 1 }];
  expect(await read(rows, { map: { code: "solution", entry: "call" } })).toEqual([
    { id: "1", code: "def f(x): ...", entry: "f(1)" },
  ]);
  const row = '{"src": "def m(x): ...", "name": "m", "tests": [{"input": {"x": 1.0}, "output": [1]}]}';
  expect(await read([row], { map: { refcode: "src", funcname: "name", ios: "tests" } })).toEqual([
    { id: "1/0", code: "def m(x): ...", entry: "m(x=1.0)", expected: "[1]", compare: "json" },
  ]);
});

test("a program that reads its input is no call of f", async () => {
  const io = { input: "4\n", output: "8\n" };
  expect(await read([{ id: "a", code: "print(int(input()) * 2)", ...io }])).toEqual([
    { id: "a", code: "print(int(input()) * 2)", entry: null, stdin: "4\n", expected: "8\n", compare: "stdout-tokens" },
  ]);
  expect(await read([{ id: "a", code: "def f(x):\n    return input(x)", ...io }])).toMatchObject([{ entry: "f(4\n)" }]);
});

test("what is null in a table is a column of other rows", async () => {
  const other = { refcode: null, funcname: null, ios: null, note: null };
  expect(await read([{ id: "a", code: "x", ...other }])).toEqual([{ id: "a", code: "x", entry: null }]);
  const ios = [{ input: { n: 1, scale: null, other: null }, output: null }];
  expect(await read([{ refcode: "def m(n, scale=2): ...", funcname: "m", ios, code: null }])).toMatchObject([
    { entry: "m(n=1, scale=None)" },
  ]);
  const any = { refcode: "def m(n, **others): ...", funcname: "m", ios };
  expect(await read([any])).toMatchObject([{ entry: "m(n=1, scale=None, other=None)" }]);
});

test("MBPP: set-up stands where its tests need it, and brackets around a call are none of it", async () => {
  const row = {
    task_id: 1,
    code: "class Node: ...",
    test_setup_code: "root = Node()",
    test_list: ["assert (f(root)) == 3"],
  };
  expect(await read([row])).toEqual([
    { id: "1/0", code: "class Node: ...\nroot = Node()", entry: "f(root)", expected: "3" },
  ]);
});

test("The Stack: content is the program, in Python only", async () => {
  expect(
    await read([
      { hexsha: "6f", lang: "Python", content: "x = 1", size: 5 },
      { hexsha: "70", lang: "Rust", content: "fn main() {}" },
    ]),
  ).toEqual([
    { id: "6f", code: "x = 1", entry: null, meta: { lang: "Python", size: 5 } },
    ["not-python", expect.stringContaining("Rust")],
  ]);
});

test("HumanEval+: every input is a call", async () => {
  const row =
    '{"task_id": "HumanEval/0", "prompt": "def f(a, b):\\n", "canonical_solution": "    return a", "entry_point": "f", "base_input": [[1.0, [2]]], "plus_input": [["x", null], 3]}';
  const code = "def f(a, b):\n    return a";
  expect(await read([row])).toEqual([
    { id: "HumanEval/0/0", code, entry: "f(1.0, [2])" },
    { id: "HumanEval/0/1", code, entry: "f('x', None)" },
    ["wrong-type", expect.stringContaining("inputs[2]")],
  ]);
});

/** As `pickle.dumps(text)` writes it. */
function pickled(text: string): Buffer {
  const bytes = Buffer.from(text);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(bytes.length);
  return Buffer.concat([Buffer.from([0x80, 4, 0x58]), size, bytes, Buffer.from([0x94, 0x2e])]);
}

test("LiveCodeBench: public and private tests, the private ones read without running their pickle", async () => {
  const test = (input: string, output: string, testtype: string): object => ({ input, output, testtype });
  const hidden = deflateSync(pickled(JSON.stringify([test("cd", "dc", "stdin")]))).toString("base64");
  const stdin = {
    question_id: "q",
    code: "print(input()[::-1])",
    public_test_cases: JSON.stringify([test("ab", "ba", "stdin")]),
    private_test_cases: hidden,
  };
  const base = { code: stdin.code, entry: null, compare: "stdout-tokens" };
  expect(await read([stdin])).toEqual([
    { ...base, id: "q/0/0", stdin: "ab", expected: "ba" },
    { ...base, id: "q/0/1", stdin: "cd", expected: "dc" },
  ]);
  const code = "class Solution:\n    def f(self, a, b): ...";
  const functional = {
    question_id: "r",
    code,
    metadata: '{"func_name": "f"}',
    public_test_cases: [test('[1]\n"x"', "true", "functional"), test("nope", "1", "functional")],
  };
  expect(await read([functional])).toMatchObject([
    { id: "r/0/0", entry: "Solution().f([1], 'x')", expected: "True", compare: "json" },
    ["malformed-json", expect.stringContaining("argument of test 1")],
  ]);
  const [none] = await read([{ question_id: "s", public_test_cases: "[]" }]);
  expect(none).toEqual(["no-solutions", expect.stringContaining('"code"')]);
  const [bad] = await read([{ ...stdin, private_test_cases: deflateSync("cos\nsystem\n.").toString("base64") }]);
  expect(bad).toEqual(["wrong-value", expect.stringContaining("the pickle is not one text")]);
});

test("of pickles only a single text is read", () => {
  expect(pickledText(pickled("é"))).toBe("é");
  const short = Buffer.from([0x80, 4, 0x95, 4, 0, 0, 0, 0, 0, 0, 0, 0x8c, 1, 0x61, 0x94, 0x2e]);
  expect(pickledText(short)).toBe("a");
  for (const bytes of [[], [0x2e], [0x58, 255, 255, 255, 255, 0x61], [0x8d, 1], [0x80, 4, 0x63, 0x6f, 0x0a, 0x2e]]) {
    expect(() => pickledText(Uint8Array.from(bytes))).toThrow(SyntaxError);
  }
});
