// Rows on stdout and words on stderr, when whoever reads them is slow, goes away or has no space.
import { type ChildProcessWithoutNullStreams, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { CLI } from "../cli/run-cli.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { eventually, stillRunning, tracerProcesses } from "../native/engine-processes.ts";
import { choices, generator } from "./seed.ts";
import { difference, rows, sharedWorkload } from "./workload.ts";

const [python] = await builtPythons();
const ROWS = 300;

describe.skipIf(python !== undefined)("streams", () => {
  it("need a build", (test) => test.skip(NOT_BUILT));
});

describe.runIf(python !== undefined)("a run", () => {
  const shared = sharedWorkload(() => rows(generator("streams"), ROWS), python?.executable);

  /** Of a line for the shell that ends with "$@" and what becomes of its streams. */
  async function shell(line: string, output: string): Promise<{ stdout: string; stderr: string }> {
    const args = shared.it.args(output, "--python", python?.executable ?? "");
    return promisify(execFile)("bash", ["-c", line, "bash", ...CLI, ...args], {
      cwd: shared.it.folder,
      maxBuffer: 64 << 20,
    });
  }

  /** Writes to a pipe that nobody reads yet. */
  function start(): ChildProcessWithoutNullStreams {
    const args = [...CLI.slice(1), ...shared.it.args("-", "--python", python?.executable ?? "")];
    return spawn(CLI[0], args, { cwd: shared.it.folder });
  }

  it("waits for a slow reader, who gets every row", async () => {
    const below = choices("slow reader");
    const { stdout } = start();
    let got = "";
    for await (const chunk of stdout.setEncoding("utf8") as AsyncIterable<string>) {
      got += chunk;
      await sleep(below(20));
    }
    expect(difference({ rows: got, rejected: shared.whole.rejected }, shared.whole)).toBeNull();
  }, 30_000);

  it("whose reader has stopped reading ends at the second Ctrl-C, and so do its processes", async () => {
    const child = start();
    expect(await eventually(() => tracerProcesses(child.pid ?? 0).length === 4, 20_000)).toBe(true);
    const pids = tracerProcesses(child.pid ?? 0);
    const ended = once(child, "exit");
    child.kill("SIGINT");
    for await (const words of child.stderr.setEncoding("utf8")) if (words.includes("stopping")) break;
    child.kill("SIGINT");
    expect(await ended).toEqual([130, null]);
    expect(await eventually(() => stillRunning(pids).length === 0)).toBe(true);
  }, 30_000);

  it("whose reader goes away ends with 141, and so do its processes", async () => {
    const { stdout } = await shell('"$@" 2>words | head -c 100 >first; echo $PIPESTATUS', "-");
    expect(stdout).toBe("141\n");
    expect(tracerProcesses(process.pid)).toEqual([]);
  }, 30_000);

  it("whose stdout is full says so", async () => {
    const { stdout } = await shell('"$@" 2>&1 >/dev/full; echo $?', "-");
    expect(stdout).toMatch(/^tracemill: stdout cannot be written: no space is left on its disk \(ENOSPC\)\./m);
    expect(stdout).toMatch(/\n1\n$/);
  }, 30_000);

  it.each([
    ["closed", '"$@" 2>&-; echo $?'],
    ["full", '"$@" 2>/dev/full; echo $?'],
    ["without a reader", '{ { "$@"; echo $? >&3; } 2>&1 >&3 | true; } 3>&1'],
  ])(
    "whose stderr is %s goes on",
    async (how, line) => {
      const output = `stderr-${how.replaceAll(" ", "-")}.jsonl`;
      const { stdout } = await shell(line, output);
      expect(stdout).toBe("0\n");
      expect(difference(shared.it.outcome(output), shared.whole)).toBeNull();
    },
    30_000,
  );
});
