import { describe, expect, test } from "vitest";
import { RecordError } from "../../../src/base/errors.ts";
import { dump } from "../../../src/record/trace/dump.ts";
import { readRecord } from "../../../src/record/trace/reader.ts";
import { Trace } from "../../../src/record/trace/trace.ts";
import { mutant } from "./mutation.ts";
import { sampleRecord } from "./sample-record.ts";

const HEADER = [0x54, 0x4d, 0x52, 0x43, 2, 12, 0];
/** NAME "a", TYPE "t", VALUE t "v", CODE "f" line 5, FRAME 0. */
const DEFINED = [...HEADER, 1, 1, 0x61, 2, 1, 0x74, 3, 0, 0, 1, 0x76, 4, 1, 0x66, 5, 0, 5, 0, 0];
const BIGGEST = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1];

function failure(bytes: number[]): RecordError {
  try {
    readRecord(Uint8Array.from(bytes));
  } catch (error) {
    if (error instanceof RecordError) return error;
    throw error;
  }
  throw new Error("the bytes were accepted");
}

describe("the reader rejects", () => {
  test.each<[string, number[], string, number]>([
    ["nothing at all", [], "bad-magic", 0],
    ["another file", [0x50, 0x4b, 3, 4, 0, 0, 0], "bad-magic", 0],
    ["a cut header", HEADER.slice(0, 6), "truncated", 6],
    ["unknown record flags", [...HEADER.slice(0, 6), 2], "bad-flags", 6],
    ["an unknown tag", [...HEADER, 0x20], "bad-tag", 7],
    ["an event tag with bit 7", [...DEFINED, 0xc9, 0, 0], "bad-tag", DEFINED.length],
    ["an unknown event kind", [...DEFINED, 0x4e, 0, 0], "bad-tag", DEFINED.length],
    ["a text past the end", [...HEADER, 1, 5, 0x61], "bad-length", 8],
    ["a text of 2^64 - 1 bytes", [...HEADER, 1, ...BIGGEST], "bad-length", 8],
    ["a varint of more than 64 bits", [...HEADER, 1, ...BIGGEST.slice(0, 9), 2], "bad-varint", 8],
    ["a text that is no UTF-8", [...HEADER, 1, 2, 0x61, 0xff], "bad-text", 10],
    ["an overlong form", [...HEADER, 1, 2, 0xc0, 0x80], "bad-text", 9],
    ["a type that is not defined", [...HEADER, 3, 0, 0, 0], "bad-id", 8],
    ["unknown value flags", [...HEADER, 2, 1, 0x74, 3, 0, 0x80, 0], "bad-flags", 12],
    ["a code that is not defined", [...HEADER, 5, 0, 0], "bad-id", 8],
    ["a frame that is its own parent", [...DEFINED, 5, 0, 2], "bad-id", DEFINED.length + 2],
    ["a first event without frame", [...DEFINED, 0x41, 0], "no-frame", DEFINED.length],
    ["a frame that is not defined", [...DEFINED, 0x49, 1, 0], "bad-id", DEFINED.length + 1],
    ["a line below 0", [...DEFINED, 0x49, 0, 11], "bad-line", DEFINED.length + 2],
    ["a line past 2^31", [...DEFINED, 0x49, 0, ...BIGGEST], "bad-line", DEFINED.length + 2],
    ["2^64 - 1 changes", [...DEFINED, 0x59, 0, 0, ...BIGGEST], "truncated", DEFINED.length + 13],
    ["a value that is not defined", [...DEFINED, 0x59, 0, 0, 1, 0, 4], "bad-id", DEFINED.length + 5],
    ["a float with stray bits", [...DEFINED, 0x59, 0, 0, 1, 0, 6], "bad-ref", DEFINED.length + 5],
    ["a cut float", [...DEFINED, 0x59, 0, 0, 1, 0, 2, 0, 0], "truncated", DEFINED.length + 6],
    ["an unknown constant", [...DEFINED, 0x59, 0, 0, 1, 0, 19], "bad-ref", DEFINED.length + 5],
    ["a line with a payload", [...DEFINED, 0x69, 0, 0, 7], "bad-tag", DEFINED.length],
    ["a yield without one", [...DEFINED, 0x4b, 0, 0], "bad-tag", DEFINED.length],
    ["a third stream", [...HEADER, 0x10, 3, 0], "bad-stream", 8],
    ["an elision of iteration 0", [...DEFINED, 0x11, 0, 1, 0, 1, 1], "bad-elision", DEFINED.length + 3],
    ["a thread past 2^31 - 1", [...HEADER, 0x13, 0x80, 0x80, 0x80, 0x80, 8], "bad-thread", 8],
    ["a cut thread", [...HEADER, 0x13, 0x80], "truncated", 8],
    ["an unknown status", [...HEADER, 0x12, 10, 0], "bad-status", 8],
    ["unknown outcome flags", [...HEADER, 0x12, 0, 0x08], "bad-flags", 9],
    ["operations after the outcome", [...HEADER, 0x12, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0], "after-outcome", 16],
  ])("%s", (_what, bytes, code, offset) => {
    expect(failure(bytes)).toMatchObject({ code, offset });
  });

  test("another version, naming both", () => {
    const error = failure([...HEADER.slice(0, 4), 7, 12, 0]);
    expect(error.code).toBe("bad-version");
    expect(error.message).toMatch(/version 7.*version 2.*byte 4/s);
  });
});

test("padded varints of at most 10 bytes are valid", () => {
  const padded = [...DEFINED, 0x49, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00, 0x80, 0x00];
  expect(dump(Uint8Array.from(padded))).toBe("record 2 python 3.12\nline #0 f:5\nincomplete\n");
});

test("a record cut after any operation is readable, and cut elsewhere it is rejected, never misread", () => {
  const { bytes, dump: whole } = sampleRecord();
  const lines = whole.trimEnd().split("\n");
  for (let size = 7; size < bytes.length; size++) {
    let text: string;
    try {
      text = dump(bytes.subarray(0, size));
    } catch (error) {
      expect(error).toBeInstanceOf(RecordError);
      continue;
    }
    const shown = text.trimEnd().split("\n");
    expect(shown.pop()).toBe("incomplete");
    expect(lines.slice(0, shown.length)).toEqual(shown);
  }
});

test("damaged records are read or rejected with RecordError, by everything that reads", () => {
  const { bytes } = sampleRecord();
  let readable = 0;
  for (let i = 0; i < 5_000; i++) {
    const damaged = mutant(bytes, 1, i);
    try {
      dump(damaged);
      const trace = new Trace(damaged);
      for (const event of trace.events()) trace.stateAfter(event.index);
      void [trace.stdout, trace.stderr, trace.complete && trace.outcome];
      readable += 1;
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
    }
  }
  expect(readable).toBeGreaterThan(100);
  expect(readable).toBeLessThan(4_900);
});
