// Data sets that the real datasets library saved are read whole, as the rows that they were saved from.

import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { packagePath } from "../../src/base/package-root.ts";
import { readPrograms } from "../../src/programs/sources/read.ts";
import { collect } from "../helpers/collect.ts";
import { TestFolder } from "../helpers/test-folder.ts";
import { consumersPython, NO_CONSUMERS } from "./environment.ts";

if (consumersPython === null) console.warn(NO_CONSUMERS);

const folder = new TestFolder();

/** More than two batches of the library, which have 1,000 rows. */
const COUNT = 2_500;
/** `meta` differs from row to row: the library fills what is missing with null. */
const ROWS = Array.from({ length: COUNT }, (_, i) => ({
  id: `row ${i}`,
  code: `def f(x):\n    return x + "${i % 7 === 0 ? "é\u2028𝄞\\0" : i}"`,
  entry: i % 5 === 0 ? null : `f("${i}")`,
  argv: Array.from({ length: i % 4 }, (_, k) => `-${k}`),
  meta: i % 2 === 0 ? { index: i, share: i / 2 } : { index: null, share: 0 },
}));

async function programsIn(input: string): Promise<unknown[]> {
  const items = await collect(readPrograms([input]));
  return items.map((item) => ("program" in item ? item.program : item.rejected));
}

test.skipIf(consumersPython === null)(
  "save_to_disk: in one shard, in several, in splits",
  { timeout: 300_000 },
  async () => {
    const path = folder.writeRows(ROWS);
    const script = packagePath("test", "consumers", "save_to_disk.py");
    execFileSync(consumersPython as string, [script, path, folder.path], { stdio: ["ignore", "ignore", "pipe"] });
    const wanted = await programsIn(path);
    expect(wanted).toHaveLength(COUNT);
    expect(readdirSync(folder.at("one")).filter((name) => name.startsWith("cache-"))).toHaveLength(1);
    expect(JSON.parse(folder.text("shards", "state.json"))._data_files).toHaveLength(5);
    for (const saved of ["one", "shards", "splits"]) expect(await programsIn(folder.at(saved)), saved).toEqual(wanted);
  },
);
