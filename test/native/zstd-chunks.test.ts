import { expect, test } from "vitest";
import { zstdCodec } from "../../src/base/addon/codec.ts";
import { zstdChunks } from "../../src/base/addon/zstd-chunks.ts";
import { CorruptFileError } from "../../src/base/io/corrupt-file.ts";

const codec = zstdCodec(3);

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** What comes out, and why it ends early. */
async function read(bytes: Uint8Array, size = 1_000): Promise<{ text: string; damage: string | null }> {
  const pieces: Uint8Array[] = [];
  let damage: string | null = null;
  try {
    for await (const piece of zstdChunks(inChunks(bytes, size))) pieces.push(piece);
  } catch (error) {
    expect(error).toBeInstanceOf(CorruptFileError);
    damage = (error as Error).message;
  }
  return { text: Buffer.concat(pieces).toString("latin1"), damage };
}

const LINES = Array.from({ length: 40_000 }, (_, i) => `line ${i * 7919} ${i % 13}\n`).join("");
const WHOLE = codec.compress(Buffer.from(LINES));

test("whole frames, one or many, however they are cut into chunks", async () => {
  for (const size of [1, 7, 1_000, 1 << 20]) expect(await read(WHOLE, size)).toEqual({ text: LINES, damage: null });
  const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
  const many = Buffer.concat([WHOLE, skippable, codec.compress(Buffer.from("")), WHOLE]);
  expect(await read(many)).toEqual({ text: LINES + LINES, damage: null });
});

test("a frame of gigabytes is given in pieces", async () => {
  const zeros = codec.compress(new Uint8Array(64 << 20));
  expect(zeros.length).toBeLessThan(10_000);
  let most = 0;
  let all = 0;
  for await (const piece of zstdChunks(inChunks(zeros, 1 << 20))) {
    most = Math.max(most, piece.length);
    all += piece.length;
  }
  expect({ most, all }).toEqual({ most: 128 << 10, all: 64 << 20 });
});

test("everything before damage or a cut is given, a block at a time", async () => {
  const cut = await read(WHOLE.subarray(0, WHOLE.length - 1));
  expect(cut).toEqual({ text: LINES, damage: expect.stringContaining("ends too early") });
  const half = await read(WHOLE.subarray(0, WHOLE.length >> 1));
  expect(half.damage).toContain("ends too early");
  expect(LINES.startsWith(half.text)).toBe(true);
  expect(half.text.length).toBeGreaterThanOrEqual(128 << 10);
  const trailing = await read(Buffer.concat([WHOLE, Buffer.from("trailing")]));
  expect(trailing).toEqual({ text: LINES, damage: expect.stringContaining("no sound Zstandard data") });
  expect(await read(Buffer.from("not zstd at all"))).toMatchObject({ text: "", damage: expect.any(String) });
  expect(await read(new Uint8Array(0))).toMatchObject({ damage: expect.stringContaining("ends too early") });
});

test("a checksum that differs is damage", async () => {
  const flipped = Uint8Array.from(WHOLE);
  flipped[WHOLE.length - 1] = (flipped[WHOLE.length - 1] as number) ^ 1;
  expect(await read(flipped)).toEqual({ text: LINES, damage: expect.stringContaining("checksum") });
});
