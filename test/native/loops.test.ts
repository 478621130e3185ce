import { describe, expect, it } from "vitest";
import { packagePath } from "../../src/base/package-root.ts";
import type { ProgramInput } from "../../src/base/schema/program.ts";
import { openTracer, type TracerOptions } from "../../src/engine/tracer.ts";
import { Trace } from "../../src/record/trace/trace.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { run } from "../helpers/run.ts";
import { FULL } from "../helpers/sample-programs.ts";
import { TestFolder } from "../helpers/test-folder.ts";
import { ASYNC_PROGRAMS } from "../loops/async-programs.ts";
import { asLines, compressed, type Paths } from "../loops/compress.ts";
import { generatedProgram } from "../loops/generator.ts";

const COUNT = FULL ? 2_000 : 100;
/** Seeds whose programs run longer than this are left out: the reference is slow. */
const MOST_EVENTS = 3_000;
const generated = [
  ...ASYNC_PROGRAMS,
  ...Array.from({ length: COUNT }, (_, seed) => ({ id: `seed-${seed}`, code: generatedProgram(seed) })),
];
const folder = new TestFolder("file");
const pythons = await builtPythons();

describe.skipIf(pythons.length > 0)("skipped loops", () => {
  it("needs a build", (test) => test.skip(NOT_BUILT));
});

describe.each(pythons)("Python $version", ({ executable, minor }) => {
  it("records what compressing the full record gives", async () => {
    const options = { python: executable, workers: 1, maxEvents: MOST_EVENTS } as const;
    const all = await traces(options, generated);
    const full = all.filter((trace) => trace.outcome.status !== "event-limit");
    const programs = generated.filter((_, i) => all[i]?.outcome.status !== "event-limit");
    expect(programs.length).toBeGreaterThan(COUNT / 2);
    // Whether 3.13 reports the StopIteration that ends a loop over a generator depends on how often the loop ran
    // before and on who watches its instructions. Such programs, few in thousands, cannot be compared by event.
    const unlike = new Set<string>();
    const paths = await pathsOf(executable, folder.writeRows(programs, `${minor}.jsonl`));
    for (const [loopHead, loopTail] of [
      [2, 1],
      [1, 1],
      [1, 3],
    ] as const) {
      const skipped = await traces({ ...options, loops: "skip", loopHead, loopTail }, programs);
      for (const [i, { id, code }] of programs.entries()) {
        const whole = full[i] as Trace;
        const where = paths[i] as Paths;
        const kinds = kindsOf(whole);
        const expected = where.events.map(([kind, name, line]) => `${kind} ${name}:${line}`);
        if (kinds.join() !== expected.join()) {
          expect(kinds.filter(isNoException), `${id}\n${code}`).toEqual(expected.filter(isNoException));
          unlike.add(id);
          continue;
        }
        const ours = skipped[i] as Trace;
        // First, since how a run ended says why events are missing.
        expect(ours.outcome, `${id} head ${loopHead} tail ${loopTail}\n${code}`).toEqual(whole.outcome);
        expect(asLines(ours), `${id} head ${loopHead} tail ${loopTail}\n${code}`).toEqual(
          compressed(whole, where, loopHead, loopTail),
        );
        expect(ours.stdout).toBe(whole.stdout);
      }
    }
    expect(unlike.size).toBeLessThanOrEqual(COUNT / 100);
  }, 300_000);
});

async function traces(options: TracerOptions, programs: readonly ProgramInput[]): Promise<Trace[]> {
  const found: Trace[] = [];
  await using tracer = await openTracer(options);
  for await (const trace of tracer.run(programs)) found.push(new Trace(Uint8Array.from(trace.bytes)));
  return found;
}

async function pathsOf(python: string, path: string): Promise<Paths[]> {
  const made = await run(python, [packagePath("test", "reference", "loops.py"), path]);
  expect(made).toMatchObject({ status: 0 });
  return made.stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Paths);
}

const isNoException = (event: string): boolean => !event.startsWith("exception ");

/** As settrace calls them. */
function kindsOf(trace: Trace): string[] {
  const kinds: Record<string, string> = { resume: "call", yield: "return" };
  return Array.from(trace.events(), (event) => `${kinds[event.kind] ?? event.kind} ${event.function}:${event.line}`);
}
