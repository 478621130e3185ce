import type { RejectedLine } from "../../jobs/rejected-line.ts";
import type { RowPlace } from "../../programs/sources/source.ts";

/** Rejected rows that are known before others are: given out where they stand among these, in the order of the inputs. */
export class RejectedLines {
  readonly #lines: AsyncIterator<RejectedLine>;
  readonly #numbers: ReadonlyMap<string, number>;
  #next: Promise<IteratorResult<RejectedLine>>;

  /** `files` are the inputs in their order. */
  constructor(lines: AsyncIterable<RejectedLine>, files: readonly string[]) {
    this.#lines = lines[Symbol.asyncIterator]();
    this.#numbers = new Map(files.map((file, i) => [file, i]));
    this.#next = this.#lines.next();
  }

  /** Those in front of the row. */
  async *before(place: RowPlace): AsyncGenerator<RejectedLine, void, undefined> {
    for (let line = await this.#next; !line.done && this.#isBefore(line.value, place); line = await this.#next) {
      this.#next = this.#lines.next();
      yield line.value;
    }
  }

  async *rest(): AsyncGenerator<RejectedLine, void, undefined> {
    for (let line = await this.#next; !line.done; line = await this.#next) {
      this.#next = this.#lines.next();
      yield line.value;
    }
  }

  #isBefore({ file = "", row = 0 }: RejectedLine, place: RowPlace): boolean {
    const [own, other] = [this.#numberOf(file), this.#numberOf(place.file)];
    return own < other || (own === other && row < place.row);
  }

  #numberOf(file: string): number {
    return this.#numbers.get(file) ?? this.#numbers.size;
  }
}
