import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PAGES, withOutputs } from "../../scripts/worked-examples.ts";
import { packagePath } from "../../src/base/package-root.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";

const pythons = await builtPythons();
if (pythons.length === 0) console.warn(`skipped: ${NOT_BUILT}`);

describe.each(PAGES)("docs/%s", (name) => {
  test.for(pythons)("prints what Python $version gives; mend: npx tsx scripts/write-examples.ts", ({ executable }) => {
    const page = readFileSync(packagePath("docs", name), "utf8");
    expect(withOutputs(page, executable)).toBe(page);
  });
});
