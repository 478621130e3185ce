import type { BenchCase } from "../case.ts";
import { tracerOfLongLoops, wallSeconds } from "../engine.ts";
import { interleaved, measurement } from "../measure.ts";
import { growingList } from "../programs.ts";

const SMALL = 1_000;
const LINES_PER_ELEMENT = 2;

export const growingListCase: BenchCase = {
  name: "growing-list",
  title: "loop that appends to a list: cost per line event of a long list against a short one",
  async run({ python, short }) {
    const large = short ? 20_000 : 100_000;
    await using tracer = await tracerOfLongLoops(python);
    // As many elements in all, so that both sides run equally long.
    const many = Array.from({ length: large / SMALL }, (_, i) => ({ ...growingList(SMALL), id: `small-${i}` }));
    const rounds = await interleaved(
      {
        small: () => wallSeconds(tracer, many),
        large: () => wallSeconds(tracer, [growingList(large)]),
      },
      short ? 3 : 7,
    );
    const perLine = (time: number): number => (time * 1e9) / (large * LINES_PER_ELEMENT);
    return [
      // "The same cost", with a tenth for what differs outside the tracer.
      measurement(
        `${large} elements / ${SMALL} elements`,
        "x",
        rounds.map((r) => r.large / r.small),
        { budget: 1.1 },
      ),
      measurement(
        `${SMALL} elements`,
        "ns per line event",
        rounds.map((r) => perLine(r.small)),
      ),
      measurement(
        `${large} elements`,
        "ns per line event",
        rounds.map((r) => perLine(r.large)),
      ),
    ];
  },
};
