import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { programSchema } from "../../../src/base/schema/program.ts";
import { SingleRuns } from "../../../src/engine/pool/single-runs.ts";

const program = (id: string) => programSchema.parse({ id, code: "" });

/** Answers ids, and tells which programs ran together. */
function engine(atOnce: number, takes = 5) {
  const batches: string[][] = [];
  let running = 0;
  let most = 0;
  const stopped: string[][] = [];
  const runs = new SingleRuns<string>(async (programs, signal) => {
    const ids = programs.map(({ id }) => id);
    batches.push(ids);
    most = Math.max(most, ++running);
    try {
      await sleep(takes, null, { signal });
      if (ids.includes("bad")) throw new Error("the engine broke");
      return ids;
    } catch (error) {
      if (signal.aborted) stopped.push(ids);
      throw error;
    } finally {
      running--;
    }
  }, atOnce);
  return { runs, batches, stopped, most: () => most };
}

test("callers of one turn share the batches that may run, and later ones wait for a free one", async () => {
  const { runs, batches, most } = engine(2);
  const first = Array.from({ length: 10 }, (_, i) => runs.trace(program(`p${i}`)));
  await sleep(1);
  const later = [runs.trace(program("q0")), runs.trace(program("q1"))];
  expect(await Promise.all([...first, ...later])).toEqual([...first.map((_, i) => `p${i}`), "q0", "q1"]);
  expect(batches.slice(0, 2).map(({ length }) => length)).toEqual([5, 5]);
  expect(most()).toBe(2);
});

test("64 callers that go on and on are served in few batches", async () => {
  const { runs, batches } = engine(4, 1);
  const caller = async (name: number): Promise<void> => {
    for (let i = 0; i < 10; i++) expect(await runs.trace(program(`${name}-${i}`))).toBe(`${name}-${i}`);
  };
  await Promise.all(Array.from({ length: 64 }, (_, i) => caller(i)));
  expect(batches.flat().length).toBe(640);
  expect(batches.length).toBeLessThan(100);
});

test("whoever aborts is answered at once, and nobody else notices", async () => {
  const { runs, stopped } = engine(1, 20);
  const stop = new AbortController();
  const mine = runs.trace(program("mine"), stop.signal);
  const theirs = runs.trace(program("theirs"));
  await sleep(5);
  stop.abort(new Error("enough"));
  await expect(mine).rejects.toThrow("enough");
  expect(await theirs).toBe("theirs");
  expect(stopped).toEqual([]);
  await expect(runs.trace(program("late"), stop.signal)).rejects.toThrow("enough");
});

test("a batch that nobody waits for is stopped, and one that had not begun never runs", async () => {
  const { runs, batches, stopped } = engine(1, 1_000);
  const stop = new AbortController();
  const traces = [runs.trace(program("a"), stop.signal), runs.trace(program("b"), stop.signal)];
  await sleep(5);
  traces.push(runs.trace(program("c"), stop.signal));
  await sleep(5);
  stop.abort(new Error("enough"));
  for (const trace of traces) await expect(trace).rejects.toThrow("enough");
  await sleep(5);
  expect(stopped).toEqual([["a", "b"]]);
  expect(batches).toEqual([["a", "b"]]);
});

test("what breaks a batch is told to its callers alone", async () => {
  const { runs } = engine(1);
  const broken = [runs.trace(program("bad")), runs.trace(program("beside"))];
  for (const trace of broken) await expect(trace).rejects.toThrow("the engine broke");
  expect(await runs.trace(program("next"))).toBe("next");
});
