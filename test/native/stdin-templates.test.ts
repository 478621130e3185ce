// The ways in which programs read their input and write their output, each as in plain CPython: test/programs/streams.jsonl.
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { packagePath } from "../../src/base/package-root.ts";
import { openTracer } from "../../src/engine/tracer.ts";
import { decodeBytes } from "../../src/record/trace/text.ts";
import type { Trace } from "../../src/record/trace/trace.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { type PlainRun, runPlain } from "../helpers/plain-python.ts";
import { TestFolder } from "../helpers/test-folder.ts";

interface StreamProgram {
  id: string;
  code: string;
  stdin: string;
}

const programs = readFileSync(packagePath("test", "programs", "streams.jsonl"), "utf8")
  .trimEnd()
  .split("\n")
  .map((row) => JSON.parse(row) as StreamProgram);
/** Their stderr names the file of the program, which is another one in each run. */
const NAMES_ITS_FILE = new Set(["warnings"]);
const FLUSH_FAILED = 120;

const pythons = await builtPythons();

describe.skipIf(pythons.length > 0)("stdin templates", () => {
  it("needs a build", (test) => test.skip(NOT_BUILT));
});

describe.each(pythons)("Python $version", ({ executable }) => {
  const folder = new TestFolder("file");
  const plain = new Map<string, PlainRun>();
  beforeAll(() => {
    for (const { id, code, stdin } of programs) plain.set(id, runPlain(executable, code, stdin, folder.path));
  }, 300_000);

  // In one process each program follows another, in another order a different one.
  it.each([
    ["shared", programs],
    ["shared, in the other order", programs.toReversed()],
    ["fork", programs],
  ] as const)(
    "%s: every program reads and writes as in plain CPython",
    async (name, inOrder) => {
      const isolation = name.startsWith("shared") ? "shared" : "fork";
      await using tracer = await openTracer({ python: executable, isolation, workers: 1 });
      const differences: object[] = [];
      for await (const trace of tracer.run([...inOrder])) {
        const must = expected(plain.get(trace.program.id) as PlainRun, trace, trace.program.id);
        const got = { succeeded: succeeded(trace), stdout: trace.stdout, stderr: trace.stderr };
        const same = got.succeeded === must.succeeded && got.stdout === must.stdout && got.stderr === must.stderr;
        if (!same) differences.push({ id: trace.program.id, got, must, outcome: trace.outcome });
      }
      expect(differences).toEqual([]);
    },
    120_000,
  );
});

function succeeded({ outcome }: Trace): boolean {
  const { status, exception, detail } = outcome;
  return status === "ok" || exception?.type === "SystemExit" || detail === "exited with status 0";
}

/** Tracebacks of programs that fail are no part of a record's stderr. */
function expected(run: PlainRun, trace: Trace, id: string): { succeeded: boolean; stdout: string; stderr: string } {
  const comparable = (run.exitStatus === 0 || run.exitStatus === FLUSH_FAILED) && !NAMES_ITS_FILE.has(id);
  return {
    succeeded: run.exitStatus === 0,
    stdout: decodeBytes(run.stdout),
    stderr: comparable ? decodeBytes(run.stderr) : trace.stderr,
  };
}
