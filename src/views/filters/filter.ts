/** A program that a filter leaves out. */
export interface Drop {
  /** Machine-readable. */
  readonly reason: string;
  readonly message: string;
}

/** A filter, as people are told. */
export interface FilterListing {
  /** As `--filter` names it. */
  readonly name: string;
  /** What it leaves out. */
  readonly title: string;
  /** Every reason that it gives. */
  readonly reasons: readonly string[];
}
