import type { ReadItem } from "../../programs/sources/read.ts";
import type { Drop, FilterListing } from "../../views/filters/filter.ts";

export type ReadProgram = Extract<ReadItem, { program: unknown }>;

export interface SieveOptions {
  /** Path or name of the Python that runs the programs. */
  readonly python?: string | undefined;
  readonly workers?: number | undefined;
  readonly timeoutMs?: number | undefined;
  readonly memoryMb?: number | undefined;
  /** Ends what the filter runs, so that waiting for it rejects. */
  readonly signal?: AbortSignal | undefined;
}

/** Looks at programs before they are traced. */
export interface ProgramFilter extends FilterListing {
  open(options: SieveOptions): Promise<ProgramSieve>;
}

/** One run's filter, with what it remembers of earlier programs. */
export interface ProgramSieve extends AsyncDisposable {
  /** All programs of a row come together. One answer for each; null: the program stays. */
  sift(programs: readonly ReadProgram[]): Promise<(Drop | null)[]>;
}
