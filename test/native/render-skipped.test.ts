// Records made with --loops skip, as text: what every format shows of them is what it shows of the full record with as
// many iterations. Over generated programs, and over those of the golden folder by hand.
import { describe, expect, it } from "vitest";
import { RenderError } from "../../src/base/errors.ts";
import type { Program } from "../../src/base/schema/program.ts";
import { openTracer, type ProgramTrace, type TracerOptions } from "../../src/engine/tracer.ts";
import { generatePrograms } from "../../src/programs/generate/generate.ts";
import { SourceStatements } from "../../src/python/statements.ts";
import { findRenderer, listRenderers } from "../../src/views/formats/registry.ts";
import { type Renderer, textOf, type View } from "../../src/views/formats/renderer.ts";
import { walkLoops } from "../../src/views/walk/loops.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { FULL } from "../helpers/sample-programs.ts";
import { generatedProgram } from "../loops/generator.ts";

const COUNT = FULL ? 1_000 : 60;
/** Longer runs are left out: rendering all formats of them takes minutes. */
const MOST_EVENTS = 1_500;
const pythons = await builtPythons();
/** Those that show iterations, and so can leave some out. */
const formats = listRenderers().filter(({ name }) => name !== "events");

const WHOLE: View = { correct: false, loops: null, valueChars: 0 };
const SUM = "def f(n):\n    s = 0\n    for i in range(n):\n        s += i\n    return s";
const SUM_SKIPPED = `Line 1: \`def f(n):\`; n=9
Line 2: \`s = 0\`; n=9, s=0
=== Iteration 1 ===
Line 3: \`for i in range(n):\`; i=0, n=9, s=0
Line 4: \`s += i\`; i=0, n=9, s=0
=== Iteration 2 ===
Line 3: \`for i in range(n):\`; i=1, n=9, s=0
Line 4: \`s += i\`; i=1, n=9, s=1
=== Iterations 3 to 8 skipped for \`Line 3\` ===
...
=== Iteration 9 ===
Line 3: \`for i in range(n):\`; i=8, n=9, s=28
Line 4: \`s += i\`; i=8, n=9, s=36
Line 5: \`return s\`; i=8, n=9, s=36`;

describe.skipIf(pythons.length > 0)("skipped loops", () => {
  it("need a build", (test) => test.skip(NOT_BUILT));
});

describe.each(pythons)("Python $version", async ({ executable }) => {
  const options = {
    python: executable,
    workers: 1,
    maxValueChars: 0,
    maxEvents: MOST_EVENTS,
  } as const;
  const programs = [
    { id: "sum", code: SUM, entry: "f(9)" },
    ...generatePrograms({ count: COUNT, seed: 5, depth: 4 }),
    ...Array.from({ length: COUNT }, (_, seed) => ({
      id: `loops-${seed}`,
      code: generatedProgram(seed),
      entry: "f(4)",
    })),
  ];
  const all = await traced(options, programs);
  const full = all.filter(({ outcome }) => outcome.status !== "event-limit");
  const skipped = await traced(
    { ...options, loops: "skip", loopHead: 3, loopTail: 1 },
    full.map(({ program }) => program),
  );

  it.each(formats)("$name shows of skipped loops what it shows of whole ones", (renderer) => {
    let shortened = 0;
    for (const [i, trace] of skipped.entries()) {
      const whole = full[i] as ProgramTrace;
      if (hasOtherGaps(trace)) continue;
      for (const correct of renderer.corrects === null ? [false] : [false, true]) {
        for (const loops of [
          { head: 2, tail: 1 },
          { head: 1, tail: 1 },
        ]) {
          const view = { correct, loops, valueChars: 0 };
          expect(shown(renderer, trace, view), trace.program.code).toEqual(shown(renderer, whole, view));
        }
        // What is recorded whole is shown whole, though a view of as many iterations would shorten it.
        if (trace.elisions().next().done === true || totals(whole).has(4) || renderer.name === "statelens-skip")
          continue;
        const wanted = shown(renderer, whole, { correct, loops: { head: 2, tail: 1 }, valueChars: 0 });
        expect(shown(renderer, trace, { correct, loops: null, valueChars: 0 }), trace.program.code).toEqual(wanted);
        shortened += 1;
      }
    }
    if (renderer.name !== "statelens-skip") expect(shortened).toBeGreaterThan(COUNT / 20);
  });

  it("gives the published text of StateLens skip from three recorded iterations", () => {
    const renderer = findRenderer("statelens-skip");
    for (const [i, trace] of skipped.entries()) {
      // The published script counts every line of a header.
      if (hasOtherGaps(trace) || /^ *while \(.* and$/m.test(trace.program.code)) continue;
      for (const correct of [false, true]) {
        const view = { correct, loops: null, valueChars: 0 };
        expect(shown(renderer, trace, view)).toEqual(shown(renderer, full[i] as ProgramTrace, view));
      }
    }
  });

  it.each(formats)("$name says what it leaves out", (renderer) => {
    const text = (trace: ProgramTrace): string => renderer.render(trace.program, trace, WHOLE).map(textOf).join("\n");
    const skippedText = text(skipped[0] as ProgramTrace);
    const wholeText = text(full[0] as ProgramTrace);
    if (renderer.name === "naive") expect(skippedText).toBe(wholeText);
    else expect(skippedText.length).toBeLessThan(wholeText.length + 60);
    // A line with more than three entries is clipped, as published.
    const said = renderer.skips.includes("clipped") ? "; ...; (7)" : renderer.skips;
    if (!renderer.skips.startsWith("nothing")) expect(skippedText).toContain(said);
    if (renderer.name === "statelens-skip") expect(skippedText).toContain(`<think>\n${SUM_SKIPPED}\n</think>`);
  });
});

async function traced(options: TracerOptions, programs: Iterable<Program>): Promise<ProgramTrace[]> {
  const found: ProgramTrace[] = [];
  await using tracer = await openTracer(options);
  for await (const trace of tracer.run(programs)) found.push(trace);
  return found;
}

/** What the format shows; of a trace that it cannot show, why. */
function shown(renderer: Renderer, trace: ProgramTrace, view: View): unknown {
  try {
    return renderer.render(trace.program, trace, view).map(({ row }) => row);
  } catch (error) {
    if (error instanceof RenderError) return error.code;
    throw error;
  }
}

/** How many iterations loops had. */
function totals(trace: ProgramTrace): Set<number> {
  const { iterations } = walkLoops(trace, new SourceStatements(trace.program.code));
  return new Set(iterations.map((iteration) => iteration?.loop.total ?? 0));
}

/** Comprehensions: they are shortened while the program runs, and by no view. */
function hasOtherGaps(trace: ProgramTrace): boolean {
  return walkLoops(trace, new SourceStatements(trace.program.code)).otherGaps.size > 0;
}
