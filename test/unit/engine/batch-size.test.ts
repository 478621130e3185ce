import { expect, test } from "vitest";
import { BatchSize } from "../../../src/engine/pool/batch-size.ts";

/** Sizes of the batches of one worker, one after another, when each program takes `milliseconds`. */
function sizes(milliseconds: number, count: number): number[] {
  let now = 0;
  const size = new BatchSize(1, undefined, () => now);
  return Array.from({ length: count }, () => {
    const programs = size.next();
    now += programs * milliseconds;
    size.ended(programs);
    return programs;
  });
}

test("the first batches are small whatever the programs are", () => {
  expect(sizes(0.1, 2)).toEqual([4, 16]);
  expect(sizes(1000, 2)).toEqual([4, 16]);
});

test("batches last about as long, whether programs are quick or slow", () => {
  expect(sizes(0.2, 10).at(-1)).toBe(200);
  expect(sizes(4, 10).at(-1)).toBe(10);
});

test("batches stay within what is useful", () => {
  expect(sizes(0.000_1, 10).at(-1)).toBe(512);
  expect(sizes(10_000, 10).at(-1)).toBe(4);
});

test("workers share the pace", () => {
  let now = 0;
  const size = new BatchSize(4, undefined, () => now);
  for (let round = 0; round < 30; round++) {
    now += 100;
    size.ended(100);
    size.next();
  }
  // One program a millisecond, by four workers.
  expect(size.next()).toBe(10);
});

test("slow programs that have not come back keep batches small", () => {
  const size = new BatchSize(1, undefined, () => 0);
  expect([size.next(), size.next(), size.next(), size.next()]).toEqual([4, 16, 16, 16]);
});

test("where the pace of another run is known, the first batches follow it", () => {
  const size = new BatchSize(1, 10, () => 0);
  expect([size.next(), size.next(), size.next()]).toEqual([50, 400, 400]);
  expect(new BatchSize(1, 0.01, () => 0).next()).toBe(4);
});

test("a run tells its pace once something came back", () => {
  let now = 0;
  const size = new BatchSize(2, undefined, () => now);
  expect(size.pace).toBeUndefined();
  now = 10;
  size.ended(100);
  expect(size.pace).toBe(5);
});

/** Of the batches that a rest of 500 programs is cut into, ten a millisecond. */
function cuts(workers: number): number[] {
  let now = 0;
  const size = new BatchSize(workers, undefined, () => now);
  now = 10;
  size.ended(100 * workers);
  const cut: number[] = [];
  for (let rest = 500; rest > 0; rest -= cut.at(-1) as number) cut.push(size.nextOf(rest, 300));
  return cut;
}

test("the last batches of several workers get smaller, and leave nothing", () => {
  expect(cuts(2)).toEqual([167, 111, 74, 50, 33, 22, 20, 20, 3]);
  expect(new BatchSize(4).nextOf(8, 300)).toBe(2);
});

test("one worker has nobody to end with", () => {
  expect(cuts(1)).toEqual([300, 200]);
});

test("batches of inputs of one source grow while it is the source that takes the time", () => {
  let now = 0;
  const size = new BatchSize(1, undefined, () => now);
  const grown = Array.from({ length: 9 }, () => {
    const programs = size.next();
    // 35 ms to compile the source, 0.1 ms for each input.
    now += 35 + programs * 0.1;
    size.ended(programs, 1);
    return programs;
  });
  expect(grown.at(-1)).toBeGreaterThan(100);
  // Inputs that take long by themselves stay few.
  now += 4000;
  size.ended(4, 1);
  expect(size.next()).toBeLessThan(10);
});
