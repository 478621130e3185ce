import type { RunCounts } from "../base/schema/manifest.ts";
import { noTiers, TIERS, type TierCounts } from "../base/schema/tiers.ts";
import { UNREAD } from "../programs/sources/source.ts";

export function noCounts(): RunCounts {
  return { programs: 0, rendered: 0, rejected: {}, statuses: {}, tiers: noTiers() };
}

/** What one batch adds. */
export interface BatchCounts {
  programs: number;
  rendered: number;
  reasons: Iterable<string>;
  statuses: Readonly<Record<string, number>>;
  tiers: Readonly<TierCounts>;
}

export function addBatch(counts: RunCounts, batch: BatchCounts): void {
  counts.programs += batch.programs;
  counts.rendered += batch.rendered;
  for (const reason of batch.reasons) counts.rejected[reason] = (counts.rejected[reason] ?? 0) + 1;
  for (const [status, programs] of Object.entries(batch.statuses)) {
    if (programs > 0) counts.statuses[status] = (counts.statuses[status] ?? 0) + programs;
  }
  for (const tier of TIERS) counts.tiers[tier] += batch.tiers[tier];
}

export function totalRejected(counts: RunCounts): number {
  return Object.values(counts.rejected).reduce((sum, rows) => sum + rows, 0);
}

/** Whether every input was read to its end, and was whole. */
export function readWhole(rejected: Readonly<Record<string, number>>): boolean {
  return (rejected[UNREAD] ?? 0) === 0;
}
