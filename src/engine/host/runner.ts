import type { Program } from "../../base/schema/program.ts";
import type { Sandbox } from "../../base/schema/sandbox.ts";
import type { Tier } from "../../base/schema/tiers.ts";

/** Takes the records of a run as they come, in the order of its programs. */
export interface RecordSink {
  /** Of the next program. Its memory stays as it is. `tier`: null where nothing kept it from the others, or it was not run. */
  add(record: Uint8Array, tier: Tier | null): void;
}

/** Runs programs one after another; several batches may be outstanding. */
export interface ProgramRunner {
  /** What keeps programs in, null for nothing; rejects when no program can be run at all. */
  readonly sandbox: Promise<Sandbox | null>;
  /**
   * Gives `sink` one record per program; resolves when it has all. An aborted call rejects with the signal's reason, and one whose sink throws with what it threw; the sink is left alone then.
   * Programs that fail, hang or crash have records like any other.
   */
  run(programs: readonly Program[], sink: RecordSink, signal?: AbortSignal): Promise<void>;
  /** Ends what runs; calls that wait reject. Nothing is left behind once the promise resolves. */
  dispose(): Promise<void>;
}
