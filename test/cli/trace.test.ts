import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { packagePath } from "../../src/base/package-root.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { CliFolder } from "./cli-folder.ts";
import { CLI, type CliRun } from "./run-cli.ts";

const [python] = await builtPythons();
if (python === undefined) console.warn(`skipped: ${NOT_BUILT}`);
const withPython = test.skipIf(python === undefined);

const folder = new CliFolder(python?.executable);

/** Many batches, of which a signal is sent after the first. */
const SLOW_ROWS = 200;

/** Calls that take some 20 ms each, nearly all of it in C. */
const slowRows = (count: number): unknown[] =>
  Array.from({ length: count }, (_, i) => {
    return { id: `p${i}`, code: "def f(n):\n    return sum(range(n))", entry: `f(${1_000_000 + i})` };
  });

/** Waits until programs of a run are written; false when it ended before. */
async function underWay({ child }: CliRun, output: string): Promise<boolean> {
  const journal = join(folder.path, `${output}.journal.jsonl`);
  while (child.exitCode === null) {
    if (existsSync(journal) && /"programs":[1-9]/.test(readFileSync(journal, "utf8"))) return true;
    await sleep(10);
  }
  return false;
}

withPython("traces, counts and rejects", { timeout: 60_000 }, async () => {
  folder.writeRows([
    { id: "good", code: "def f(x):\n    y = x + 1\n    return y", entry: "f(1)", expected: "2" },
    { id: "bad", code: "import time\ndef f(x):\n    time.sleep(60)", entry: "f(1)" },
    { id: "good", code: "" },
    { id: "raises", code: "1 / 0" },
  ]);
  const { status, stdout, stderr } = await folder.run(
    "trace",
    "in.jsonl",
    "--as",
    "statelens",
    "--timeout-ms",
    "300",
    "--json",
  );
  expect(stderr).not.toContain("tracemill:");
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    state: "finished",
    output: "in.statelens.jsonl",
    counts: { programs: 3, rendered: 1, statuses: { ok: 1, timeout: 1, exception: 1 } },
  });
  expect(JSON.parse(folder.text("in.statelens.jsonl")).id).toBe("good");
  const rejected = folder.text("in.statelens.jsonl.rejected.jsonl").trim().split("\n");
  expect(rejected.map((line) => JSON.parse(line)).map(({ id, row, reason }) => [id, row, reason])).toEqual([
    ["bad", 2, "timeout"],
    ["good", 3, "duplicate-id"],
    ["raises", 4, "no-entry"],
  ]);
});

withPython("rendering stored records gives the bytes of rendering while tracing", { timeout: 60_000 }, async () => {
  folder.writeRows([...slowRows(3), { id: "x", code: "print('hi')\nraise KeyError('k')" }]);
  const limits = ["--objects", "repr", "--max-events", "10"];
  expect((await folder.run("trace", "in.jsonl", "--as", "events", "-o", "direct.jsonl", ...limits)).status).toBe(0);
  expect((await folder.run("trace", "in.jsonl", "-o", "in.tmr", ...limits)).status).toBe(0);
  expect((await folder.run("render", "in.tmr", "--as", "events", "-o", "later.jsonl")).status).toBe(0);
  expect(folder.text("later.jsonl")).toBe(folder.text("direct.jsonl"));
  expect(folder.text("later.jsonl").trim().split("\n").length).toBe(4);
  const piped = await folder.run("trace", "in.jsonl", "--as", "events", "-o", "-", ...limits);
  expect(piped.stdout).toBe(folder.text("direct.jsonl"));
  const dumped = await folder.run("dump", "in.tmr", "--id", "x");
  expect(dumped.stdout).toMatch(
    /^# x\nrecord 2 python 3\.\d+\n.*\nexception #0 <module>:2 !! KeyError "'k'" -> KeyError KeyError\('k'\) id=1\n/s,
  );
  expect((await folder.run("dump", "in.tmr", "--id", "y")).status).toBe(2);
});

withPython("Ctrl-C leaves a run that --resume finishes as if nothing had happened", { timeout: 120_000 }, async () => {
  folder.writeRows(slowRows(SLOW_ROWS));
  const flags = ["--as", "statelens", "--workers", "1"];
  expect((await folder.run("trace", "in.jsonl", "-o", "whole.jsonl", ...flags)).status).toBe(0);
  const first = folder.start("trace", "in.jsonl", "-o", "out.jsonl", ...flags);
  expect(await underWay(first, "out.jsonl")).toBe(true);
  first.child.kill("SIGINT");
  const { status, stderr } = await first.result;
  expect(stderr).toContain("add --resume to the same command line to go on");
  expect(status).toBe(130);
  expect(existsSync(join(folder.path, "out.jsonl"))).toBe(false);
  const refused = await folder.run("trace", "in.jsonl", "-o", "out.jsonl", ...flags);
  expect(refused.status).toBe(2);
  const second = await folder.run("trace", "in.jsonl", "-o", "out.jsonl", ...flags, "--resume", "--json");
  expect(second.status).toBe(0);
  expect(JSON.parse(second.stdout).resumed).toBeGreaterThan(0);
  expect(folder.text("out.jsonl")).toBe(folder.text("whole.jsonl"));
  expect(folder.text("out.jsonl").split("\n").length).toBe(SLOW_ROWS + 1);
  expect(folder.text("out.jsonl.rejected.jsonl").replaceAll("out.jsonl", "whole.jsonl")).toBe(
    folder.text("whole.jsonl.rejected.jsonl"),
  );
});

withPython("a killed run of records is resumed to a whole record file", { timeout: 120_000 }, async () => {
  folder.writeRows(slowRows(SLOW_ROWS));
  const flags = ["--workers", "1"];
  const first = folder.start("trace", "in.jsonl", "-o", "out.tmr", ...flags);
  expect(await underWay(first, "out.tmr")).toBe(true);
  first.child.kill("SIGKILL");
  expect((await first.result).signal).toBe("SIGKILL");
  const second = await folder.run("trace", "in.jsonl", "-o", "out.tmr", ...flags, "--resume", "--json");
  expect(second.status).toBe(0);
  expect(JSON.parse(second.stdout).counts).toMatchObject({ programs: SLOW_ROWS, rendered: SLOW_ROWS });
  const { stdout } = await folder.run("dump", "out.tmr");
  expect(stdout.match(/^# .*$/gm)).toEqual(Array.from({ length: SLOW_ROWS }, (_, i) => `# p${i}`));
  expect((await folder.run("render", "out.tmr", "--as", "events", "-o", "rows.jsonl", "--json")).status).toBe(0);
});

withPython("says once which layers of the sandbox are missing, or runs nothing", { timeout: 60_000 }, async () => {
  folder.writeRows([{ id: "one", code: "x = 1" }]);
  const LANDLOCK = 444;
  const launcher = packagePath("test", "native", "without-syscalls.py");
  const executable = python?.executable ?? "";
  const without = async (...flags: string[]): Promise<{ code?: number; stderr: string }> => {
    const command = [...CLI, "trace", "in.jsonl", "--python", executable, "--workers", "2", ...flags];
    const args = ["-I", launcher, String(LANDLOCK), ...command];
    return promisify(execFile)(executable, args, { cwd: folder.path }).catch(
      (error: { code: number; stderr: string }) => error,
    );
  };
  const refused = await without("-o", "out.tmr", "--require-sandbox");
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("the sandbox is required, and this machine has no Landlock");
  expect(existsSync(join(folder.path, "out.tmr"))).toBe(false);
  const { stderr } = await without("-o", "out.tmr");
  expect(stderr.match(/^warning: programs run without .*\blandlock \(Function not implemented\)/gm)).toHaveLength(1);
  const { sandbox, options } = JSON.parse(folder.text("out.tmr.manifest.json"));
  expect(sandbox).toMatchObject({ landlock: 0, seccomp: true });
  expect(options.requireSandbox).toBe(false);
});

withPython("a reader that goes away ends the run quietly", { timeout: 60_000 }, async () => {
  folder.writeRows(slowRows(300));
  const command = '"$@" trace in.jsonl --as events -o - | head -c 100; echo " $PIPESTATUS"';
  const env = { ...process.env, TRACEMILL_PYTHON: python?.executable ?? "" };
  const { stdout, stderr } = await promisify(execFile)("bash", ["-c", command, "bash", ...CLI], {
    cwd: folder.path,
    env,
  });
  expect(stdout).toMatch(/^\{"id":"p0".* 141\n$/s);
  expect(stderr).not.toContain("tracemill:");
});
