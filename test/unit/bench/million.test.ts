import { expect, test } from "vitest";
import { medianSlope, programsAt, roleCurves, type Sample, sparkline, toCsv } from "../../../bench/million/curve.ts";

const MARKS = Array.from({ length: 10 }, (_, i) => ({ seconds: 10 * (i + 1), programs: 100_000 * (i + 1) }));

/** A hundred samples of Node's memory, MiB by second. */
function samples(mebibytes: (second: number) => number): Sample[] {
  return Array.from({ length: 100 }, (_, second) => {
    const rss = mebibytes(second) * 1024;
    return { seconds: second, processes: [{ pid: 1, role: "node", rss, pss: null, cpu: 0 }] };
  });
}

const flat = (mebibytes: (second: number) => number, programs = 1_000_000): boolean | null | undefined =>
  roleCurves(samples(mebibytes), MARKS, programs)[0]?.flat;

test("programs between two marks", () => {
  expect([0, 5, 10, 55, 100, 200].map((seconds) => programsAt(seconds, MARKS))).toEqual([
    0, 50_000, 100_000, 550_000, 1_000_000, 1_000_000,
  ]);
});

test("memory that settles is flat, memory that leaks is not, and a short run says nothing", () => {
  expect(flat((second) => 200 + (second % 7))).toBe(true);
  expect(flat((second) => (second < 8 ? 150 + 5 * second : 190))).toBe(true);
  expect(flat((second) => 150 + second)).toBe(false);
  expect(flat((second) => (second < 50 ? 150 : 150 + second))).toBe(false);
  expect(flat((second) => 150 + second, 20_000)).toBeNull();
  // A collection, once: a leak is one with it and without.
  const collected = (second: number): number => (second >= 52 && second < 57 ? -40 : 0);
  expect(flat((second) => 200 + (second % 7) + collected(second))).toBe(true);
  expect(flat((second) => 200 + second / 4 + collected(second))).toBe(false);
  // What is done with the files after the last program.
  expect(flat((second) => (second < 95 ? 200 : 400))).toBe(true);
});

test("slopes, bars and lines of the table", () => {
  expect(medianSlope([0, 1, 2], [5, 7, 9])).toBe(2);
  expect(medianSlope([0, 1, 2, 3, 4], [5, 7, 9, -100, 13])).toBe(2);
  expect(medianSlope([3], [1])).toBe(0);
  expect(sparkline([0, 4, 8, 8], 2)).toBe("▅█");
  expect(toCsv(samples(() => 1).slice(50, 51), MARKS)).toBe(
    "seconds,programs,role,pid,rss_kib,pss_kib,cpu_s\n50.0,500000,node,1,1024,,0\n",
  );
});
