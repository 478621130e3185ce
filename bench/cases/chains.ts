import type { BenchCase } from "../case.ts";
import { tracerOfLongLoops, wallSeconds } from "../engine.ts";
import { interleaved, type Measurement, measurement } from "../measure.ts";
import { flatLists, flatNodes, linkedNodes, nestedLists } from "../programs.ts";

const LINES_PER_LIST = 2;
const EVENTS_PER_NODE = 6;

export const chainsCase: BenchCase = {
  name: "chains",
  title: "chains that grow by a node per line, against flat values whose text is as long",
  async run({ python, short }) {
    const lists = short ? 2_000 : 20_000;
    const nodes = short ? 500 : 3_000;
    await using tracer = await tracerOfLongLoops(python);
    const rounds = await interleaved(
      {
        nested: () => wallSeconds(tracer, [nestedLists(lists)]),
        flatLists: () => wallSeconds(tracer, [flatLists(lists)]),
        linked: () => wallSeconds(tracer, [linkedNodes(nodes)]),
        flatNodes: () => wallSeconds(tracer, [flatNodes(nodes)]),
      },
      short ? 3 : 9,
    );
    const ratio = (what: string, samples: number[]): Measurement => measurement(what, "x", samples, { budget: 2 });
    const perEvent = (what: string, seconds: number[], events: number): Measurement =>
      measurement(
        what,
        "ns per event",
        seconds.map((time) => (time * 1e9) / events),
      );
    return [
      ratio(
        "a = [a] / a flat list",
        rounds.map((r) => r.nested / r.flatLists),
      ),
      ratio(
        "a linked list / nodes before a flat list",
        rounds.map((r) => r.linked / r.flatNodes),
      ),
      perEvent(
        "a = [a]",
        rounds.map((r) => r.nested),
        lists * LINES_PER_LIST,
      ),
      perEvent(
        "a linked list",
        rounds.map((r) => r.linked),
        nodes * EVENTS_PER_NODE,
      ),
    ];
  },
};
