// The two readers, C++ and TypeScript, on the same bytes. The C++ tools come with the native tests.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { RecordError } from "../../../src/base/errors.ts";
import { dump } from "../../../src/record/trace/dump.ts";
import { TestFolder } from "../../helpers/test-folder.ts";
import { fnv1a, mutant } from "./mutation.ts";
import { sampleRecord } from "./sample-record.ts";

const tools = resolve(process.env.TRACEMILL_NATIVE_TEST_DIR ?? "build/native-test");
const built = ["tracemill-dump", "tracemill-mutants", "tracemill-generate"].every((name) =>
  existsSync(join(tools, name)),
);
if (!built)
  console.warn(`no C++ record tools in ${tools}: the readers are not compared (npm run test:native builds them)`);

/** Of each record; ten times as many in a full run (TRACEMILL_FULL=1), 340,000 in all. */
const MUTANTS: number = process.env.TRACEMILL_FULL === "1" ? 40_000 : 4_000;
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

function verdict(record: Uint8Array): string {
  try {
    return `ok ${fnv1a(Buffer.from(dump(record)))
      .toString(16)
      .padStart(8, "0")}`;
  } catch (error) {
    if (error instanceof RecordError) return "error";
    throw error;
  }
}

describe.skipIf(!built)("both readers", () => {
  const folder = new TestFolder("file");

  function run(tool: string, args: string[]): Buffer {
    return execFileSync(join(tools, tool), args, { maxBuffer: 1 << 28 });
  }

  test("print the same dump of a record that TypeScript wrote", () => {
    const sample = sampleRecord();
    const file = folder.write("sample.tmrc", sample.bytes);
    expect(run("tracemill-dump", [file]).toString()).toBe(sample.dump);
  });

  test.each(SEEDS)(
    "agree on a generated record and its mutants, seed %i",
    (seed) => {
      const record = run("tracemill-generate", [String(seed)]);
      const file = folder.write(`${seed}.tmrc`, record);
      expect(dump(record)).toBe(run("tracemill-dump", [file]).toString());

      const theirs = run("tracemill-mutants", [file, String(seed), String(MUTANTS)])
        .toString()
        .trimEnd()
        .split("\n");
      expect(theirs).toHaveLength(MUTANTS);
      const ours = theirs.map((_, i) => verdict(mutant(record, seed, i)));
      expect(ours).toEqual(theirs);
      expect(new Set(ours).size).toBeGreaterThan(10);
    },
    600_000,
  );

  test("agree on mutants of a record that TypeScript wrote", () => {
    const { bytes } = sampleRecord();
    const file = folder.write("sample.tmrc", bytes);
    const theirs = run("tracemill-mutants", [file, "99", "20000"]).toString().trimEnd().split("\n");
    expect(theirs.map((_, i) => verdict(mutant(bytes, 99, i)))).toEqual(theirs);
  }, 60_000);
});
