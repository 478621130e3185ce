import { isUtf8 } from "node:buffer";

/** One row of a text file as it was found; `row` counts lines, or elements of an array, from 1. */
export type TextRow =
  /** `cut`: the file ends with it, without saying that the row ends. */
  | { readonly row: number; readonly text: string; readonly cut?: boolean }
  | { readonly row: number; readonly fault: RowFault };

/** `wrong-cells`: a table has others; `cut`: the file ends inside of it; `unread`: it is where the file is damaged. */
export type RowFault = "invalid-utf8" | "too-large" | "wrong-cells" | "cut" | "unread";

export interface RowLimits {
  /** Rows of more bytes are a fault; their bytes are not kept. */
  readonly maxRowBytes: number;
}

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Collects the bytes of one row over many chunks, holding at most the limit. */
export class RowBytes {
  readonly #limit: number;
  #parts: Uint8Array[] = [];
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#length;
  }

  /** Keeps the bytes themselves, not a copy. */
  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#length += bytes.length;
    if (this.#length > this.#limit) this.#parts = [];
    else this.#parts.push(bytes);
  }

  /** The row that was collected; starts the next one. */
  take(row: number): TextRow {
    const parts = this.#parts;
    const length = this.#length;
    this.#parts = [];
    this.#length = 0;
    if (length > this.#limit) return { row, fault: "too-large" };
    const bytes = parts.length === 1 ? asBuffer(parts[0] as Uint8Array) : Buffer.concat(parts);
    return isUtf8(bytes) ? { row, text: bytes.toString("utf8") } : { row, fault: "invalid-utf8" };
  }
}

/** The lines of a byte stream, in batches of what one chunk completed. Blank lines are counted and left out. */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>, limits: RowLimits): AsyncGenerator<TextRow[]> {
  const pending = new RowBytes(limits.maxRowBytes);
  let row = 0;
  for await (const chunk of withoutByteOrderMark(chunks)) {
    const rows: TextRow[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      pending.add(chunk.subarray(start, end));
      start = end + 1;
      row++;
      pushUnlessBlank(rows, pending.take(row));
    }
    pending.add(chunk.subarray(start));
    yield rows;
  }
  if (pending.length > 0) {
    const rows: TextRow[] = [];
    pushUnlessBlank(rows, lastRow(pending.take(row + 1)));
    yield rows;
  }
}

/** A line feed too few may be a habit of whoever wrote the file, or the trace of a cut. */
function lastRow(row: TextRow): TextRow {
  if ("text" in row) return { ...row, cut: true };
  return row.fault === "invalid-utf8" ? { row: row.row, fault: "cut" } : row;
}

function pushUnlessBlank(rows: TextRow[], row: TextRow): void {
  if ("fault" in row || row.text.trim() !== "") rows.push(row);
}

/** The same bytes without the mark that some editors put first. Empty chunks are left out. */
export async function* withoutByteOrderMark(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | null = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (head === null) {
      if (chunk.length > 0) yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < BYTE_ORDER_MARK.length) continue;
    const marked = BYTE_ORDER_MARK.equals(head.subarray(0, BYTE_ORDER_MARK.length));
    const first = marked ? head.subarray(BYTE_ORDER_MARK.length) : head;
    head = null;
    if (first.length > 0) yield first;
  }
  if (head !== null && head.length > 0) yield head;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
