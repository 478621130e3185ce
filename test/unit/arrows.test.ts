import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { packagePath } from "../../src/base/package-root.ts";
import { TestFolder } from "../helpers/test-folder.ts";

const folder = new TestFolder();

function check(name: string, arrows: string, files: Record<string, string>) {
  folder.write(`${name}/arrows.txt`, arrows);
  for (const [file, text] of Object.entries(files)) folder.write(`${name}/${file}`, text);
  const args = ["--import", import.meta.resolve("tsx"), packagePath("scripts", "check-arrows.ts"), folder.at(name)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  return { status, stdout, stderr: stderr.replaceAll(/\n {4}at .*/g, "") };
}

const ARROWS = "low:\nhigh: low\n";

test("imports along the arrows pass, and index.ts may import every room", () => {
  const files = {
    "low/a.ts": 'import "./b.ts";',
    "low/b.ts": "",
    "high/sub/c.ts": 'import { a } from "../../low/a.ts"; new URL("../../../package.json", import.meta.url);',
    "index.ts": 'export * from "./high/sub/c.ts"; export * from "./low/a.ts";',
  };
  expect(check("good", ARROWS, files)).toEqual({ status: 0, stdout: expect.stringContaining("4 files"), stderr: "" });
});

test.each([
  ["an import", 'import { c } from "../high/c.ts";'],
  ["a type", 'import type { C } from "../high/c.ts";'],
  ["a part loaded when used", 'const c = await import("../high/c.ts");'],
  ["what a thread runs", 'new Worker(new URL("../high/c.ts", import.meta.url));'],
  ["the file that shows everything", 'import { c } from "../index.ts";'],
  ["the package by its name", 'import { c } from "tracemill";'],
])("against an arrow is refused: %s", (what, text) => {
  const { status, stderr } = check(`bad ${what}`, ARROWS, { "low/a.ts": text, "high/c.ts": "" });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^low\/a\.ts: (low may not import \.\.\/(high\/c|index)\.ts|imports the package by its name)/);
});

test("a folder without a line is refused", () => {
  const { status, stderr } = check("unknown", ARROWS, { "new/a.ts": "" });
  expect({ status, stderr }).toEqual({ status: 1, stderr: "new/a.ts: new is no room of arrows.txt\n" });
});

test("a cycle of arrows is refused", () => {
  const { status, stderr } = check("cycle", "low: high\nhigh: low\n", { "low/a.ts": "" });
  expect(status).toBe(1);
  expect(stderr).toContain("low may not use high, which has no line above it");
});
