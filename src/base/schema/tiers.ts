import { z } from "zod";

/**
 * How programs were kept from each other: `tame` ones can leave nothing for the next one, after `restored` ones the process
 * was put back to its start, `forked` ones had a process of their own.
 */
export type Tier = "tame" | "restored" | "forked";

/** In the order of native/wire/tier.h. */
export const TIERS: readonly Tier[] = ["tame", "restored", "forked"];

/** Numbers of programs. */
export type TierCounts = Record<Tier, number>;

const count = z.int().nonnegative();

export const tierCountsSchema: z.ZodType<TierCounts> = z.object({ tame: count, restored: count, forked: count });

export function noTiers(): TierCounts {
  return { tame: 0, restored: 0, forked: 0 };
}
