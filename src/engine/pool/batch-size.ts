/** The first batches of every worker are small, so that all have work and the first results come at once. */
const FIRST_PROGRAMS = [4, 16] as const;
/** Of the first batch, when the pace of another run is known: tracer processes start before all is read. */
const FIRST_MS = 5;
const FEWEST_PROGRAMS = 4;
/** Less than a tracer process takes at once (`MOST_ITEMS` of native/host/shared_area.h). */
export const MOST_PROGRAMS = 512;
/**
 * Of a batch. Each ends with a comparison that takes half a millisecond, and costs a turn of every process. Its results
 * are rendered while it runs.
 */
const AIM_MS = 40;
/** Batches of a worker that the pace is taken from. */
const REMEMBERED = 4;
/** Of what is left of the input, in the next batches of several workers: so they end at about the same time. */
const SHARE_OF_REST = 2 / 3;
/** Of those batches: less is not worth a division. */
const LEAST_MS = 2;

/** Milliseconds when a batch came back, and its programs. */
interface Ended {
  at: number;
  programs: number;
}

/** How many programs make a batch: as many as a worker runs in a short time, judged by those that it ran last. */
export class BatchSize {
  readonly #workers: number;
  readonly #known: number | undefined;
  readonly #now: () => number;
  readonly #ended: Ended[];
  #started = 0;

  /**
   * `known`: the pace of another run with the same workers; these programs may be other ones. `now`: in milliseconds.
   */
  constructor(workers: number, known?: number, now: () => number = () => performance.now()) {
    this.#workers = workers;
    this.#known = known;
    this.#now = now;
    this.#ended = [{ at: now(), programs: 0 }];
  }

  /** Programs per millisecond of one worker; undefined when no batch came back. */
  get pace(): number | undefined {
    const [begin, ...later] = this.#ended as [Ended, ...Ended[]];
    const end = later.at(-1);
    if (end === undefined) return undefined;
    const programs = later.reduce((sum, batch) => sum + batch.programs, 0);
    return programs / Math.max(end.at - begin.at, 0.001) / this.#workers;
  }

  /** Of the next batch. */
  next(): number {
    const round = Math.floor(this.#started++ / this.#workers);
    const pace = this.pace;
    // While nothing came back the programs may be slow.
    if (this.#known !== undefined)
      return bounded(round === 0 ? this.#known * FIRST_MS : (pace ?? this.#known) * AIM_MS);
    return FIRST_PROGRAMS[round] ?? (pace === undefined ? FIRST_PROGRAMS[1] : bounded(pace * AIM_MS));
  }

  /** Of the next batch, when the input ends after so many programs. */
  nextOf(rest: number, most: number): number {
    const share = this.#workers > 1 ? SHARE_OF_REST : 1;
    const least = Math.round((this.pace ?? 0) * LEAST_MS);
    return Math.min(Math.max(Math.ceil((rest * share) / this.#workers), least), rest, most);
  }

  /** A batch of so many programs came back. */
  ended(programs: number): void {
    this.#ended.push({ at: this.#now(), programs });
    if (this.#ended.length > REMEMBERED * this.#workers + 1) this.#ended.shift();
  }
}

function bounded(size: number): number {
  return Math.min(Math.max(Math.round(size), FEWEST_PROGRAMS), MOST_PROGRAMS);
}
