import { expect, test } from "vitest";
import { IdSet } from "../../../src/programs/sources/id-set.ts";

test("half a million ids that hardly differ are all different, and all known afterwards", () => {
  const ids = new IdSet();
  const id = (i: number): string => `${Math.floor(i / 10)}/${i % 10}`;
  let fresh = 0;
  for (let i = 0; i < 500_000; i++) if (ids.add(id(i))) fresh++;
  expect(fresh).toBe(500_000);
  let known = 0;
  for (let i = 0; i < 500_000; i++) if (!ids.add(id(i))) known++;
  expect(known).toBe(500_000);
  expect(ids.size).toBe(500_000);
});

test("the empty id, and ids of one character", () => {
  const ids = new IdSet();
  expect([ids.add(""), ids.add("\0"), ids.add("a"), ids.add("b"), ids.add("")]).toEqual([
    true,
    true,
    true,
    true,
    false,
  ]);
});
