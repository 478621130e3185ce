import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { generatedItems, generatePrograms } from "../../../src/programs/generate/generate.ts";
import {
  checkGenerateOptions,
  type GenerateInput,
  parseKnobs,
} from "../../../src/programs/generate/generate-options.ts";
import { readPrograms } from "../../../src/programs/sources/read.ts";
import { collect } from "../../helpers/collect.ts";

const NOTHING = { depth: 0, calls: 0, containers: 0, classes: 0, exceptions: 0, strings: 0 };

function sha256(options: GenerateInput): string {
  const hash = createHash("sha256");
  for (const program of generatePrograms(options)) hash.update(JSON.stringify(program));
  return hash.digest("hex");
}

const codes = (options: Omit<GenerateInput, "count">): string =>
  [...generatePrograms({ count: 2_000, ...options })].map(({ code }) => code).join("\n");

// The bytes are a promise to those who keep a seed instead of the programs: change them only on purpose, and say so.
test("a seed gives the same bytes on every machine and in every Node", () => {
  expect(sha256({ seed: 7, count: 2_000 })).toBe("e94ab4f73c6724b283bb6aad070a60d3980fbe7dbf7c10100f19c9225fa3e8f6");
  expect(sha256({ seed: 2 ** 40 + 7, count: 500, depth: 4, calls: 4, classes: 3, exceptions: 5 })).toBe(
    "a01b977628a8069c61ed5fe2e3ba82e88386cbdba352abe7187c45bb7b564b90",
  );
});

test("a program depends on its seed and number only", async () => {
  const all = [...generatePrograms({ seed: 3, count: 50 })];
  expect([...generatePrograms({ seed: 3, count: 20 })]).toEqual(all.slice(0, 20));
  const shard = generatedItems(
    checkGenerateOptions({ seed: 3, count: 50 }),
    { shard: { index: 4, count: 9 } },
    { made: 0 },
  );
  const items = await collect(shard);
  expect(items.map((item) => "program" in item && item.program)).toEqual(all.filter((_, i) => i % 9 === 3));
  expect(items[1]).toMatchObject({ place: { file: expect.stringMatching(/^generate:seed=3,count=50,/), row: 13 } });
  const other = [...generatePrograms({ seed: 2 ** 32 + 3, count: 50 })];
  expect(other.filter(({ code }, i) => code === all[i]?.code)).toEqual([]);
});

test("all sources of a seed differ, nearly all also without their names", { timeout: 60_000 }, () => {
  const sources = new Set<string>();
  const bodies = new Set<string>();
  const ids = new Set<string>();
  // Past the 64,000 names that functions have without a number.
  const count = 80_000;
  for (const { id, code, entry } of generatePrograms({ seed: 11, count })) {
    ids.add(id);
    sources.add(createHash("md5").update(code).digest("base64"));
    const name = entry?.split("(")[0] as string;
    bodies.add(
      createHash("md5")
        .update(code.replaceAll(name, "f").replaceAll(/""".*"""/g, ""))
        .digest("base64"),
    );
  }
  expect(ids.size).toBe(count);
  expect(sources.size).toBe(count);
  expect(bodies.size).toBeGreaterThan(0.98 * count);
});

test("what a knob says none of is not there, and more of it is more", { timeout: 60_000 }, () => {
  const bare = codes(NOTHING).replaceAll(/""".*"""/g, "");
  expect(bare.match(/^ *(for|while|if|try|raise|class)\b|["[{]/m)).toBeNull();
  expect(bare.match(/^def /gm)).toHaveLength(2_000);
  expect(codes({ ...NOTHING, calls: 4 }).match(/\b(for|while|try|class)\b/)).toBeNull();
  const times = (pattern: RegExp, options: Partial<typeof NOTHING>): number => {
    return codes({ ...NOTHING, ...options }).match(pattern)?.length ?? 0;
  };
  const rising: [RegExp, keyof typeof NOTHING, number, number][] = [
    [/^ {12}\S/gm, "depth", 1, 4],
    [/^def /gm, "calls", 1, 4],
    [/\[.* for \w in/g, "containers", 1, 5],
    [/^class /gm, "classes", 1, 3],
    [/try:/g, "exceptions", 1, 5],
    [/\.upper\(\)|f"/g, "strings", 1, 5],
  ];
  for (const [pattern, knob, low, high] of rising) {
    const base = { depth: 1, strings: 1, containers: 1 };
    expect(times(pattern, { ...base, [knob]: high }), knob).toBeGreaterThan(
      1.3 * times(pattern, { ...base, [knob]: low }),
    );
  }
});

test.each([
  [{ count: 0 }, "count: give a whole number, 1 or more"],
  [{ count: 1.5 }, "count: give a whole number, 1 or more"],
  [{}, "count: "],
  [{ count: 1, seed: -1 }, "seed: give a whole number, 0 or more"],
  [{ count: 1, depth: 5 }, "depth: give a whole number, 0 to 4"],
  [{ count: 1, deepness: 2 }, "deepness"],
])("%j is refused with the reason", (options, message) => {
  expect(() => generatePrograms(options as GenerateInput).next()).toThrow(message);
});

test("knobs as text", () => {
  expect(parseKnobs("depth=3, calls=0")).toEqual({ depth: 3, calls: 0 });
  for (const text of [
    "",
    "depth",
    "depth=",
    "depth=-1",
    "depth=1e1",
    "__proto__=1",
    "seed=1",
    "depth=5",
    "depth=1,depth=1",
  ])
    expect(() => parseKnobs(text), text).toThrow();
});

test("the name of the source means nothing for rows", async () => {
  await expect(readPrograms([import.meta.filename], { source: "generate" }).next()).rejects.toThrow(/known kind/);
  const rows = new URL("../../programs/sample.jsonl", import.meta.url).pathname;
  await expect(readPrograms([rows], { source: "generate" }).next()).rejects.toThrow("makes its programs itself");
});
