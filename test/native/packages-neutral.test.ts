// Programs that look for signs of being recorded in values of packages (test/programs/packages.jsonl) end as in plain
// CPython. Each Python runs a fourth of them; scripts/neutral.ts runs all.
import { describe, expect, it } from "vitest";
import { packagePath } from "../../src/base/package-root.ts";
import type { Program } from "../../src/base/schema/program.ts";
import { readPrograms } from "../../src/programs/sources/read.ts";
import { builtPythons } from "../helpers/built-pythons.ts";
import { check } from "../neutral/check.ts";
import { readExplained, reasonFor } from "../neutral/explained.ts";
import { NO_PACKAGES, packagesPython } from "../packages/environment.ts";

const SHARE = 4;

const programs: Program[] = [];
for await (const item of readPrograms([packagePath("test", "programs", "packages.jsonl")])) {
  if ("rejected" in item) throw new Error(item.rejected.message);
  programs.push(item.program);
}
const pythons = (await builtPythons()).filter(({ minor }) => packagesPython(`3.${minor}`) !== null);

describe.skipIf(pythons.length > 0)("packages", () => {
  it("need an environment", (test) => test.skip(NO_PACKAGES));
});

describe.runIf(pythons.length > 0).each(pythons)("packages, Python $version", ({ minor }) => {
  it("are not changed by recording", async () => {
    const explained = await readExplained(packagePath("test", "neutral", "explained.txt"), minor);
    const chosen = programs.filter((_, i) => i % SHARE === minor % SHARE);
    const options = { workers: 2, timeoutMs: 60_000 };
    const findings = await check(chosen, { python: packagesPython(`3.${minor}`) ?? "", options, processes: 2 });
    const found = findings.flatMap(({ program, differences }) =>
      differences
        .filter(({ field, unstable }) => !unstable && reasonFor(explained, program.id, field) === null)
        .map(({ kind, plain, recorded }) => ({ id: program.id, kind, plain, recorded })),
    );
    expect(findings.length).toBe(chosen.length);
    expect(found).toEqual([]);
  }, 240_000);
});
