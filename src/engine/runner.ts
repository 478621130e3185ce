import type { Program } from "../schema/program.ts";
import type { Sandbox } from "../schema/sandbox.ts";

/** Runs programs one after another; several batches may be outstanding. */
export interface ProgramRunner {
  /** What keeps programs in, null for nothing; rejects when no program can be run at all. */
  readonly sandbox: Promise<Sandbox | null>;
  /**
   * One record per program, in order; an aborted call rejects with the signal's reason. Programs that fail, hang or
   * crash have records like any other.
   */
  run(programs: readonly Program[], signal?: AbortSignal): Promise<Uint8Array[]>;
  /** Ends what runs; calls that wait reject. Nothing is left behind once the promise resolves. */
  dispose(): Promise<void>;
}
