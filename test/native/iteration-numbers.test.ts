// The numbers that texts give to iterations, against a reference that sees every instruction (test/reference/loops.py).
import { describe, expect, it } from "vitest";
import { packagePath } from "../../src/base/package-root.ts";
import { openTracer } from "../../src/engine/tracer.ts";
import { SourceStatements } from "../../src/python/statements.ts";
import { Trace } from "../../src/record/trace/trace.ts";
import { iterationPath, ownIteration, walkLoops } from "../../src/views/walk/loops.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { run } from "../helpers/run.ts";
import { FULL } from "../helpers/sample-programs.ts";
import { TestFolder } from "../helpers/test-folder.ts";
import type { Paths } from "../loops/compress.ts";
import { generatedProgram } from "../loops/generator.ts";

const COUNT = FULL ? 2_000 : 100;
const MOST_EVENTS = 3_000;
const generated = Array.from({ length: COUNT }, (_, seed) => ({ id: `seed-${seed}`, code: generatedProgram(seed) }));
const folder = new TestFolder("file");
const pythons = await builtPythons();

describe.skipIf(pythons.length > 0)("numbers of iterations", () => {
  it("need a build", (test) => test.skip(NOT_BUILT));
});

describe.each(pythons)("Python $version", ({ executable, minor }) => {
  it("numbers every line's iterations as they ran", async () => {
    const traces: Trace[] = [];
    await using tracer = await openTracer({ python: executable, workers: 1, maxEvents: MOST_EVENTS });
    for await (const trace of tracer.run(generated)) traces.push(new Trace(Uint8Array.from(trace.bytes)));
    const programs = generated.filter((_, i) => traces[i]?.outcome.status !== "event-limit");
    const full = traces.filter((trace) => trace.outcome.status !== "event-limit");
    const file = folder.writeRows(programs, `${minor}.jsonl`);
    const made = await run(executable, [packagePath("test", "reference", "loops.py"), file]);
    const paths = made.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Paths);
    let compared = 0;
    for (const [i, { id, code }] of programs.entries()) {
      const [trace, where] = [full[i] as Trace, paths[i] as Paths];
      // Some versions report an exception more or less (loops.test.ts).
      if (trace.eventCount !== where.events.length) continue;
      compared += 1;
      expect(numbersOf(trace, code), `${id}\n${code}`).toEqual(expectedNumbers(trace, where, code));
    }
    expect(compared).toBeGreaterThan(programs.length * 0.9);
  }, 300_000);
});

/** Of lines in functions that have loops of their own. */
function linesOf(trace: Trace): { index: number; frame: number; line: number }[] {
  return Array.from(trace.events()).filter(
    ({ kind, function: name }) => kind === "line" && (name === "<module>" || !name.endsWith(">")),
  );
}

function numbersOf(trace: Trace, code: string): string[] {
  const statements = new SourceStatements(code);
  const { iterations, callers } = walkLoops(trace, statements);
  return linesOf(trace).map(({ index, line }) => {
    const own = ownIteration(iterations, callers, index);
    return shown(index, line, own === null ? [] : iterationPath(own), statements);
  });
}

function expectedNumbers(trace: Trace, { events, loops }: Paths, code: string): string[] {
  const statements = new SourceStatements(code);
  const first = new Map<number, number>();
  for (const { index, frame } of trace.events()) if (!first.has(frame)) first.set(frame, index);
  return linesOf(trace).map(({ index, frame, line }) => {
    // Not those of which lines do not tell the iterations.
    const shownLoops = statements.at(line)?.loops.filter((loop) => !isUnclear(statements.text(loop), trace)) ?? [];
    const around = shownLoops.map(({ first: header }) => header);
    const path = (events[index]?.[3] ?? []).flatMap(([run, number]) => {
      const [header, owner, , clause] = loops[run] as Paths["loops"][string];
      return owner === first.get(frame) && !clause && around.includes(header) ? [number] : [];
    });
    return shown(index, line, path, statements);
  });
}

/** On one line, with a comprehension that runs in the same frame. */
function isUnclear(text: string, { pythonMinor }: Trace): boolean {
  return pythonMinor >= 12 && /^for .*: b = \[/.test(text);
}

/** The first line of a loop begins before the loop does, with what it goes over, and ends in its first iteration. */
function shown(index: number, line: number, path: readonly number[], statements: SourceStatements): string {
  const { loop, loops } = statements.at(line) ?? { loop: false, loops: [] };
  const inFirst = loop && path.length > 0 && path.length === loops.length && path.at(-1) === 1;
  return `${index}, line ${line}: ${path.slice(0, inFirst ? -1 : undefined).join(".")}`;
}
