import fc from "fast-check";
import { expect, test } from "vitest";
import { splitArray } from "../../../src/base/io/array-elements.ts";
import { CorruptFileError } from "../../../src/base/io/corrupt-file.ts";
import { splitLines, type TextRow } from "../../../src/base/io/rows.ts";
import { collect } from "../../helpers/collect.ts";

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

const flatten = async (rows: AsyncIterable<TextRow[]>): Promise<TextRow[]> => (await collect(rows)).flat();

const lines = (text: string | Uint8Array, size = 3, maxRowBytes = 1_000): Promise<TextRow[]> =>
  flatten(splitLines(inChunks(Buffer.from(text as string), size), { maxRowBytes }));

const elements = (text: string, size = 3, maxRowBytes = 1_000): Promise<TextRow[]> =>
  flatten(splitArray(inChunks(Buffer.from(text), size), { maxRowBytes }));

test("lines keep their numbers, blank ones are left out, the last needs no line feed", async () => {
  expect(await lines("a\n\n  \r\nbé\r\nc")).toEqual([
    { row: 1, text: "a" },
    { row: 4, text: "bé\r" },
    { row: 5, text: "c", cut: true },
  ]);
  expect(await lines("")).toEqual([]);
  expect(await lines("\n")).toEqual([]);
});

test("a byte order mark is no part of the first line", async () => {
  for (const size of [1, 2, 3, 100])
    expect(await lines("\ufeffa\nb", size)).toEqual([
      { row: 1, text: "a" },
      { row: 2, text: "b", cut: true },
    ]);
});

test("a line that is no UTF-8 or too large is a fault and costs no other line", async () => {
  const bytes = Buffer.concat([Buffer.from("a\n"), Buffer.from([0xff, 0x0a]), Buffer.from(`${"x".repeat(20)}\nb\n`)]);
  expect(await lines(bytes, 3, 10)).toEqual([
    { row: 1, text: "a" },
    { row: 2, fault: "invalid-utf8" },
    { row: 3, fault: "too-large" },
    { row: 4, text: "b" },
  ]);
});

test("however the bytes are cut, the lines are those of split()", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom("a", "é", "\n", "😀", "\r", " ")),
      fc.integer({ min: 1, max: 9 }),
      async (parts, size) => {
        const text = parts.join("");
        const expected = text.split("\n").flatMap((line, i, { length }) => {
          const cut = i + 1 === length ? { cut: true } : {};
          return line.trim() === "" ? [] : [{ row: i + 1, text: line, ...cut }];
        });
        expect(await lines(text, size)).toEqual(expected);
      },
    ),
  );
});

test("elements of an array are those of JSON.parse, however the bytes are cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue()),
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      async (values, size, wide) => {
        const found = await elements(JSON.stringify(values, null, wide ? 2 : 0), size, 100_000);
        expect(found.map((row) => ("text" in row ? JSON.parse(row.text) : row))).toEqual(
          JSON.parse(JSON.stringify(values)),
        );
        expect(found.map(({ row }) => row)).toEqual(values.map((_, i) => i + 1));
      },
    ),
  );
});

test("what is no array is told, and broken elements cost no other element", async () => {
  expect(await elements('[1, {"a": tru}, ,"]" ]')).toEqual([
    { row: 1, text: "1" },
    { row: 2, text: ' {"a": tru}' },
    { row: 3, text: " " },
    { row: 4, text: '"]" ' },
  ]);
  const cut = ['[{"a": 1}, {"b": 2}', '[{"a": 1}, {"b": 2}, {"c', '[{"a": 1}, {"b": 2}] x'];
  for (const text of cut) {
    const found: TextRow[] = [];
    const reading = async (): Promise<void> => {
      for await (const rows of splitArray(inChunks(Buffer.from(text), 4), { maxRowBytes: 100 })) found.push(...rows);
    };
    await expect(reading()).rejects.toThrow(CorruptFileError);
    expect(found).toMatchObject([{ text: '{"a": 1}' }, { text: ' {"b": 2}' }]);
  }
  await expect(elements("[1, 2")).rejects.toThrow("not closed after element 1");
  await expect(elements('{"a": 1}')).rejects.toThrow("does not begin with '['");
  await expect(elements("[1] 2")).rejects.toThrow("goes on after its array");
});
