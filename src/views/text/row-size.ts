import { RenderError } from "../../base/errors.ts";

/** Characters of one row: what a reader of JSON lines can be asked to hold, and well below the longest string there is. */
const MOST_CHARS: number = 128 * 1024 * 1024;

/** Counts what a row grows by. */
export class RowSize {
  #left: number = MOST_CHARS;

  /** Throws RenderError `row-too-large` before the row is too long to make. */
  add(chars: number): void {
    this.#left -= chars;
    if (this.#left < 0) {
      throw new RenderError(
        "row-too-large",
        `The row would pass ${MOST_CHARS / 1024 / 1024} Mi characters. Lower --max-events or --max-value-chars.`,
      );
    }
  }
}
