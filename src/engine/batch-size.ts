/**
 * The first batches of every worker are small, so that all have work and the first results come at once: so many programs,
 * or milliseconds of work when the pace of another run is known.
 */
const FIRST = [
  { programs: 4, ms: 5 },
  { programs: 16, ms: 20 },
] as const;
const FEWEST_PROGRAMS = 4;
/** Less than a tracer process takes at once (`MOST_ITEMS` of native/host/shared_area.h). */
export const MOST_PROGRAMS = 512;
/** Of a batch. Each ends with a comparison that takes half a millisecond, and costs a turn of every process. */
const AIM_MS = 40;
/** Batches of a worker that the pace is taken from. */
const REMEMBERED = 4;
/**
 * Of what is left of the input, in the next batch: rendering takes less than half as long as running, so that the
 * results of a batch are ready when the next one, half its size, ends. Nobody waits long for those of the last.
 */
const SHARE_OF_REST = 2 / 3;
/** Not worth a division. */
const SMALL_REST = 40;

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
    const first = FIRST[round] ?? (pace === undefined ? FIRST[1] : null);
    if (first === null) return bounded((pace as number) * AIM_MS);
    return this.#known === undefined ? first.programs : bounded(this.#known * first.ms);
  }

  /** Of the next batch, when the input ends after so many programs. */
  nextOf(rest: number, most: number): number {
    const share = rest > SMALL_REST ? SHARE_OF_REST : 1;
    return Math.min(Math.ceil((rest * share) / this.#workers), most);
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
