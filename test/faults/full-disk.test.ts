// Files that cannot be written: the error names the file, the cause and the fix, and --resume goes on behind it.
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { OwnFile } from "../../src/base/io/own-file.ts";
import { PartFile } from "../../src/base/io/part-file.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { choices, generator } from "./seed.ts";
import { difference, rows, sharedWorkload } from "./workload.ts";

const [python] = await builtPythons();
const ROWS = 150;
const isRoot = process.getuid?.() === 0;
const canMount = isRoot && mounts();
const hasPrlimit = spawnSync("prlimit", ["--version"]).status === 0;

/** Root in a container may not. */
function mounts(): boolean {
  return spawnSync("unshare", ["--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status === 0;
}

function mount(folder: string, options: string): void {
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]);
}

describe("a device that is always full", () => {
  it("is named by whoever writes", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tracemill-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    symlinkSync("/dev/full", join(folder, "out.part"));
    await using part = await PartFile.create(join(folder, "out"));
    await using file = await OwnFile.create("/dev/full");
    const full = "cannot be written: no space is left on its disk (ENOSPC). Free space there.";
    await expect(part.append("x")).rejects.toThrow(`${folder}/out.part ${full}`);
    await expect(file.append(Buffer.from("x"))).rejects.toThrow(`/dev/full ${full}`);
  });
});

describe.skipIf(python !== undefined)("a full disk", () => {
  it("needs a build", (test) => test.skip(NOT_BUILT));
});

describe.runIf(python !== undefined)("a run", () => {
  const shared = sharedWorkload(() => rows(generator("full disk"), ROWS), python?.executable);

  it.skipIf(!canMount).each([1, 2])(
    "whose disk is full says so, and goes on when there is space (%i) [needs root and mount]",
    async (number) => {
      const { it: workload, whole } = shared;
      const disk = workload.path(`disk${number}`);
      // A page, as a file takes space, up to nearly all that is needed.
      const below = choices(`disk ${number}`);
      const pages = 3 + below(Math.floor((whole.rows.length + whole.rejected.length) / 4096));
      mkdirSync(disk);
      mount(disk, `size=${4 * pages}k`);
      onTestFinished(() => void execFileSync("umount", [disk]));
      const output = `disk${number}/out.jsonl`;
      const full = await workload.cli(output);
      expect(full.stderr).toMatch(
        /tracemill: \S*disk\d\/out\.jsonl\S* cannot be written: no space is left on its disk \(ENOSPC\)\. Free space/,
      );
      expect(full.status).toBe(1);
      expect(existsSync(workload.path(output))).toBe(false);
      execFileSync("mount", ["-o", "remount,size=64m", disk]);
      // A disk that was full at once left nothing, and the command may be given as it was.
      expect(full.stderr.includes("add --resume to go on")).toBe(readdirSync(disk).length > 0);
      expect((await workload.cli(output, "--resume")).status).toBe(0);
      expect(difference(workload.outcome(output), whole)).toBeNull();
    },
    60_000,
  );

  it.skipIf(!hasPrlimit)(
    "whose files may not become larger says so, and goes on when they may [needs prlimit]",
    async () => {
      const { it: workload, whole } = shared;
      const run = workload.start("limited.jsonl");
      expect(await workload.underWay(run, "limited.jsonl")).toBe(true);
      const most = choices("file size")(whole.rows.length);
      execFileSync("prlimit", ["--pid", String(run.child.pid), `--fsize=${most}`]);
      const full = await run.result;
      expect(full.stderr).toMatch(
        /limited\.jsonl\S* cannot be written: it may not become larger \(EFBIG\)\. Raise the/,
      );
      expect(full.status).toBe(1);
      expect((await workload.cli("limited.jsonl", "--resume")).status).toBe(0);
      expect(difference(workload.outcome("limited.jsonl"), whole)).toBeNull();
    },
    60_000,
  );

  it.skipIf(isRoot && !canMount)(
    "in a folder that cannot be written says so and leaves nothing",
    async () => {
      const folder = shared.it.path("closed");
      mkdirSync(folder);
      if (isRoot) mount(folder, "ro");
      else chmodSync(folder, 0o555);
      onTestFinished(() => void (isRoot ? execFileSync("umount", [folder]) : chmodSync(folder, 0o755)));
      const { status, stderr } = await shared.it.cli("closed/out.jsonl");
      expect(stderr).toMatch(
        /closed\/out\.jsonl\.journal\.jsonl cannot be written: .*(EROFS|EACCES)\)\. Make .* or write elsewhere/,
      );
      expect(status).toBe(1);
      expect(readdirSync(folder)).toEqual([]);
    },
    30_000,
  );

  it("in a folder that is not there, or over a folder or a device, ends before anything runs", async () => {
    mkdirSync(shared.it.path("folder"));
    await expect(shared.it.run("nowhere/out.jsonl")).rejects.toThrow(
      /journal.jsonl cannot be written: its folder is missing/,
    );
    await expect(shared.it.run("folder")).rejects.toThrow(/folder is no ordinary file; name a file in it with -o/);
    const device = await shared.it.cli("/dev/null");
    expect(device.status).toBe(2);
    expect(device.stderr).toContain("/dev/null is no ordinary file; name a file with -o, or use -o - and redirect it.");
  }, 30_000);
});
