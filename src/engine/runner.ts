import type { Program } from "../schema/program.ts";

/** Runs programs one after another; several batches may be outstanding. */
export interface ProgramRunner {
  /**
   * One record per program, in order; an aborted call rejects with the signal's reason. Programs that fail, hang or
   * crash have records like any other.
   */
  run(programs: readonly Program[], signal?: AbortSignal): Promise<Uint8Array[]>;
  /** Ends what runs; calls that wait reject. Nothing is left behind once the promise resolves. */
  dispose(): Promise<void>;
}
