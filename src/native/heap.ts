import { ArtefactError } from "../errors.ts";
import { loadAddon } from "./load.ts";

/**
 * From now on large blocks that are freed in this process go back to the system. Batches come and go as such blocks, of
 * many sizes, on every thread: left to itself malloc keeps the holes, and over a million programs the process grows. For
 * processes that are tracemill's own; a program that uses it as a library sets its malloc up itself. Does nothing
 * without the addon: whatever needs that will say so.
 */
export function returnLargeBlocks(): void {
  try {
    loadAddon().returnLargeBlocks();
  } catch (error) {
    if (!(error instanceof ArtefactError)) throw error;
  }
}
