import { expect, test } from "vitest";
import { dump } from "../../../src/record/trace/dump.ts";
import { RecordWriter } from "../../../src/record/trace/writer.ts";
import { sampleRecord } from "./sample-record.ts";

test("dumps every operation as dump.md says", () => {
  const sample = sampleRecord();
  expect(dump(sample.bytes)).toBe(sample.dump);
});

test("a record without events says what it is", () => {
  expect(dump(new RecordWriter(13, { loopsSkipped: true }).bytes())).toBe(
    "record 2 python 3.13 loops skip\nincomplete\n",
  );
});

test("two lone surrogates stay two", () => {
  const writer = new RecordWriter(12);
  writer.output("stdout", "\ud83d");
  const bytes = writer.bytes();
  // One output whose text is the two surrogates, each on its own: no JavaScript string can tell it from an emoji.
  const pair = Uint8Array.of(...bytes.slice(0, 8), 1, 6, 0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80);
  expect(dump(pair)).toBe('record 2 python 3.12\noutput stdout "\\ud83d\\ude00"\nincomplete\n');
});
