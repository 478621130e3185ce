import { CorruptFileError } from "./corrupt-file.ts";
import { RowBytes, type RowLimits, type TextRow, withoutByteOrderMark } from "./rows.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const SPACES: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/**
 * The elements of a file that is one JSON array, without holding the file. Whether an element is JSON is the caller's
 * business: only strings and brackets are followed. Throws CorruptFileError for a file that does not begin with `[`, ends before its
 * `]`, or goes on after it; all elements before are given.
 */
export async function* splitArray(chunks: AsyncIterable<Uint8Array>, limits: RowLimits): AsyncGenerator<TextRow[]> {
  const splitter = new ArraySplitter(limits);
  for await (const chunk of withoutByteOrderMark(chunks)) {
    const rows: TextRow[] = [];
    try {
      splitter.push(chunk, rows);
    } finally {
      yield rows;
    }
  }
  yield splitter.rest();
  splitter.end();
}

class ArraySplitter {
  readonly #pending: RowBytes;
  /** Open brackets, the file's own included. */
  #depth = 0;
  #inString = false;
  #escaped = false;
  #closed = false;
  /** Something other than space was seen since the last comma. */
  #filled = false;
  /** The last thing that was seen closed an object. */
  #objectClosed = false;
  #row = 0;

  constructor(limits: RowLimits) {
    this.#pending = new RowBytes(limits.maxRowBytes);
  }

  push(chunk: Uint8Array, rows: TextRow[]): void {
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (this.#inString) {
        this.#insideString(byte);
      } else if (this.#depth === 0) {
        this.#outside(byte);
        start = at + 1;
      } else if (this.#depth === 1 && (byte === COMMA || byte === CLOSE_BRACKET)) {
        this.#pending.add(chunk.subarray(start, at));
        start = at + 1;
        this.#elementEnds(byte, rows);
      } else {
        this.#inside(byte);
      }
    }
    if (this.#depth > 0) this.#pending.add(chunk.subarray(start));
  }

  /** A whole element that the array's end does not follow. */
  rest(): TextRow[] {
    const whole = !this.#closed && this.#depth === 1 && !this.#inString && this.#objectClosed;
    return whole ? [this.#pending.take(++this.#row)] : [];
  }

  end(): void {
    if (!this.#closed) throw new CorruptFileError(`its array is not closed after element ${this.#row}`);
  }

  #insideString(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) this.#inString = false;
  }

  #outside(byte: number): void {
    if (SPACES.has(byte)) return;
    if (byte !== OPEN_BRACKET || this.#closed) {
      throw new CorruptFileError(this.#closed ? "it goes on after its array" : "it does not begin with '['");
    }
    this.#depth = 1;
  }

  #inside(byte: number): void {
    if (!SPACES.has(byte)) {
      this.#filled = true;
      this.#objectClosed = byte === CLOSE_BRACE;
    }
    if (byte === QUOTE) this.#inString = true;
    else if (byte === OPEN_BRACKET || byte === OPEN_BRACE) this.#depth++;
    else if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) this.#depth--;
  }

  #elementEnds(byte: number, rows: TextRow[]): void {
    // `[]` has no element; `[1,]` has an empty second one, which the caller finds to be no JSON.
    if (this.#filled || byte === COMMA || this.#row > 0) rows.push(this.#pending.take(++this.#row));
    this.#filled = false;
    this.#objectClosed = false;
    if (byte === CLOSE_BRACKET) {
      this.#depth = 0;
      this.#closed = true;
    }
  }
}
