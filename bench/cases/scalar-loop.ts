import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BenchCase, CaseContext } from "../case.ts";
import { wallSeconds, warmTracer } from "../engine.ts";
import { interleaved, measurement } from "../measure.ts";
import { scalarLoop, toJsonl } from "../programs.ts";
import { baseline } from "../python.ts";

const LINES_PER_ITERATION = 3;

export const scalarLoopCase: BenchCase = {
  name: "scalar-loop",
  title: "hot loop of scalars, all locals recorded: cost of a line event above untraced",
  async run(context) {
    const iterations = context.short ? 50_000 : 500_000;
    const program = scalarLoop(iterations);
    await using traced = await openFor(context, "trace");
    await using untraced = await openFor(context, "untraced");
    await using emptyHook = await openFor(context, "empty-hook");
    const input = join(context.folder, "loop.jsonl");
    await writeFile(input, toJsonl([scalarLoop(iterations / 10)]));
    const output = join(context.folder, "pytracer.jsonl");
    const python = async (...flags: string[]): Promise<number> =>
      10 * (await baseline<{ seconds: number }>(context.executable, "pytracer.py", input, output, ...flags)).seconds;
    const rounds = await interleaved(
      {
        traced: () => wallSeconds(traced, [program]),
        untraced: () => wallSeconds(untraced, [program]),
        emptyHook: () => wallSeconds(emptyHook, [program]),
        python: () => python(),
        pythonUntraced: () => python("--untraced"),
      },
      context.short ? 3 : 9,
    );
    const nanoseconds = (difference: number): number => (difference * 1e9) / (iterations * LINES_PER_ITERATION);
    const perLine = (what: string, samples: number[], limit = {}) =>
      measurement(what, "ns per line event", samples, limit);
    return [
      perLine(
        "tracemill above untraced",
        rounds.map((r) => nanoseconds(r.traced - r.untraced)),
        { budget: 120 },
      ),
      perLine(
        "C hook that does nothing above untraced",
        rounds.map((r) => nanoseconds(r.emptyHook - r.untraced)),
      ),
      perLine(
        "pure-Python tracer above untraced",
        rounds.map((r) => nanoseconds(r.python - r.pythonUntraced)),
      ),
      perLine(
        "untraced",
        rounds.map((r) => nanoseconds(r.untraced)),
      ),
    ];
  },
};

function openFor({ python }: CaseContext, mode: "trace" | "untraced" | "empty-hook") {
  return warmTracer({ workers: 1, mode, timings: true, maxEvents: 0, timeoutMs: 60_000, ...(python && { python }) });
}
