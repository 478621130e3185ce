import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { ordered } from "../../../src/engine/pool/ordered.ts";

const NEVER: AbortSignal = new AbortController().signal;

async function* numbers(count: number): AsyncGenerator<number, void, undefined> {
  for (let i = 0; i < count; i++) yield i;
}

test("results come in the order of the items, and no more than the limit is at work", async () => {
  let open = 0;
  let most = 0;
  const work = async (item: number): Promise<number> => {
    most = Math.max(most, ++open);
    await sleep((item * 7) % 5);
    open--;
    return item;
  };
  const seen: number[] = [];
  for await (const result of ordered(numbers(40), work, 6, NEVER)) seen.push(result);
  expect(seen).toEqual(Array.from({ length: 40 }, (_, i) => i));
  expect(most).toBe(6);
});

test("failures of the work and of the source come after the results before them", async () => {
  const failing = async (item: number): Promise<number> => {
    if (item === 3) throw new Error("no 3");
    return item;
  };
  async function* short(): AsyncGenerator<number, void, undefined> {
    yield* numbers(2);
    throw new Error("the source broke");
  }
  for (const [source, message, results] of [
    [numbers(9), "no 3", 3],
    [short(), "the source broke", 2],
  ] as const) {
    const seen: number[] = [];
    const all = async (): Promise<void> => {
      for await (const result of ordered(source, failing, 2, NEVER)) seen.push(result);
    };
    await expect(all()).rejects.toThrow(message);
    expect(seen).toHaveLength(results);
  }
});

test("a signal ends it while nothing comes", { timeout: 5_000 }, async () => {
  const controller = new AbortController();
  const results = ordered(numbers(3), () => new Promise<never>(() => {}), 2, controller.signal);
  setTimeout(() => controller.abort(new Error("enough")), 5);
  await expect(results.next()).rejects.toThrow("enough");
});

test("what was handed out is not kept", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const handedOut: WeakRef<object>[] = [];
  const work = async (item: number): Promise<{ item: number; bulk: Uint8Array }> => {
    await sleep(0);
    return { item, bulk: new Uint8Array(1_000) };
  };
  for await (const result of ordered(numbers(200), work, 3, NEVER)) handedOut.push(new WeakRef(result));
  const again = ordered(numbers(200), work, 3, NEVER);
  for (let i = 0; i < 150; i++) handedOut.push(new WeakRef((await again.next()).value as object));
  // In a turn of its own, since a WeakRef that was just made holds its object until the turn ends.
  await sleep(1);
  collectGarbage();
  expect(handedOut.filter((reference) => reference.deref() !== undefined).length).toBeLessThan(10);
  await again.return();
});
