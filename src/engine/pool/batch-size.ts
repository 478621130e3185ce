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

/**
 * A batch that several inputs of one source begin may become this large, so that the source is compiled once: memory is
 * put back after every batch, and what was compiled with it.
 */
export const PROGRAMS_OF_ONE_SOURCE = 16;

/** Milliseconds when a batch came back, its programs, and how many of them have another source than the one before. */
interface Ended {
  at: number;
  programs: number;
  sources: number;
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
    this.#ended = [{ at: now(), programs: 0, sources: 0 }];
  }

  /** Several workers have something of the input. */
  get shares(): boolean {
    return this.#workers > 1;
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
    if (this.#known !== undefined && round === 0) return bounded(this.#known * FIRST_MS);
    if (this.#known === undefined && round < FIRST_PROGRAMS.length) return FIRST_PROGRAMS[round] as number;
    if (pace !== undefined) return bounded(Math.max(pace * AIM_MS, this.#twiceWhereSourcesRepeat()));
    return this.#known === undefined ? FIRST_PROGRAMS[1] : bounded(this.#known * AIM_MS);
  }

  /** Of the next batch, when the input ends after so many programs. */
  nextOf(rest: number, most: number): number {
    const share = this.shares ? SHARE_OF_REST : 1;
    const least = Math.round((this.pace ?? 0) * LEAST_MS);
    return Math.min(Math.max(Math.ceil((rest * share) / this.#workers), least), rest, most);
  }

  /** A batch of so many programs came back, of which `sources` have another source than the one before. */
  ended(programs: number, sources: number = programs): void {
    this.#ended.push({ at: this.#now(), programs, sources });
    if (this.#ended.length > REMEMBERED * this.#workers + 1) this.#ended.shift();
  }

  /**
   * Programs of a batch that is twice as large as the last ones. Where inputs of one source follow each other, what a
   * batch takes may be the compilation of its source, and hardly longer if it had more inputs: a pace would never tell.
   */
  #twiceWhereSourcesRepeat(): number {
    const [begin, ...later] = this.#ended as [Ended, ...Ended[]];
    const programs = later.reduce((sum, batch) => sum + batch.programs, 0);
    const sources = later.reduce((sum, batch) => sum + batch.sources, 0);
    const milliseconds = (((later.at(-1) ?? begin).at - begin.at) * this.#workers) / later.length;
    return programs >= 2 * sources && milliseconds < 2 * AIM_MS ? (2 * programs) / later.length : 0;
  }
}

function bounded(size: number): number {
  return Math.min(Math.max(Math.round(size), FEWEST_PROGRAMS), MOST_PROGRAMS);
}
