import { expect, test } from "vitest";
import { EvaluationSets } from "../../../src/products/dataset/contamination.ts";
import { SimilarSources } from "../../../src/products/dataset/similarity.ts";
import { splitOf } from "../../../src/products/dataset/split.ts";

const long = (name: string, last: string): string =>
  `def ${name}(items, bound):\n    total = 0\n    for item in items:\n        if item > bound:\n            total += item * 2\n` +
  `        elif item == bound:\n            total -= 1\n        else:\n            total = max(total, item)\n    return ${last}\n`;

test("sources that differ in a word are of one group, others are not", () => {
  const similar = new SimilarSources(0.7);
  const a = similar.add(long("f", "total"), null);
  const b = similar.add(long("f", "total + 1"), null);
  const c = similar.add("def g(text):\n    return ' '.join(sorted(text.split()))\n", null);
  expect(similar.group(a)).toBe(similar.group(b));
  expect(similar.group(c)).not.toBe(similar.group(a));
});

test("equal shapes are of one group whatever their words are, and join groups", () => {
  const similar = new SimilarSources(0.99);
  const numbers = ["a = 1", "b = 2", "c = 3"].map((code, i) => similar.add(code, i === 2 ? null : "same"));
  expect(similar.group(numbers[0] as number)).toBe(similar.group(numbers[1] as number));
  expect(similar.group(numbers[2] as number)).not.toBe(similar.group(numbers[0] as number));
});

test("empty and tiny sources are no trouble", () => {
  const similar = new SimilarSources(0.8);
  for (const code of ["", "#", "x", "x = 1"]) expect(similar.group(similar.add(code, null))).toBeTypeOf("number");
});

test("contamination: words in a row, or the same tree under other names", () => {
  const sets = new EvaluationSets(8);
  sets.add("exam", long("f", "total"), "tree");
  expect(sets.find(`# a copy\nimport os\n${long("g", "0")}`, null)).toContain("8 words in a row with exam");
  expect(sets.find("def h(): pass", "tree")).toContain("one of exam");
  expect(sets.find("def h(items):\n    return sum(items)", "other")).toBeNull();
});

test("splits have about their share, hang on the seed, and move nothing else", () => {
  const keys = Array.from({ length: 2_000 }, (_, i) => `k${i}`);
  const splits = keys.map((key) => splitOf(key, { validation: 0.2, test: 0.1, seed: 1 }));
  const count = (split: string): number => splits.filter((found) => found === split).length;
  expect(count("validation")).toBeGreaterThan(320);
  expect(count("validation")).toBeLessThan(480);
  expect(count("test")).toBeGreaterThan(130);
  expect(count("test")).toBeLessThan(270);
  expect(keys.map((key) => splitOf(key, { validation: 0.2, test: 0.1, seed: 2 }))).not.toEqual(splits);
  const wider = keys.map((key) => splitOf(key, { validation: 0.3, test: 0.1, seed: 1 }));
  expect(wider.every((split, i) => split === splits[i] || (splits[i] === "train" && split === "validation"))).toBe(
    true,
  );
});
