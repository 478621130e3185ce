import type { ReadItem } from "../../programs/sources/read.ts";
import type { Drop } from "../../views/filters/filter.ts";
import type { ProgramFilter, ProgramSieve, ReadProgram, SieveOptions } from "./program-filter.ts";

/** Programs that filters see together, at least; a row's programs are never apart. */
const TOGETHER = 256;

/** The same items, in order; a program that a filter leaves out is a rejected row with the first filter's reason. */
export async function* sift(
  items: AsyncIterable<ReadItem>,
  filters: readonly ProgramFilter[],
  options: SieveOptions,
): AsyncGenerator<ReadItem, void, undefined> {
  if (filters.length === 0) {
    yield* items;
    return;
  }
  await using sieves = await openSieves(filters, options);
  let waiting: ReadItem[] = [];
  let row = "";
  for await (const item of items) {
    const place = "program" in item ? item.place : item.rejected.place;
    const next = `${place.row} ${place.file}`;
    if (waiting.length >= TOGETHER && next !== row) {
      yield* await siftedItems(waiting, sieves.open);
      waiting = [];
    }
    row = next;
    waiting.push(item);
  }
  yield* await siftedItems(waiting, sieves.open);
}

async function siftedItems(items: readonly ReadItem[], sieves: readonly ProgramSieve[]): Promise<ReadItem[]> {
  const drops = new Map<ReadItem, Drop>();
  let left = items.filter((item): item is ReadProgram => "program" in item);
  for (const sieve of sieves) {
    const found = await sieve.sift(left);
    for (const [i, drop] of found.entries()) if (drop !== null) drops.set(left[i] as ReadProgram, drop);
    left = left.filter((item) => !drops.has(item));
  }
  return items.map((item) => {
    const drop = drops.get(item);
    if (drop === undefined || !("program" in item)) return item;
    return { rejected: { place: item.place, id: item.program.id, ...drop } };
  });
}

/** All, or none. */
async function openSieves(
  filters: readonly ProgramFilter[],
  options: SieveOptions,
): Promise<AsyncDisposable & { open: ProgramSieve[] }> {
  const open: ProgramSieve[] = [];
  const close = async (): Promise<void> => {
    for (const sieve of open) await sieve[Symbol.asyncDispose]();
  };
  try {
    for (const filter of filters) open.push(await filter.open(options));
  } catch (error) {
    await close();
    throw error;
  }
  return { open, [Symbol.asyncDispose]: close };
}
