// The native tracer against the pure-Python reference: equal events for every program of test/programs/oracle.jsonl.
// scripts/oracle.sh does the same for whole corpora.
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packagePath } from "../../src/native/package-root.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { run } from "../helpers/run.ts";

const CLI = packagePath("dist", "cli", "main.js");
const PROGRAMS = packagePath("test", "programs", "oracle.jsonl");
const reference = (name: string): string => packagePath("test", "reference", name);

const pythons = await builtPythons();
const folder = await mkdtemp(join(tmpdir(), "tracemill-oracle-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(pythons.length > 0 && existsSync(CLI))("oracle", () => {
  it(`needs a build`, (test) => test.skip(existsSync(CLI) ? NOT_BUILT : "dist is missing: npm run build:ts"));
});

describe.skipIf(!existsSync(CLI)).each(pythons)("Python $version", ({ executable, minor }) => {
  const expected = join(folder, `reference-3.${minor}.jsonl`);

  beforeAll(async () => {
    const made = await run(executable, [reference("tracer.py"), PROGRAMS, "-o", expected]);
    expect(made).toMatchObject({ status: 0 });
  }, 120_000);

  it("has a reference row for every program", async () => {
    const rows = (await readFile(expected, "utf8")).trimEnd().split("\n");
    expect(rows.length).toBeGreaterThanOrEqual(60);
    expect(rows.filter((row) => row.includes('"skipped"'))).toEqual([]);
  });

  it.each(["shared", "fork"])("agrees with the reference tracer in %s isolation", async (isolation) => {
    const ours = join(folder, `ours-3.${minor}-${isolation}.jsonl`);
    const options = ["--as", "events", "--python", executable, "--isolation", isolation, "--workers", "1"];
    const traced = await run(process.execPath, [CLI, "trace", PROGRAMS, "-o", ours, ...options]);
    expect(traced).toMatchObject({ status: 0 });
    const compared = await run(executable, [
      reference("compare.py"),
      expected,
      ours,
      "--explained",
      reference("explained-oracle.txt"),
    ]);
    expect(compared.status, compared.stdout + compared.stderr).toBe(0);
  }, 300_000);
});
