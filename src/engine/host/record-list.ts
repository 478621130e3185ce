import { noTiers, type Tier, type TierCounts } from "../../base/schema/tiers.ts";
import type { RecordSink } from "./runner.ts";

/** Keeps the records of a run. */
export class RecordList implements RecordSink {
  readonly records: Uint8Array[] = [];
  readonly tiers: TierCounts = noTiers();

  add(record: Uint8Array, tier: Tier | null): void {
    this.records.push(record);
    if (tier !== null) this.tiers[tier] += 1;
  }
}
