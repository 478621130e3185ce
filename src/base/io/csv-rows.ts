import { RowBytes, type RowLimits, type TextRow, withoutByteOrderMark } from "./rows.ts";

const QUOTE = 0x22;
const LINE_FEED = 0x0a;

/**
 * The rows below the header of a table in text (RFC 4180), as JSON objects of strings; a cell that is empty and not quoted
 * is null. `row` counts rows, the header not among them. The quotes of a cell may hold line ends, so a lost quote costs
 * all rows up to the next one.
 */
export async function* csvRows(
  chunks: AsyncIterable<Uint8Array>,
  separator: "," | "\t",
  limits: RowLimits,
): AsyncGenerator<TextRow[]> {
  let header: readonly (string | null)[] | null = null;
  for await (const records of splitRecords(chunks, limits)) {
    const rows: TextRow[] = [];
    for (const record of records) {
      if ("fault" in record) {
        rows.push(header === null ? record : { ...record, row: record.row - 1 });
        continue;
      }
      const cells = cellsOf(record.text, separator);
      if (header === null && cells !== null) header = cells;
      else rows.push(rowOf(record.row - 1, header, cells, record.cut ?? false));
    }
    yield rows;
  }
}

function rowOf(
  row: number,
  header: readonly (string | null)[] | null,
  cells: readonly (string | null)[] | null,
  cut: boolean,
): TextRow {
  if (header === null || cells === null || cells.length !== header.length) {
    return { row, fault: cut ? "cut" : "wrong-cells" };
  }
  const members = header.map((name, i) => `${JSON.stringify(name ?? "")}:${JSON.stringify(cells[i])}`);
  return { row, text: `{${members.join(",")}}` };
}

/** Records are separated by line ends outside of quotes; blank ones are left out and not counted. */
async function* splitRecords(chunks: AsyncIterable<Uint8Array>, limits: RowLimits): AsyncGenerator<TextRow[]> {
  const pending = new RowBytes(limits.maxRowBytes);
  let quoted = false;
  let row = 0;
  const take = (into: TextRow[]): void => {
    const record = pending.take(row + 1);
    if ("text" in record && record.text.trim() === "") return;
    row++;
    into.push(record);
  };
  for await (const chunk of withoutByteOrderMark(chunks)) {
    const records: TextRow[] = [];
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      if (chunk[at] === QUOTE) quoted = !quoted;
      else if (chunk[at] === LINE_FEED && !quoted) {
        pending.add(chunk.subarray(start, at));
        start = at + 1;
        take(records);
      }
    }
    pending.add(chunk.subarray(start));
    yield records;
  }
  if (pending.length === 0) return;
  const last: TextRow[] = [];
  take(last);
  yield last.map((record) => {
    if ("text" in record) return quoted ? { row: record.row, fault: "cut" } : { ...record, cut: true };
    return record.fault === "invalid-utf8" ? { row: record.row, fault: "cut" } : record;
  });
}

/** Null for a record whose quotes are not those of cells. */
function cellsOf(record: string, separator: string): (string | null)[] | null {
  const text = record.endsWith("\r") ? record.slice(0, -1) : record;
  const cells: (string | null)[] = [];
  for (let at = 0; ; at++) {
    if (text[at] === '"') {
      let end = text.indexOf('"', at + 1);
      while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
      if (end < 0) return null;
      cells.push(text.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 1;
    } else {
      const end = text.indexOf(separator, at);
      const cell = text.slice(at, end < 0 ? text.length : end);
      if (cell.includes('"')) return null;
      cells.push(cell === "" ? null : cell);
      at += cell.length;
    }
    if (at >= text.length) return cells;
    if (text[at] !== separator) return null;
  }
}
