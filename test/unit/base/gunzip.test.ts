import { constants, gunzipSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { CorruptFileError } from "../../../src/base/io/corrupt-file.ts";
import { gunzip } from "../../../src/base/io/gunzip.ts";

const LINES = Array.from({ length: 20_000 }, (_, i) => `line ${i * 7919} ${i % 13}\n`).join("");
const WHOLE = gzipSync(LINES);

/** What comes out, and why it ends early. */
async function read(bytes: Uint8Array, size = 1 << 16): Promise<{ text: string; damage: string | null }> {
  async function* open(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const pieces: Uint8Array[] = [];
  let damage: string | null = null;
  try {
    for await (const piece of gunzip(open)) pieces.push(piece);
  } catch (error) {
    expect(error).toBeInstanceOf(CorruptFileError);
    damage = (error as Error).message;
  }
  return { text: Buffer.concat(pieces).toString("latin1"), damage };
}

test("whole members, one or many, with zeros between and behind them", async () => {
  const zeros = Buffer.alloc(700);
  for (const size of [1_000, 1 << 16, 1 << 20]) expect(await read(WHOLE, size)).toEqual({ text: LINES, damage: null });
  const members = [gzipSync("a"), gzipSync(""), gzipSync("b")];
  expect(await read(Buffer.concat(members))).toEqual({ text: "ab", damage: null });
  expect(await read(Buffer.concat(members), 1)).toEqual({ text: "ab", damage: null });
  expect(await read(Buffer.concat([WHOLE, zeros, WHOLE, zeros]), 333)).toEqual({ text: LINES + LINES, damage: null });
});

test("all that zlib makes of the bytes before damage or a cut is given", async () => {
  for (const at of [11, 100, WHOLE.length >> 1, WHOLE.length - 9]) {
    const sound = gunzipSync(WHOLE.subarray(0, at), { finishFlush: constants.Z_SYNC_FLUSH }).toString("latin1");
    expect(await read(WHOLE.subarray(0, at))).toEqual({
      text: sound,
      damage: expect.stringContaining("unexpected end"),
    });
    const changed = Buffer.from(WHOLE);
    changed.fill(0xff, at, Math.min(at + 40, WHOLE.length));
    const found = await read(changed);
    expect(found.damage).toContain("no sound gzip data");
    expect(found.text.startsWith(sound)).toBe(true);
  }
});

test("a checksum that differs, and bytes behind the last member, are damage", async () => {
  const flipped = Buffer.from(WHOLE);
  flipped[WHOLE.length - 6] = (flipped[WHOLE.length - 6] as number) ^ 1;
  expect(await read(flipped)).toEqual({ text: LINES, damage: expect.stringContaining("incorrect data check") });
  for (const behind of ["x", "\0\0x", "garbage"]) {
    const trailing = Buffer.concat([WHOLE, Buffer.from(behind)]);
    expect(await read(trailing)).toEqual({ text: LINES, damage: expect.any(String) });
  }
  expect(await read(Buffer.from("not gzip"))).toEqual({ text: "", damage: expect.any(String) });
  expect(await read(Buffer.alloc(0))).toEqual({ text: "", damage: expect.any(String) });
  expect(await read(Buffer.alloc(100))).toEqual({ text: "", damage: expect.any(String) });
});
