import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { packagePath } from "../../../src/base/package-root.ts";

const SPELLING = /^[a-z]+(?:-[a-z0-9]+)*$/;
const THROWN = /new (?:Record|Render|Parse|Source|Python|Artefact|Output|Engine|Usage|Tracemill)Error\(\s*"([^"]*)"/g;

function codesIn(folder: string, name: RegExp, code: RegExp): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => name.test(file));
  return files.flatMap((file) =>
    [...readFileSync(`${folder}/${file}`, "utf8").matchAll(code)].map(([, found]) => found as string),
  );
}

test.each([
  ["TypeScript", packagePath("src"), /\.ts$/, THROWN],
  ["the addon", packagePath("native", "binding"), /^failure\.h$/, /constexpr char k\w+\[\] = "([^"]*)"/g],
])("codes of errors have one spelling, those of %s", (_, folder, name, code) => {
  const codes = codesIn(folder, name, code);
  expect(codes.length).toBeGreaterThan(5);
  expect(codes.filter((code) => !SPELLING.test(code))).toEqual([]);
});
