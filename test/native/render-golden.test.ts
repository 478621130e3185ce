// test/golden/render/program.py is traced; every format's rows equal NAME.txt there, and NAME.correct.txt with --correct.
// UPDATE_GOLDEN=1 writes the files anew, for review.
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openTracer, type ProgramTrace } from "../../src/engine/tracer.ts";
import { packagePath } from "../../src/native/package-root.ts";
import { listRenderers } from "../../src/render/registry.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";

const golden = (file: string): string => packagePath("test", "golden", "render", file);
const pythons = await builtPythons();
const formats = listRenderers().filter((renderer) => renderer.extension === ".jsonl");

describe.skipIf(pythons.length > 0)("golden rows", () => {
  it("needs a build", (test) => test.skip(NOT_BUILT));
});

describe.each(pythons)("Python $version", async ({ executable }) => {
  const trace = await goldenTrace(executable);

  it.each(formats)("renders $name as its golden file says", (renderer) => {
    for (const correct of renderer.corrects === null ? [false] : [false, true]) {
      const made = renderer.render(trace.program, trace, { correct, loops: null, valueChars: 0 });
      const rows = renderer.many === true ? (made as unknown[]) : [made];
      const text = `${rows.map((row) => renderer.text(row)).join("\n----\n")}\n`;
      const file = golden(`${renderer.name}${correct ? ".correct" : ""}.txt`);
      if (process.env["UPDATE_GOLDEN"]) writeFileSync(file, text);
      expect(text).toBe(readFileSync(file, "utf8"));
    }
  });
});

async function goldenTrace(python: string): Promise<ProgramTrace> {
  const code = readFileSync(golden("program.py"), "utf8");
  await using tracer = await openTracer({ python, workers: 1, objects: "repr", maxValueChars: 0 });
  const program = { id: "golden", code, entry: "f(2, 2)", expected: "{'aaaa': 3}" };
  for await (const trace of tracer.run([program])) return trace;
  throw new Error("nothing was traced");
}
