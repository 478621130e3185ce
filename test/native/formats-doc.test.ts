import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { formatsDoc } from "../../scripts/formats-doc.ts";
import { packagePath } from "../../src/base/package-root.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";

const pythons = await builtPythons();
if (pythons.length === 0) console.warn(`skipped: ${NOT_BUILT}`);

test.for(pythons)(
  "docs/formats.md is what Python $version gives; mend: npx tsx scripts/write-formats.ts",
  async ({ executable }) => {
    expect(readFileSync(packagePath("docs", "formats.md"), "utf8")).toBe(await formatsDoc(executable));
  },
);
