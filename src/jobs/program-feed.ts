import type { Program } from "../base/schema/program.ts";
import type { ReadItem } from "../programs/sources/read.ts";
import type { RejectedRow, RowPlace } from "../programs/sources/source.ts";
import type { RejectedLine } from "./rejected-line.ts";

/** More rejected rows than this wait for no batch: reading waits for the programs before them. */
const MOST_WAITING = 10_000;

interface Done {
  readonly programs: number;
  readonly sourceRejected: number;
}

/** A program that a format could not show; `index` counts the programs handed out. */
interface Rejection {
  readonly index: number;
  readonly id: string;
  readonly reason: string;
  readonly message: string;
}

/**
 * Hands the programs of an input to a tracer, and remembers what must be known when they come back: where they were,
 * and which rows were rejected between them, so that rejected rows are written in the order of the input.
 */
export class ProgramFeed {
  readonly #items: AsyncIterable<ReadItem>;
  /** Done by an earlier run. */
  readonly #skip: Done;
  readonly #places: RowPlace[] = [];
  readonly #rejected: { before: number; row: RejectedRow }[] = [];
  #handedOut = 0;
  #settled = 0;
  #wake: (() => void) | null = null;

  constructor(items: AsyncIterable<ReadItem>, skip: Done) {
    this.#items = items;
    this.#skip = skip;
  }

  async *programs(): AsyncGenerator<Program, void, undefined> {
    let programs = 0;
    let rejected = 0;
    for await (const item of this.#items) {
      if ("rejected" in item) {
        if (rejected++ < this.#skip.sourceRejected) continue;
        this.#rejected.push({ before: this.#handedOut, row: item.rejected });
        if (this.#rejected.length >= MOST_WAITING && this.#settled < this.#handedOut) await this.#nextBatch();
      } else {
        if (programs++ < this.#skip.programs) continue;
        this.#handedOut++;
        this.#places.push(item.place);
        yield item.program;
      }
    }
  }

  /** What to write for the next `consumed` programs: their rejections, and the rejected rows before and among them. */
  settle(consumed: number, rejections: readonly Rejection[]): { rejected: RejectedLine[]; sourceRejected: number } {
    const lines: RejectedLine[] = [];
    const waiting = this.#rejected.length;
    const first = this.#settled;
    for (const rejection of rejections) {
      this.#takeRejected(rejection.index, lines);
      const place = this.#places[rejection.index - first] as RowPlace;
      lines.push({ id: rejection.id, ...place, reason: rejection.reason, message: rejection.message });
    }
    this.#settled += consumed;
    this.#places.splice(0, consumed);
    this.#takeRejected(this.#settled, lines);
    this.#wake?.();
    return { rejected: lines, sourceRejected: waiting - this.#rejected.length };
  }

  #takeRejected(before: number, lines: RejectedLine[]): void {
    let taken = 0;
    for (const waiting of this.#rejected) {
      if (waiting.before > before) break;
      const { place, id, reason, message } = waiting.row;
      lines.push({ ...(id === undefined ? {} : { id }), file: place.file, row: place.row, reason, message });
      taken++;
    }
    this.#rejected.splice(0, taken);
  }

  #nextBatch(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = null;
        resolve();
      };
    });
  }
}
