/** The first batches of every worker are small, so that all have work and the first results come at once. */
const FIRST_SIZES = [4, 16] as const;
const FEWEST_PROGRAMS = 4;
/** Less than a tracer process takes at once (`MOST_ITEMS` of native/host/shared_area.h). */
export const MOST_PROGRAMS = 512;
/** Of a batch. Each ends with a comparison that takes half a millisecond, and costs a turn of every process. */
const AIM_MS = 40;
/** Batches of a worker that the pace is taken from. */
const REMEMBERED = 4;

/** Milliseconds when a batch came back, and its programs. */
interface Ended {
  at: number;
  programs: number;
}

/** How many programs make a batch: as many as a worker runs in a short time, judged by those that it ran last. */
export class BatchSize {
  readonly #workers: number;
  readonly #now: () => number;
  readonly #ended: Ended[];
  #started = 0;

  /** `now`: in milliseconds. */
  constructor(workers: number, now: () => number = () => performance.now()) {
    this.#workers = workers;
    this.#now = now;
    this.#ended = [{ at: now(), programs: 0 }];
  }

  /** Of the next batch. */
  next(): number {
    const first = FIRST_SIZES[Math.floor(this.#started++ / this.#workers)];
    if (first !== undefined) return first;
    const [begin, ...later] = this.#ended as [Ended, ...Ended[]];
    const end = later.at(-1);
    // Nothing came back yet: the programs may be slow.
    if (end === undefined) return FIRST_SIZES[1];
    const programs = later.reduce((sum, batch) => sum + batch.programs, 0);
    const milliseconds = Math.max(end.at - begin.at, 0.001);
    const size = Math.round((AIM_MS * programs) / milliseconds / this.#workers);
    return Math.min(Math.max(size, FEWEST_PROGRAMS), MOST_PROGRAMS);
  }

  /** A batch of so many programs came back. */
  ended(programs: number): void {
    this.#ended.push({ at: this.#now(), programs });
    if (this.#ended.length > REMEMBERED * this.#workers + 1) this.#ended.shift();
  }
}
