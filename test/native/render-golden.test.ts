// test/golden/render/program.py is traced; every format's rows equal NAME.txt there, and NAME.correct.txt with --correct.
// Those of skipped.py, recorded with --loops skip, equal NAME.skipped.txt.
// UPDATE_GOLDEN=1 writes the files anew, for review.
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { packagePath } from "../../src/base/package-root.ts";
import { openTracer, type ProgramTrace, type TracerOptions } from "../../src/engine/tracer.ts";
import { listRenderers } from "../../src/views/formats/registry.ts";
import { type Renderer, textOf } from "../../src/views/formats/renderer.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";

const golden = (file: string): string => packagePath("test", "golden", "render", file);
const pythons = await builtPythons();
const formats = listRenderers();

describe.skipIf(pythons.length > 0)("golden rows", () => {
  it("needs a build", (test) => test.skip(NOT_BUILT));
});

describe.each(pythons)("Python $version", async ({ executable }) => {
  const options = { python: executable, workers: 1, maxValueChars: 0 } as const;
  const trace = await goldenTrace("program.py", "f(2, 2)", "{'aaaa': 3}", options);
  const skipped = await goldenTrace("skipped.py", "f(30)", "56", { ...options, loops: "skip", loopHead: 3 });

  it.each(formats)("renders $name as its golden file says", (renderer) => {
    for (const correct of renderer.corrects === null ? [false] : [false, true]) {
      expectGolden(renderer, trace, correct, correct ? ".correct" : "");
    }
  });

  it.each(formats)("renders skipped loops as $name as its golden file says", (renderer) => {
    expectGolden(renderer, skipped, false, ".skipped");
  });
});

function expectGolden(renderer: Renderer, trace: ProgramTrace, correct: boolean, suffix: string): void {
  const made = renderer.render(trace.program, trace, { correct, loops: null, valueChars: 0 });
  const text = `${made.map(textOf).join("\n----\n")}\n`;
  const file = golden(`${renderer.name}${suffix}.txt`);
  if (process.env["UPDATE_GOLDEN"]) writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, "utf8"));
}

async function goldenTrace(
  file: string,
  entry: string,
  expected: string,
  options: TracerOptions,
): Promise<ProgramTrace> {
  const program = { id: "golden", code: readFileSync(golden(file), "utf8"), entry, expected };
  await using tracer = await openTracer(options);
  for await (const trace of tracer.run([program])) return trace;
  throw new Error("nothing was traced");
}
