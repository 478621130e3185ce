// Every test/golden/NAME.py is traced; its dump equals NAME.dump. UPDATE_GOLDEN=1 writes the files anew, for review.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { packagePath } from "../../src/base/package-root.ts";
import type { ProgramInput } from "../../src/base/schema/program.ts";
import { openTracer, type Tracer, type TracerOptions } from "../../src/engine/tracer.ts";
import { dump } from "../../src/record/trace/dump.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";

const golden = (file: string): string => packagePath("test", "golden", file);
const names = readdirSync(golden("."))
  .filter((file) => file.endsWith(".py"))
  .map((file) => file.slice(0, -".py".length));
const pythons = await builtPythons();

describe.skipIf(pythons.length > 0)("golden records", () => {
  it("needs a build", (test) => test.skip(NOT_BUILT));
});

describe.each(pythons)("Python $version", ({ executable }) => {
  // Most programs are run with the same options.
  const tracers = new Map<string, Promise<Tracer>>();
  const tracerFor = (options: TracerOptions): Promise<Tracer> => {
    const key = JSON.stringify(options);
    const tracer = tracers.get(key) ?? openTracer({ ...options, python: executable, workers: 1 });
    tracers.set(key, tracer);
    return tracer;
  };
  afterAll(async () => {
    for (const tracer of tracers.values()) await (await tracer)[Symbol.asyncDispose]();
  });

  it.each(names)(
    "records %s as its golden file says",
    async (name) => {
      const { program, options } = readProgram(name);
      const tracer = await tracerFor(options);
      for await (const trace of tracer.run([program])) {
        // The version is the one thing that may differ.
        const text = dump(trace.bytes).replace(/^(record \d+ python) 3\.\d+/, "$1");
        if (process.env["UPDATE_GOLDEN"]) writeFileSync(golden(`${name}.dump`), text);
        expect(text).toBe(readFileSync(golden(`${name}.dump`), "utf8"));
      }
    },
    60_000,
  );
});

/** The comment lines at the top say how the program is run. */
function readProgram(name: string): { program: ProgramInput; options: TracerOptions } {
  const code = readFileSync(golden(`${name}.py`), "utf8");
  const said = (field: string): string | undefined => new RegExp(`^# ${field}: (.*)$`, "m").exec(code)?.[1];
  const stdin = said("stdin");
  return {
    program: { id: name, code, entry: said("entry") ?? null, ...(stdin !== undefined && { stdin }) },
    options: JSON.parse(said("options") ?? "{}") as TracerOptions,
  };
}
