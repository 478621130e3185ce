// Hostile programs, each followed by its witness and the canary: every one ends as it must, and none is noticed by the
// next. README.md says how the programs are written.
import { describe, expect, it } from "vitest";
import { packagePath } from "../../src/base/package-root.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { run } from "../helpers/run.ts";
import { hostilePrograms } from "./programs.ts";
import { runSuite, type SuiteResult } from "./suite.ts";

const LONGEST_MS = 900_000;
const pythons = await builtPythons();

it("has programs of every kind", () => {
  expect(hostilePrograms().length).toBeGreaterThanOrEqual(150);
});

describe.skipIf(pythons.length > 0)("hostile programs", () => {
  it("need a build", (test) => test.skip(NOT_BUILT));
});

describe.each(pythons)("Python $version", (python) => {
  it.each(["shared", "fork"] as const)(
    "holds hostile programs in %s isolation",
    async (level) => {
      expect(disagreements(await runSuite(python, level))).toEqual([]);
    },
    LONGEST_MS,
  );

  // A process of its own: one process can hold but one Python, and this one may not come back from it.
  it(
    "holds what inline isolation promises to",
    async () => {
      const child = ["--import", "tsx", packagePath("test", "hostile", "inline-child.ts"), String(python.minor)];
      const { status, stdout, stderr } = await run(process.execPath, child);
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(disagreements(JSON.parse(stdout) as SuiteResult)).toEqual([]);
    },
    LONGEST_MS,
  );
});

function disagreements({ ends, traces }: SuiteResult): string[] {
  return [...ends, ...traces].map(({ id, category, order, problem }) => `${category}, ${id} (${order}): ${problem}`);
}
