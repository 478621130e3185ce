// The native tracer against the pure-Python reference: equal events for every program of test/programs/oracle.jsonl.
// scripts/oracle.sh does the same for whole corpora, through the command line.
import { open, readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { openTracer } from "../../src/engine/tracer.ts";
import { packagePath } from "../../src/native/package-root.ts";
import type { ProgramInput } from "../../src/schema/program.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { run } from "../helpers/run.ts";
import { TestFolder } from "../helpers/test-folder.ts";

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

describe.each(pythons)("Python $version", ({ executable, minor }) => {
  const expected = folder.at(`reference-3.${minor}.jsonl`);

  beforeAll(async () => {
    const made = await run(executable, [reference("tracer.py"), PROGRAMS, "-o", expected]);
    expect(made).toMatchObject({ status: 0 });
  }, 120_000);

  it("has a reference row for every program", async () => {
    const rows = (await readFile(expected, "utf8")).trimEnd().split("\n");
    expect(rows.length).toBe(programs.length);
    expect(rows.filter((row) => row.includes('"skipped"'))).toEqual([]);
  });

  it.each(["shared", "fork"] as const)(
    "agrees with the reference tracer in %s isolation",
    async (isolation) => {
      const ours = folder.at(`ours-3.${minor}-${isolation}.jsonl`);
      await trace(executable, isolation, ours);
      const compared = await run(executable, [
        reference("compare.py"),
        expected,
        ours,
        "--explained",
        reference("explained-oracle.txt"),
      ]);
      expect(compared.status, compared.stdout + compared.stderr).toBe(0);
    },
    120_000,
  );
});

/** Events rows of all programs, as `tracemill trace --as events` writes them. */
async function trace(python: string, isolation: "shared" | "fork", path: string): Promise<void> {
  // What the format implies on the command line.
  const options = { maxValueChars: 0, timeoutMs: 20_000 } as const;
  await using tracer = await openTracer({ python, isolation, workers: 1, ...options });
  await using output = await open(path, "w");
  for await (const batch of tracer.runRendered(programs, "events")) await output.write(batch.output);
}
