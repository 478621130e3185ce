// Recording changes nothing: programs that look for signs of it (test/programs/neutral.jsonl) and those that recurse until
// Python refuses (recursion.jsonl) end as in plain CPython.
// scripts/neutral.ts does the same for any file of programs.
import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { packagePath } from "../../src/base/package-root.ts";
import type { Program } from "../../src/base/schema/program.ts";
import { findPython } from "../../src/engine/python/find-python.ts";
import { readPrograms } from "../../src/programs/sources/read.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { TestFolder } from "../helpers/test-folder.ts";
import { check } from "../neutral/check.ts";
import { readExplained, reasonFor } from "../neutral/explained.ts";
import { ENVIRONMENT, Judge, PROGRAM_FOLDER } from "../neutral/judge.ts";

const FILES = ["neutral.jsonl", "recursion.jsonl"] as const;
const programsOf = new Map<string, Program[]>();
for (const file of FILES) {
  const programs: Program[] = [];
  for await (const item of readPrograms([packagePath("test", "programs", file)])) {
    if ("rejected" in item) throw new Error(item.rejected.message);
    programs.push(item.program);
  }
  programsOf.set(file, programs);
}
const CASES = FILES.flatMap((file) => (["shared", "fork"] as const).map((isolation) => ({ file, isolation })));
const pythons = await builtPythons();
const folder = new TestFolder("file");

describe.skipIf(pythons.length > 0)("neutrality", () => {
  it("needs a build", (test) => test.skip(NOT_BUILT));
});

describe.each(pythons)("Python $version", ({ executable, minor }) => {
  it.each(CASES)("$isolation isolation changes nothing about $file", async ({ file, isolation }) => {
    const programs = programsOf.get(file) ?? [];
    const explained = await readExplained(packagePath("test", "neutral", "explained.txt"), minor);
    const options = { isolation, workers: 2 };
    const findings = await check(programs, { python: executable, options, processes: 2 });
    const found = findings.flatMap(({ program, differences }) =>
      differences
        .filter(({ field }) => reasonFor(explained, program.id, field) === null)
        .map(({ kind, plain, recorded }) => ({ id: program.id, kind, plain, recorded })),
    );
    expect(findings.length).toBeGreaterThan(50);
    expect(found).toEqual([]);
  });

  it("is judged by what the interpreter itself does", async () => {
    const judge = await Judge.open(await findPython(executable));
    const scripts = [...programsOf.values()].flat().filter(({ entry }) => entry === null);
    expect(scripts.length).toBeGreaterThan(20);
    for (const program of scripts) {
      const { exitCode, stdout, stderr } = await judge.run(program);
      expect({ id: program.id, exitCode, stdout, stderr }).toEqual(asScript(executable, minor, program));
    }
  });
});

/** `python program.py` in a folder of its own. */
function asScript(python: string, minor: number, program: Program): Record<string, unknown> {
  const path = (name: string): string => folder.at(`3.${minor}`, program.id, name);
  const work = dirname(path("work/program.py"));
  mkdirSync(work, { recursive: true });
  writeFileSync(path("work/program.py"), program.code);
  writeFileSync(path("stdin"), program.stdin ?? "");
  const stdio = [openSync(path("stdin"), "r"), openSync(path("stdout"), "w"), openSync(path("stderr"), "w")];
  const env = { ...ENVIRONMENT, PYTHONIOENCODING: "utf-8:strict" };
  const ended = spawnSync(python, ["-B", "program.py"], { cwd: work, env, stdio });
  for (const descriptor of stdio) closeSync(descriptor);
  const [stdout, stderr] = ["stdout", "stderr"].map((name) =>
    folder.text(`3.${minor}`, program.id, name).replaceAll(work, PROGRAM_FOLDER),
  );
  return { id: program.id, exitCode: ended.status, stdout, stderr };
}
