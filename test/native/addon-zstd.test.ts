import { existsSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addonPath } from "../../src/base/addon/artefacts.ts";
import { zstdCodec } from "../../src/base/addon/codec.ts";
import { loadAddon } from "../../src/base/addon/load.ts";

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const zstdError = (message: RegExp): unknown =>
  expect.objectContaining({ code: "bad-zstd", message: expect.stringMatching(message) });

function failure(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

describe.skipIf(!existsSync(addonPath))("zstd in the addon (npm run build:native)", () => {
  it("gives back what it was given", () => {
    const { compress, decompress } = zstdCodec();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 10_000 }), fc.nat(20), (bytes, repeats) => {
        const all = Buffer.concat(Array.from({ length: repeats }, () => bytes));
        expect(Buffer.from(decompress(compress(all), all.length)).equals(all)).toBe(true);
      }),
    );
  });

  it("reads frames in a row and leaves skippable ones out", () => {
    const { compress, decompress } = zstdCodec(1);
    const skippable = Uint8Array.of(0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3);
    const stream = Buffer.concat([skippable, compress(text("one ")), skippable, compress(text("two"))]);
    expect(new TextDecoder().decode(decompress(stream, 7))).toBe("one two");
    expect(decompress(skippable, 0)).toHaveLength(0);
  });

  it("produces no more than was allowed, whatever the frame says of its size", () => {
    const { compress, decompress } = zstdCodec();
    const bomb = compress(new Uint8Array(1 << 24));
    expect(failure(() => decompress(bomb, (1 << 24) - 1))).toEqual(zstdError(/holds 16777216 bytes, more than/));
    // The second frame's size is not looked at beforehand: the bound holds while it is decoded.
    const two = Buffer.concat([compress(text("a")), bomb]);
    expect(failure(() => decompress(two, 1 << 20))).toEqual(zstdError(/more than the 1048576 bytes allowed/));
    expect(decompress(two, (1 << 24) + 1)).toHaveLength((1 << 24) + 1);
  });

  it("refuses every cut of a stream", () => {
    const { compress, decompress } = zstdCodec();
    const whole = compress(text("x".repeat(3000) + Math.PI));
    for (let size = 0; size < whole.length; size++) {
      expect(failure(() => decompress(whole.subarray(0, size), 1e6))).toEqual(zstdError(/^zstd: /));
    }
  });

  it("survives damaged bytes", () => {
    const { compress, decompress } = zstdCodec();
    const whole = compress(text("the quick brown fox jumps over the lazy dog ".repeat(50)));
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
        const damaged = Uint8Array.from(whole);
        damaged[place] = (damaged[place] as number) ^ change;
        try {
          expect(decompress(damaged, 1 << 16).length).toBeLessThanOrEqual(1 << 16);
        } catch (error) {
          expect(error).toEqual(zstdError(/^zstd: /));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("names the argument that is wrong", () => {
    const { zstdCompress, zstdDecompress } = loadAddon();
    const argument = (message: RegExp): unknown =>
      expect.objectContaining({ code: "bad-argument", message: expect.stringMatching(message) });
    expect(failure(() => zstdCompress(text("a"), 20))).toEqual(argument(/^level must be an integer from 1 to 19$/));
    expect(failure(() => zstdCompress("a" as never, 3))).toEqual(argument(/^bytes must be a Uint8Array$/));
    expect(failure(() => zstdDecompress(text("a"), -1))).toEqual(argument(/^maxBytes must be/));
    expect(failure(() => zstdDecompress(text("a"), Number.NaN))).toEqual(argument(/^maxBytes must be/));
    const shared = new Uint8Array(new SharedArrayBuffer(8));
    expect(failure(() => zstdCompress(shared as never, 3))).toEqual(argument(/^bytes must not be backed by a Shared/));
  });
});
