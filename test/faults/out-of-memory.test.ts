// The kernel ends the largest process where memory is short: the program that took it is to blame, nobody else.
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { choices } from "./seed.ts";
import { rows, Workload } from "./workload.ts";

const [python] = await builtPythons();
const LIMIT = 768 << 20;
const HOG = { id: "hog", code: 'def f():\n    return len(b"x" * (3 << 30))', entry: "f()" };
/** How a group of processes is bounded by either version of the kernel's control groups. */
const VERSIONS = [
  { root: "/sys/fs/cgroup/memory", limits: { "memory.limit_in_bytes": LIMIT } },
  { root: "/sys/fs/cgroup", limits: { "memory.max": LIMIT, "memory.swap.max": 0 } },
];
const group = python === undefined ? null : boundedGroup();

/** A new group; null where none can be made. */
function boundedGroup(): string | null {
  for (const { root, limits } of VERSIONS) {
    const path = join(root, `tracemill-test-${process.pid}`);
    try {
      mkdirSync(path);
      for (const [name, value] of Object.entries(limits))
        writeFileSync(join(path, name), String(value), { flag: "r+" });
      return path;
    } catch {
      if (existsSync(path)) rmdirSync(path);
    }
  }
  return null;
}

describe.skipIf(python !== undefined)("memory", () => {
  it("needs a build", (test) => test.skip(NOT_BUILT));
});

describe.runIf(python !== undefined)("a program that takes all memory", () => {
  it.skipIf(group === null)(
    "is ended by the kernel, and only its row is lost [needs a memory control group]",
    async () => {
      onTestFinished(() => rmdirSync(group as string));
      const lines = rows(choices("memory"), 200).trim().split("\n");
      const input = [...lines.slice(0, 100), JSON.stringify(HOG), ...lines.slice(100), ""].join("\n");
      const workload = new Workload(input, python?.executable ?? "", ["--memory-mb", "0"]);
      onTestFinished(() => workload.remove());
      await workload.run("whole.jsonl", { tracer: { workers: 2, python: python?.executable ?? "", memoryMb: 1 } });
      const run = workload.start("out.jsonl");
      writeFileSync(join(group as string, "cgroup.procs"), String(run.child.pid));
      const { status, stderr } = await run.result;
      expect(stderr).not.toContain("tracemill:");
      expect(status).toBe(0);
      const [got, whole] = [workload.outcome("out.jsonl"), workload.outcome("whole.jsonl")];
      expect(got.rows).toBe(whole.rows);
      const reason = (text: string): string[] => text.split("\n").filter((line) => line.includes('"hog"'));
      expect(reason(got.rejected)).toEqual([expect.stringContaining("killed by SIGKILL")]);
      const others = (text: string): string[] => text.split("\n").filter((line) => !line.includes('"hog"'));
      expect(others(got.rejected)).toEqual(others(whole.rejected));
    },
    60_000,
  );
});
