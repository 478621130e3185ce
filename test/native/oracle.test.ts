// The native tracer against the pure-Python reference: equal events for every program of test/programs/oracle.jsonl.
// scripts/oracle.sh does the same for whole corpora, through the command line.
import { open, readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { packagePath } from "../../src/base/package-root.ts";
import type { ProgramInput } from "../../src/base/schema/program.ts";
import { openTracer } from "../../src/engine/tracer.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { run } from "../helpers/run.ts";
import { TestFolder } from "../helpers/test-folder.ts";
import { eventsWithIdentities } from "../reference/event-rows.ts";

const PROGRAMS = packagePath("test", "programs", "oracle.jsonl");
const reference = (name: string): string => packagePath("test", "reference", name);

const programs = (await readFile(PROGRAMS, "utf8"))
  .trimEnd()
  .split("\n")
  .map((row) => JSON.parse(row) as ProgramInput);
const pythons = await builtPythons();
const folder = new TestFolder("file");

describe.skipIf(pythons.length > 0)("oracle", () => {
  it("needs a build", (test) => test.skip(NOT_BUILT));
});

/** What is recorded, and where. */
const SETTINGS = [
  ["structure, shared", { isolation: "shared", objects: "fields", maxValueChars: 0 }],
  ["structure, fork", { isolation: "fork", objects: "fields", maxValueChars: 0 }],
  ["structure of few characters", { isolation: "shared", objects: "fields", maxValueChars: 12 }],
  ["reprs", { isolation: "shared", objects: "repr", maxValueChars: 0 }],
] as const;
type Setting = (typeof SETTINGS)[number][1];

describe.each(pythons)("Python $version", ({ executable, minor }) => {
  it.each(SETTINGS)(
    "agrees with the reference tracer: %s",
    async (_, setting) => {
      const { isolation, objects, maxValueChars } = setting;
      const [expected, ours] = ["reference", "ours"].map((of) =>
        folder.at(`${of}-3.${minor}-${isolation}-${objects}-${maxValueChars}.jsonl`),
      ) as [string, string];
      const options = ["--objects", objects, "--max-value-chars", `${maxValueChars}`];
      const made = await run(executable, [reference("tracer.py"), PROGRAMS, "-o", expected, ...options]);
      expect(made).toMatchObject({ status: 0 });
      const rows = (await readFile(expected, "utf8")).trimEnd().split("\n");
      expect(rows.length).toBe(programs.length);
      expect(rows.filter((row) => row.includes('"skipped"'))).toEqual([]);
      await trace(executable, setting, ours);
      const explained = ["--explained", reference("explained-oracle.txt")];
      const compared = await run(executable, [reference("compare.py"), expected, ours, ...explained]);
      expect(compared.status, compared.stdout + compared.stderr).toBe(0);
    },
    240_000,
  );
});

/** Events rows of all programs. */
async function trace(python: string, setting: Setting, path: string): Promise<void> {
  await using tracer = await openTracer({ python, workers: 1, timeoutMs: 20_000, ...setting });
  await using output = await open(path, "w");
  for await (const traced of tracer.run(programs)) {
    await output.write(`${JSON.stringify(eventsWithIdentities(traced.program, traced))}\n`);
  }
}
