import { expect, test } from "vitest";
import { zstdCodec } from "../../../src/base/addon/codec.ts";
import { AS_PUBLISHED } from "../../../src/base/schema/render-settings.ts";
import { crashRecord } from "../../../src/engine/host/finished-record.ts";
import { BatchRendering } from "../../../src/engine/pool/rendering.ts";
import type { RenderedResult } from "../../../src/engine/pool/task.ts";
import { BLOCK_HEAD_SIZE, FRAME_HEAD_SIZE, MAGIC } from "../../../src/record/store/container-format.ts";
import { openSettings } from "../../../src/views/formats/settings.ts";
import { sampleRecord } from "../record/sample-record.ts";

const MINOR = 11;
const programs = ["a", "b", "c"].map((id) => ({ id, code: "x = 1\n", entry: null }));
const { bytes: sample } = sampleRecord();
const crash = crashRecord(MINOR, "killed by SIGSEGV");

async function open(format: string): Promise<BatchRendering> {
  return new BatchRendering(programs, format, MINOR, await openSettings(format, AS_PUBLISHED));
}

function ids({ output }: RenderedResult): string[] {
  const lines = Buffer.from(output).toString().trimEnd().split("\n");
  return lines.map((line) => (JSON.parse(line) as { id: string }).id);
}

test("programs are counted by how they ended and how they were kept from each other", async () => {
  const rendering = await open("events");
  rendering.add(crash, "forked");
  rendering.add(crash, null);
  rendering.add(sample, "tame");
  const result = rendering.finish();
  expect(ids(result)).toEqual(["a", "b", "c"]);
  expect(result.statuses).toMatchObject({ crash: 2 });
  expect(result.tiers).toEqual({ tame: 1, restored: 0, forked: 1 });
});

test("a program that the format cannot show is rejected", async () => {
  const rendering = await open("statelens");
  for (const record of [sample, sample, sample]) rendering.add(record);
  const { rejected, rows, output } = rendering.finish();
  expect(rejected.map(({ index, reason }) => [index, reason])).toEqual([0, 1, 2].map((index) => [index, "no-entry"]));
  expect([rows, output.length]).toEqual([0, 0]);
});

test("records become a block of a record file, in the memory that was given", async () => {
  const memory = new ArrayBuffer(64 * 1024);
  const settings = await openSettings("record", AS_PUBLISHED);
  const rendering = new BatchRendering(programs, "record", MINOR, settings, [], memory);
  for (const record of [sample, crash, sample]) rendering.add(record);
  const { output, rows } = rendering.finish();
  expect(rows).toBe(3);
  expect(output.buffer).toBe(memory);
  const [magic, headBytes, compressed, size, count] = new Uint32Array(memory, 0, 5);
  expect([magic, headBytes, count]).toEqual([MAGIC.block, BLOCK_HEAD_SIZE, 3]);
  expect(compressed).toBe(output.length - FRAME_HEAD_SIZE - BLOCK_HEAD_SIZE);
  const whole = zstdCodec().decompress(output.subarray(FRAME_HEAD_SIZE + BLOCK_HEAD_SIZE), size as number);
  expect(Buffer.from(whole).includes(Buffer.from(sample))).toBe(true);
  expect(whole.length).toBe(size);
});

test("no records are no block", async () => {
  const settings = await openSettings("record", AS_PUBLISHED);
  expect(new BatchRendering([], "record", MINOR, settings).finish()).toMatchObject({
    rows: 0,
    output: new Uint8Array(),
  });
});

test("batches share no memory", async () => {
  const outputs = [];
  for (let batch = 0; batch < 3; batch++) {
    const rendering = await open("events");
    rendering.add(crash);
    outputs.push(rendering.finish().output);
  }
  expect(new Set(outputs.map(({ buffer }) => buffer)).size).toBe(3);
  expect(outputs[0]).toEqual(outputs[2]);
});
