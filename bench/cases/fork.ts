import type { BenchCase } from "../case.ts";
import { mustFinish, warmTracer } from "../engine.ts";
import { interleaved, measurement, seconds } from "../measure.ts";
import { smallPrograms } from "../programs.ts";

export const forkCase: BenchCase = {
  name: "fork",
  title: "fork isolation, traced against untraced in the same forked child",
  async run({ python, short }) {
    const { source, programs } = smallPrograms(short ? 50 : 400);
    const options = { workers: 1, isolation: "fork", ...(python && { python }) } as const;
    await using traced = await warmTracer(options);
    await using untraced = await warmTracer({ ...options, mode: "untraced" });
    const rounds = await interleaved(
      {
        traced: () => seconds(() => mustFinish(traced, programs)),
        untraced: () => seconds(() => mustFinish(untraced, programs)),
      },
      short ? 3 : 9,
    );
    return [
      measurement(
        `traced / untraced, ${source}`,
        "x",
        rounds.map((r) => r.traced / r.untraced),
        { budget: 1.2 },
      ),
      measurement(
        "traced",
        "programs/s",
        rounds.map((r) => programs.length / r.traced),
      ),
      measurement(
        "untraced",
        "programs/s",
        rounds.map((r) => programs.length / r.untraced),
      ),
    ];
  },
};
