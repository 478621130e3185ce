// A data set whose building was ended, by Ctrl-C or at once, becomes the one of a build that nobody disturbed.
import { existsSync, readdirSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { packagePath } from "../../src/base/package-root.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { CliFolder } from "./cli-folder.ts";
import type { CliRun } from "./run-cli.ts";

vi.setConfig({ testTimeout: 240_000 });

const [python] = await builtPythons();
if (python === undefined) console.warn(`skipped: ${NOT_BUILT}`);
const withPython = test.skipIf(python === undefined);

const folder = new CliFolder(python?.executable);

/** Calls that take some 20 ms each, nearly all of it in C; one in ten raises. */
const rows = Array.from({ length: 400 }, (_, i) => {
  const body = i % 10 === 0 ? "1 // (s - s)" : `s + ${i}`;
  return { id: `p${i}`, code: `def f(n):\n    s = sum(range(n))\n    return ${body}`, entry: "f(1000000)" };
});
const RECIPE = `name: set
licence: mit
inputs: [in.jsonl]
renderer: statelens
tokenizer: estimate
split: {validation: 0.2, test: 0.1, seed: 5}
`;

const build = (out: string, ...flags: string[]): string[] => [
  "dataset",
  "recipe.yaml",
  "-o",
  out,
  "--workers",
  "1",
  ...flags,
];

/** The files of a folder with what is in them. */
function contents(name: string): Map<string, string> {
  const names = readdirSync(folder.at(name)).sort();
  return new Map(names.map((file) => [file, folder.text(name, file)]));
}

/** Nothing of the build is left but its folder, and that is the undisturbed one's. */
async function expectWhole(name: string): Promise<void> {
  expect((await folder.run(...build("whole"))).status).toBe(0);
  expect(contents(name)).toEqual(contents("whole"));
  const others = ["in.jsonl", "recipe.yaml", "whole", name].sort();
  expect(readdirSync(folder.path).sort()).toEqual(others);
}

/** What the build says of itself while rows are written. */
function journalOf(out: string): string[] {
  const name = `${out}.work/records.tmr.journal.jsonl`;
  return existsSync(folder.at(name)) ? folder.text(name).split("\n").slice(0, -1) : [];
}

/** Waits until rows are written beyond those that the journal tells of; false when the build ended before. */
async function underWay({ child }: CliRun, out: string, before = journalOf(out)): Promise<boolean> {
  while (child.exitCode === null) {
    if (
      journalOf(out)
        .slice(before.length)
        .some((line) => /"programs":[1-9]/.test(line))
    )
      return true;
    await sleep(10);
  }
  return false;
}

function writeInput(): void {
  folder.writeRows(rows);
  folder.write("recipe.yaml", RECIPE);
}

withPython("Ctrl-C says how to go on, and the same command line does", async () => {
  writeInput();
  const first = folder.start(...build("set"));
  expect(await underWay(first, "set")).toBe(true);
  first.child.kill("SIGINT");
  const { status, stderr } = await first.result;
  expect([status, stderr]).toEqual([130, expect.stringContaining("add --resume to the same command line to go on")]);
  expect(existsSync(folder.at("set"))).toBe(false);
  expect(statSync(folder.at("set.work", "records.tmr.part")).size).toBeGreaterThan(0);
  const again = await folder.run(...build("set"));
  expect([again.status, again.stderr]).toEqual([2, expect.stringContaining("Go on with it by --resume")]);
  expect((await folder.run(...build("set", "--resume"))).status).toBe(0);
  await expectWhole("set");
});

withPython("killed again and again, at any step, it ends with the same bytes", async () => {
  writeInput();
  let kills = 0;
  for (let patience = 1_000; ; patience += 700) {
    const { child, result } = folder.start(...build("set", "--resume"));
    const timer = setTimeout(() => child.kill("SIGKILL"), patience);
    const { status, signal } = await result;
    clearTimeout(timer);
    if (signal === null) {
      expect(status).toBe(0);
      break;
    }
    kills++;
  }
  expect(kills).toBeGreaterThan(0);
  await expectWhole("set");
});

withPython("--resume goes on with its own build, not with another recipe's; --force starts again", async () => {
  writeInput();
  const interrupted = async (): Promise<void> => {
    const run = folder.start(...build("set", "--resume"));
    expect(await underWay(run, "set")).toBe(true);
    run.child.kill("SIGKILL");
    await run.result;
  };
  await interrupted();
  const before = journalOf("set");
  await interrupted();
  const after = journalOf("set");
  // Whoever goes on says first how far it was.
  expect(after.slice(0, before.length)).toEqual(before);
  expect(after.slice(before.length).find(Boolean)).toBe(before.at(-1));
  folder.write("recipe.yaml", `${RECIPE}trace: {seed: 9}\n`);
  const refused = await folder.run(...build("set", "--resume"));
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining("Start again with --force")]);
  expect((await folder.run(...build("set", "--force"))).status).toBe(0);
  await expectWhole("set");
});

withPython("Ctrl-C while right programs are judged", async () => {
  const slow = "    for _ in range(3): sum(range(1000000))\n";
  const faulty = rows
    .slice(0, 30)
    .map((_, i) => ({ id: `p${i}`, code: `def f(n):\n${slow}    return n - ${i}`, entry: "f(1)" }));
  const right = faulty.map((row, i) => ({ ...row, code: row.code.replace("n -", "n +"), expected: String(1 + i) }));
  folder.writeRows(faulty);
  folder.writeRows(right, "right.jsonl");
  const flags = ["--input", "in.jsonl", "--solutions", "right.jsonl", "--workers", "1"];
  const repairs = (out: string): string[] => [
    "dataset",
    packagePath("recipes", "pairs-repair.yaml"),
    "-o",
    out,
    ...flags,
  ];
  const first = folder.start(...repairs("set"));
  while (first.child.exitCode === null && !existsSync(folder.at("set.work"))) await sleep(10);
  first.child.kill("SIGINT");
  const { status, stderr } = await first.result;
  expect([status, stderr]).toEqual([130, expect.stringContaining("add --resume to the same command line to go on")]);
  expect(existsSync(folder.at("set.work", "records.tmr.journal.jsonl"))).toBe(false);
  expect((await folder.run(...repairs("set"), "--resume")).status).toBe(0);
  expect((await folder.run(...repairs("whole"))).status).toBe(0);
  expect(contents("set")).toEqual(contents("whole"));
});
