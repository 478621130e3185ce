// What comes from a tracer process is hostile: no bytes may do more than throw.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TracemillError } from "../../src/base/errors.ts";
import { FRAME, FrameParser, frameHeader } from "../../src/engine/host/frames.ts";
import { decodeRecords, encodeBatch } from "../../src/engine/host/host-messages.ts";
import { PayloadReader, PayloadWriter } from "../../src/engine/host/wire.ts";

function frame(payload: Uint8Array): Buffer {
  return Buffer.concat([frameHeader(FRAME.records, payload.length), payload]);
}

describe("frames", () => {
  it("come whole, however the stream is cut", () => {
    const payloads = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 });
    fc.assert(
      fc.property(payloads, fc.integer({ min: 1, max: 64 }), (sent, step) => {
        const stream = Buffer.concat(sent.map(frame));
        const parser = new FrameParser(65_536);
        const got: Uint8Array[] = [];
        for (let at = 0; at < stream.length; at += step) {
          for (const { payload } of parser.push(stream.subarray(at, at + step))) got.push(Uint8Array.from(payload));
        }
        expect(got).toEqual(sent);
      }),
    );
  });

  it("of an unknown type, or that announce too much, are refused", () => {
    expect(() => new FrameParser(65_536).push(Buffer.from([0, 0, 0, 0, 99]))).toThrow(/type 99/);
    expect(() => new FrameParser(65_536).push(Buffer.from([255, 255, 255, 255, 5]))).toThrow(/announces/);
  });
});

describe("payloads", () => {
  it("keep numbers and bytes", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.uint8Array({ maxLength: 9000 }), (number, bytes) => {
        const out = new PayloadWriter(1);
        out.varint(number);
        out.bytes(bytes);
        const input = new PayloadReader(out.finish());
        expect(input.varint()).toBe(number);
        expect(Uint8Array.from(input.bytes())).toEqual(bytes);
        input.expectEnd();
      }),
    );
  });

  it("of records never do more than throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          decodeRecords(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(TracemillError);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("of batches hold a source that programs share once", () => {
    const code = `marker = ${"1".repeat(500)}`;
    const programs = ["f(1)", "f(2)"].map((entry, i) => ({ id: `p${i}`, code, entry }));
    expect(Buffer.from(encodeBatch(0, programs)).toString().split("marker")).toHaveLength(2);
  });
});
