import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { ordered } from "../../../src/engine/ordered.ts";
import { collect } from "../../helpers/collect.ts";

async function* numbers(count: number): AsyncGenerator<number, void, undefined> {
  for (let i = 0; i < count; i++) yield i;
}

const never = new AbortController().signal;

test("results come in the order of the items, however long each takes, and no more than the limit at a time", async () => {
  let open = 0;
  let most = 0;
  const work = async (item: number): Promise<number> => {
    most = Math.max(most, ++open);
    for (let turns = (item * 7) % 5; turns > 0; turns--) await turn();
    open--;
    return 2 * item;
  };
  expect(await collect(ordered(numbers(40), work, 3, never))).toEqual(Array.from({ length: 40 }, (_, i) => 2 * i));
  expect(most).toBe(3);
});

test("what was handed out is not kept", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const work = async (item: number): Promise<{ item: number }> => ({ item });
  const handedOut: WeakRef<object>[] = [];
  let left = 200;
  for await (const result of ordered(numbers(1_000), work, 4, never)) {
    handedOut.push(new WeakRef(result));
    if (--left === 0) break;
    await turn();
    // In the middle: at the end everything is free.
    if (left === 10) collectGarbage();
  }
  const kept = handedOut.slice(0, 150).filter((result) => result.deref() !== undefined);
  expect(kept.length).toBeLessThan(10);
});

test("an item that fails, a source that fails and a signal end it", async () => {
  const fails = async (item: number): Promise<number> => {
    if (item === 3) throw new Error("no 3");
    return item;
  };
  await expect(collect(ordered(numbers(9), fails, 2, never))).rejects.toThrow("no 3");
  async function* broken(): AsyncGenerator<number, void, undefined> {
    yield 1;
    throw new Error("no more");
  }
  const seen: number[] = [];
  const reading = async (): Promise<void> => {
    for await (const item of ordered(broken(), async (item) => item, 2, never)) seen.push(item);
  };
  await expect(reading()).rejects.toThrow("no more");
  expect(seen).toEqual([1]);
  const stop = new AbortController();
  const waiting = collect(ordered(numbers(9), () => new Promise<number>(() => {}), 2, stop.signal));
  await turn();
  stop.abort(new Error("stopped"));
  await expect(waiting).rejects.toThrow("stopped");
});
