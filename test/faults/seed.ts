// Where and when faults happen: chosen by a seed, which a failing test prints and TRACEMILL_SEED sets.
import { onTestFailed } from "vitest";

export type Below = (bound: number) => number;

const given = process.env["TRACEMILL_SEED"];
/** Of this run of the tests. */
export const SEED: number = given === undefined ? Date.now() % 1_000_000 : Number(given);

/** Choices of one test; `name` keeps those of two tests apart. */
export function choices(name: string): Below {
  onTestFailed(() => console.error(`To see this again: TRACEMILL_SEED=${SEED} npx vitest run test/faults`));
  return generator(name);
}

/** The same outside a test. */
export function generator(name: string): Below {
  let state = SEED;
  for (const letter of name) state = Math.imul(state ^ (letter.codePointAt(0) as number), 0x01000193);
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % bound;
  };
}

/** As many different whole numbers below `bound`, or all there are. */
export function some(below: Below, count: number, bound: number): number[] {
  const chosen = new Set<number>();
  while (chosen.size < Math.min(count, bound)) chosen.add(below(bound));
  return [...chosen];
}
