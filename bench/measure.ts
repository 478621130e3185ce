/** One measured quantity: the medians are of the ratios within one round, so that a slow moment of the machine hits both. */
export interface Measurement {
  /** What was measured, with its unit. */
  what: string;
  unit: string;
  samples: number[];
  median: number;
  /** Half the range between the quartiles, as a share of the median. */
  spread: number;
  /** From DESIGN: the most (or, with `atLeast`, the least) that is allowed. */
  budget?: number;
  atLeast?: boolean;
}

export function measurement(
  what: string,
  unit: string,
  samples: number[],
  limit: { budget?: number; atLeast?: boolean } = {},
): Measurement {
  if (samples.length === 0) throw new Error(`${what}: nothing was measured`);
  const sorted = samples.toSorted((a, b) => a - b);
  const median = quantile(sorted, 0.5);
  const spread = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 2 / Math.abs(median);
  return { what, unit, samples, median, spread, ...limit };
}

/** Linear interpolation between the neighbours; `sorted` ascending, not empty. */
export function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

/** Rounds in which every contestant runs once, in turn first, second, ...: `rounds[i][name]` in the unit `run` returns. */
export async function interleaved<Name extends string>(
  contestants: Record<Name, () => Promise<number>>,
  rounds: number,
): Promise<Record<Name, number>[]> {
  const names = Object.keys(contestants) as Name[];
  const results: Record<Name, number>[] = [];
  for (let round = 0; round < rounds; ++round) {
    const result = {} as Record<Name, number>;
    for (let turn = 0; turn < names.length; ++turn) {
      const name = names[(round + turn) % names.length];
      if (name !== undefined) result[name] = await contestants[name]();
    }
    results.push(result);
  }
  return results;
}

/** Wall seconds of an asynchronous call. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - started) / 1e9;
}

export function verdict({ median, budget, atLeast }: Measurement): string {
  if (budget === undefined) return "";
  const kept = atLeast ? median >= budget : median <= budget;
  return `${kept ? "within" : "OVER"} budget ${atLeast ? ">=" : "<="} ${budget}`;
}
