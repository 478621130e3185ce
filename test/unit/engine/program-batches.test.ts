import { expect, test } from "vitest";
import type { ProgramInput } from "../../../src/base/schema/program.ts";
import { BatchSize } from "../../../src/engine/pool/batch-size.ts";
import { batches, type Programs } from "../../../src/engine/pool/program-batches.ts";

const program = (number: number): ProgramInput => ({ id: `p${number}`, code: `x = ${number}\n` });

async function* these(count: number): AsyncGenerator<ProgramInput> {
  for (let i = 0; i < count; i++) yield program(i);
}

/** `ids` of every batch, for one worker that is done at once unless told otherwise. */
async function cut(programs: Programs, size = new BatchSize(1)): Promise<string[][]> {
  const ids: string[][] = [];
  for await (const batch of batches(programs, size)) {
    expect(batch.first).toBe(ids.flat().length);
    ids.push(batch.programs.map(({ id }) => id));
    size.ended(batch.programs.length);
  }
  return ids;
}

test("every program is in one batch, in order", async () => {
  const ids = await cut(these(2000));
  expect(ids.flat()).toEqual(Array.from({ length: 2000 }, (_, i) => `p${i}`));
});

test("the batches of several workers get smaller before the end", async () => {
  let now = 0;
  const programs = Array.from({ length: 1500 }, (_, i) => program(i));
  const lengths = (await cut(programs, new BatchSize(2, undefined, () => ++now))).map(({ length }) => length);
  expect(lengths.slice(0, 4)).toEqual([4, 4, 16, 16]);
  expect(Math.max(...lengths)).toBeGreaterThan(200);
  expect(lengths.at(-1)).toBeLessThanOrEqual(40);
});

test("no programs make no batch", async () => {
  expect(await cut([])).toEqual([]);
});

test("programs of many bytes share no batch", async () => {
  const large = Array.from({ length: 3 }, (_, i) => ({ id: `p${i}`, code: "#".repeat(300_000) }));
  expect(await cut(large)).toEqual([["p0"], ["p1"], ["p2"]]);
});

/** Inputs of sources, `inputs` of each. */
function inputsOf(sources: number, inputs: number, chars: number): ProgramInput[] {
  const codes = Array.from({ length: sources }, (_, i) => `${i}${"#".repeat(chars)}`);
  return codes.flatMap((code, i) =>
    Array.from({ length: inputs }, (_, k) => ({ id: `${i}-${k}`, code, entry: `${k}` })),
  );
}

/** For workers whose programs are known to take long. */
function slow(workers: number): BatchSize {
  let now = 0;
  return new BatchSize(workers, 0.001, () => (now += 1000));
}

test("the inputs of a long source share a batch", async () => {
  const lengths = (await cut(inputsOf(3, 10, 100_000), slow(1))).map(({ length }) => length);
  expect(lengths).toEqual([10, 10, 10]);
});

test("a batch has only so many copies of a source", async () => {
  const lengths = (await cut(inputsOf(1, 100, 300_000), new BatchSize(1, 1000))).map(({ length }) => length);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(14);
});

test("several workers share the last inputs of a source", async () => {
  const lengths = (await cut(inputsOf(1, 8, 10), slow(4))).map(({ length }) => length);
  expect(lengths).toEqual([2, 1, 1, 1, 1, 1, 1]);
});

test("an error of the source comes after what it gave before", async () => {
  const failing = async function* (): AsyncGenerator<ProgramInput> {
    yield* these(30);
    throw new Error("the disk is gone");
  };
  const size = new BatchSize(1);
  let seen = 0;
  const reading = (async () => {
    for await (const { programs } of batches(failing(), size)) seen += programs.length;
  })();
  await expect(reading).rejects.toThrow("the disk is gone");
  expect(seen).toBe(30);
});

test("what is no program is named by its place, after the programs before it", async () => {
  const input = [program(0), program(1), { id: "bad" } as ProgramInput, program(3)];
  const seen: string[] = [];
  const reading = (async () => {
    for await (const { programs } of batches(input, new BatchSize(1))) seen.push(...programs.map(({ id }) => id));
  })();
  await expect(reading).rejects.toThrow("program 2 is none");
  expect(seen).toEqual(["p0", "p1"]);
});

test("a slow source is not waited for once there is something to run", async () => {
  let more = (): void => {};
  const slow = async function* (): AsyncGenerator<ProgramInput> {
    yield program(0);
    await new Promise<void>((resolve) => {
      more = resolve;
    });
    yield program(1);
  };
  const reading = batches(slow(), new BatchSize(1));
  expect((await reading.next()).value?.programs).toHaveLength(1);
  more();
  expect((await reading.next()).value?.first).toBe(1);
  expect((await reading.next()).done).toBe(true);
});

test("whoever stops reading ends the source", async () => {
  let ended = false;
  const source = (function* (): Generator<ProgramInput> {
    try {
      for (let i = 0; ; i++) yield program(i);
    } finally {
      ended = true;
    }
  })();
  for await (const _ of batches(source, new BatchSize(1))) break;
  expect(ended).toBe(true);
});
