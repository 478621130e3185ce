import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { CliFolder } from "./cli-folder.ts";
import { startCli } from "./run-cli.ts";

const [python] = await builtPythons();
if (python === undefined) console.warn(`skipped: ${NOT_BUILT}`);
const withPython = test.skipIf(python === undefined);

const folder = new CliFolder(python?.executable);

const row = (id: number): string => `${JSON.stringify({ id: `p${id}`, code: `x = ${id}` })}\n`;
const ROWS = Array.from({ length: 50 }, (_, i) => row(i)).join("");

interface Summary {
  counts: { programs: number; rejected: Record<string, number> };
}

withPython("a cut file gives its sound rows, and exit status 1, also when nothing is left to do", async () => {
  const whole = gzipSync(ROWS);
  folder.write("cut.jsonl.gz", whole.subarray(0, whole.length - 20));
  const args = ["trace", "cut.jsonl.gz", "--as", "events", "-o", "out.jsonl", "--json"];
  const first = await folder.run(...args);
  expect(first.status).toBe(1);
  expect(first.stderr).toContain("damaged or cut");
  const { counts } = JSON.parse(first.stdout) as Summary;
  expect(counts.rejected).toEqual({ "corrupt-file": 1 });
  expect(counts.programs).toBeGreaterThan(40);
  const again = await folder.run(...args, "--resume");
  expect(again.status).toBe(1);
  expect(JSON.parse(again.stdout)).toMatchObject({ state: "unchanged" });
});

withPython("a row that is nested too deep costs that row", async () => {
  const deep = `${'{"a":'.repeat(1_500)}1${"}".repeat(1_500)}`;
  const call = `{"refcode": "def m(a): ...", "funcname": "m", "ios": [{"input": {"a": ${deep}}}]}\n`;
  folder.write("in.jsonl", `${row(1)}{"id": "b", "code": "", "meta": ${deep}}\n${call}${row(2)}`);
  const { status, stdout } = await folder.run("trace", "in.jsonl", "--as", "events", "--json");
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ counts: { programs: 2, rejected: { "too-deep": 2 } } });
});

withPython("rows come on stdin, and what they carry along goes out with them", async () => {
  const { child, result } = startCli(["trace", "-", "--as", "events", "-o", "-"], {
    cwd: folder.path,
    python: python?.executable ?? "",
  });
  child.stdin?.end('[{"id": "a", "code": "x = 1", "level": 3}]');
  const { status, stdout, stderr } = await result;
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ id: "a", meta: { level: 3 } });
  expect(stderr).toContain('the rows have "level"');
});
