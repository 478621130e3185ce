import { open, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BenchCase } from "../case.ts";
import { warmTracer } from "../engine.ts";
import { interleaved, measurement, seconds } from "../measure.ts";
import { smallPrograms, toJsonl } from "../programs.ts";
import { baseline } from "../python.ts";

/** V8 compiles what runs often only after a while, and what counts is the pace of a run of many programs. */
const WARM_PASSES = 5;

export const statelens: BenchCase = {
  name: "statelens",
  title: "small programs end to end to StateLens JSONL, shared isolation, one worker",
  async run({ python, executable, short, folder }) {
    const { source, programs } = smallPrograms(short ? 200 : 800);
    const input = join(folder, "programs.jsonl");
    await writeFile(input, toJsonl(programs));
    // What the format implies on the command line.
    const options = { workers: 1, maxValueChars: 0, ...(python && { python }) } as const;
    await using tracer = await warmTracer(options);
    const rows = join(folder, "statelens.jsonl");
    const tracemill = async (): Promise<number> => {
      // Giving back the pages of the last round's file is not this round's work.
      await rm(rows, { force: true });
      return seconds(async () => {
        await using output = await open(rows, "wx");
        for await (const batch of tracer.runRendered(programs, "statelens")) {
          await output.write(batch.output);
          batch.release();
        }
      });
    };
    for (let pass = 0; pass < WARM_PASSES; pass++) await tracemill();
    const rounds = await interleaved(
      {
        tracemill,
        floor: async () => (await baseline<{ seconds: number }>(executable, "floor.py", input)).seconds,
        python: async () =>
          (await baseline<{ seconds: number }>(executable, "pytracer.py", input, join(folder, "pytracer.jsonl")))
            .seconds,
      },
      short ? 3 : 61,
    );
    return [
      measurement(
        `tracemill / floor, ${source}`,
        "x",
        rounds.map((r) => r.tracemill / r.floor),
        { budget: 1.35 },
      ),
      measurement(
        "pure-Python tracer / floor",
        "x",
        rounds.map((r) => r.python / r.floor),
      ),
      measurement(
        "tracemill",
        "programs/s",
        rounds.map((r) => programs.length / r.tracemill),
      ),
      measurement(
        "floor",
        "programs/s",
        rounds.map((r) => programs.length / r.floor),
      ),
    ];
  },
};
