import {
  Bool,
  DateDay,
  Decimal,
  Dictionary,
  Field,
  FixedSizeList,
  Float16,
  Float64,
  Int8,
  Int32,
  Int64,
  LargeUtf8,
  List,
  makeData,
  Struct,
  Table,
  TimestampMicrosecond,
  tableToIPC,
  Utf8,
  Vector,
  vectorFromArray,
} from "apache-arrow";
import { expect, test, vi } from "vitest";
import { arrowLines } from "../../../src/base/io/arrow/lines.ts";
import { collect } from "../../helpers/collect.ts";

// Each stream is decoded by a process of its own.
vi.setConfig({ testTimeout: 60_000 });

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function linesOf(bytes: Uint8Array, chunkSize = 1 << 16): Promise<string[]> {
  const text = Buffer.concat(await collect(arrowLines(inChunks(bytes, chunkSize)))).toString("latin1");
  return text.split("\n").slice(0, -1);
}

const stream = (columns: Record<string, Vector>): Uint8Array => tableToIPC(new Table(columns), "stream");

test("columns of every kind are JSON, and null where they are null", async () => {
  const list = new List(new Field("item", new Int32(), true));
  const point = new Struct([new Field("x", new Float64(), true), new Field("y", new Utf8(), true)]);
  const columns = {
    text: vectorFromArray(['a"\n', null], new Utf8()),
    large: vectorFromArray(["b", null], new LargeUtf8()),
    whole: vectorFromArray([2n ** 62n + 1n, null], new Int64()),
    real: vectorFromArray([3, null], new Float64()),
    half: vectorFromArray([-0.5, null], new Float16()),
    truth: vectorFromArray([true, null], new Bool()),
    list: vectorFromArray([[1, null], null], list),
    pair: vectorFromArray([[1, 2], null], new FixedSizeList(2, new Field("item", new Int8(), true))),
    point: vectorFromArray([{ x: 1, y: null }, null], point),
    named: vectorFromArray(["north", null], new Dictionary(new Utf8(), new Int32())),
    day: vectorFromArray([new Date("2020-02-29"), null], new DateDay()),
    moment: vectorFromArray([new Date("2020-02-29T01:02:03.004Z").getTime(), null], new TimestampMicrosecond()),
    price: new Vector([makeData({ type: new Decimal(2, 20), data: Uint32Array.of(-120, -1, -1, -1, 7, 0, 0, 0) })]),
  };
  expect(await linesOf(stream(columns))).toEqual([
    '{"text":"a\\"\\n","large":"b","whole":4611686018427387905,"real":3.0,"half":-0.5,"truth":true,"list":[1,null],' +
      '"pair":[1,2],"point":{"x":1.0,"y":null},"named":"north","day":"2020-02-29T00:00:00.000Z",' +
      '"moment":"2020-02-29T01:02:03.004Z","price":-1.20}',
    '{"text":null,"large":null,"whole":null,"real":null,"half":null,"truth":null,"list":null,' +
      '"pair":null,"point":null,"named":null,"day":null,"moment":null,"price":0.07}',
  ]);
});

test("batches are in order, however the bytes come", async () => {
  const table = new Table({ n: vectorFromArray([1, 2, 3], new Int32()) });
  const more = table.concat(new Table({ n: vectorFromArray([4, 5], new Int32()) }));
  const wanted = [1, 2, 3, 4, 5].map((n) => `{"n":${n}}`);
  expect(await linesOf(tableToIPC(more, "stream"))).toEqual(wanted);
  expect(await linesOf(tableToIPC(more, "stream"), 3)).toEqual(wanted);
  expect(await linesOf(tableToIPC(table.slice(0, 0), "stream"))).toEqual([]);
});

test("a string that is no UTF-8 makes its line none either", async () => {
  const bytes = Buffer.from(stream({ text: vectorFromArray(["one", "two", "three"], new Utf8()) }));
  bytes[bytes.indexOf("onetwothree") + 4] = 0xff;
  expect(await linesOf(bytes)).toEqual(['{"text":"one"}', "\xff", '{"text":"three"}']);
});

test("a stream is whole only with its end, and with nothing behind it", async () => {
  const bytes = stream({ n: vectorFromArray([1, 2, 3], new Int32()) });
  await expect(linesOf(bytes.subarray(0, -8))).rejects.toThrow("the file ends too early");
  await expect(linesOf(Buffer.concat([bytes, bytes]))).rejects.toThrow("goes on after the end of its stream");
  await expect(linesOf(new Uint8Array(0))).rejects.toThrow("the file ends too early");
  await expect(linesOf(Buffer.from("id,code\n1,print(1)\n"))).rejects.toThrow("is none");
});

test("offsets that make one text a part of many are damage", async () => {
  const bytes = Buffer.from(stream({ text: vectorFromArray(["one", "two", "three"], new Utf8()) }));
  const offsets = Buffer.from(Int32Array.of(0, 3, 6, 11).buffer);
  offsets.copyWithin(0, 12).copy(bytes, bytes.indexOf(Buffer.from(Int32Array.of(0, 3, 6, 11).buffer)));
  await expect(linesOf(bytes)).rejects.toThrow('the column "text": its offsets are out of order');
});

test("what the source throws stays what it is", async () => {
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    yield stream({ n: vectorFromArray([1], new Int32()) }).subarray(0, 100);
    throw new RangeError("the disk failed");
  };
  await expect(collect(arrowLines(chunks()))).rejects.toThrow(new RangeError("the disk failed"));
});

test("a decoder whose reader leaves ends too", async () => {
  const rows = Array.from({ length: 200_000 }, (_, i) => i);
  for await (const lines of arrowLines(inChunks(stream({ n: vectorFromArray(rows, new Int32()) }), 1 << 12))) {
    expect(Buffer.from(lines).toString()).toMatch(/^\{"n":0\}\n/);
    break;
  }
});
