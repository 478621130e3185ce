// Rows of programs that try to reach the next ones, with witnesses that would see it (contamination/, README.md).
import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { packagePath } from "../../src/base/package-root.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { NO_PACKAGES, packagesPython } from "../packages/environment.ts";
import { type ContaminationRow, ownRows, parseRows } from "./contamination-rows.ts";
import { runContamination } from "./contamination-run.ts";

const LONGEST_MS = 600_000;
const ENVIRONMENT = { LC_ALL: "C.UTF-8", PYTHONHASHSEED: "0", TZ: "UTC" };
const pythons = await builtPythons();
const rows = ownRows();
/** Of native code against records, which no level may let through. */
const forging = ownRows("records");
/** Of which some harm only who shares memory in the way that tame programs do. */
const tame = ownRows("tame");
/** Rows that show a difference which SECURITY.md names: the collector of a warm interpreter comes at another allocation. */
const KNOWN: ReadonlySet<string> = new Set(["tame: time of the garbage collection"]);
const withPackages = rows.filter(({ preload }) => preload.length > 0);
const plain = rows.filter(({ preload }) => preload.length === 0);

it("reads rows, and refuses what it does not know", () => {
  const text = '# about\n#: id a\n#: preload m n\n#: on 3.12+\nx = 1\n#: program\ny\n#: witness\n#: stdin "s"\nz\n';
  expect(parseRows("file", text)).toEqual([
    {
      id: "a",
      preload: ["m", "n"],
      minors: [12, 13],
      programs: [
        { id: "hostile", code: "x = 1\n", witness: false },
        { id: "program 1", code: "y\n", witness: false },
        { id: "witness 2", code: "z\n", witness: true, stdin: "s" },
      ],
    },
  ]);
  expect(() => parseRows("file", "#: id a\nx\n")).toThrow('"a" has no witness');
  expect(() => parseRows("file", "#: id a\n#: odd\n#: witness\n")).toThrow("means nothing");
  expect(() => parseRows("file", "#: witness\n")).toThrow("before the first row");
});

it("has rows of every kind", () => {
  expect(rows.length).toBeGreaterThanOrEqual(200);
  expect(withPackages.length).toBeGreaterThanOrEqual(20);
});

describe.skipIf(pythons.length > 0)("rows of contamination", () => {
  it("need a build", (test) => test.skip(NOT_BUILT));
});

describe.each(pythons)("Python $version", ({ executable, version, minor }) => {
  const packages = packagesPython(version.split(".").slice(0, 2).join("."));

  it.each([
    ["the library", executable, plain],
    ["packages", packages, withPackages],
  ] as const)(
    "attacks on %s show where nothing is put back",
    (_, python, tried) => {
      if (python === null) return expect(NO_PACKAGES).toBeTruthy();
      expect(
        withoutEffect(
          python,
          minor,
          tried.filter((row) => ![...forging, ...tame].some(({ id }) => id === row.id)),
        ),
      ).toEqual([]);
    },
    LONGEST_MS,
  );

  it(
    "no program of shared isolation sees what one before it did",
    async () => {
      const found = await runContamination(executable, minor, plain);
      const differing = found.differing.filter(({ row }) => !KNOWN.has(row));
      const { unstable } = found;
      expect({ differing, unstable }).toEqual({ differing: [], unstable: [] });
    },
    LONGEST_MS,
  );

  it(
    "native code of fork isolation changes no record but its own",
    async () => {
      const { differing, unstable } = await runContamination(executable, minor, forging, "fork");
      expect({ differing, unstable }).toEqual({ differing: [], unstable: [] });
    },
    LONGEST_MS,
  );

  it(
    "nor what one did to a package that is loaded",
    async (test) => {
      if (packages === null) return test.skip(NO_PACKAGES);
      const { differing, unstable } = await runContamination(packages, minor, withPackages);
      expect({ differing, unstable }).toEqual({ differing: [], unstable: [] });
    },
    LONGEST_MS,
  );
});

/** The rows whose witnesses say the same after the attack as without it, in one process of plain CPython. */
function withoutEffect(python: string, minor: number, tried: readonly ContaminationRow[]): string[] {
  const fitting = tried.filter(({ minors }) => minors.length === 0 || minors.includes(minor));
  const { stdout, stderr } = spawnSync(python, [packagePath("test", "hostile", "unguarded.py")], {
    input: fitting.map((row) => JSON.stringify(row)).join("\n"),
    env: ENVIRONMENT,
    encoding: "utf8",
  });
  const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
  const results = lines.map((line) => JSON.parse(line) as { id: string; shows: boolean });
  if (results.length !== fitting.length) throw new Error(`${results.length} results: ${stderr}`);
  return results.filter(({ shows }) => !shows).map(({ id }) => id);
}
