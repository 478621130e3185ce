// The published way to shorten loops in StateLens traces: from rendered lines and their indentation alone, without a
// grammar. Its losses (a loop's last header check, loops without a recorded body) belong to the format.

const SHOWN_HEAD = 2;
const SHOWN_WHOLE = 3;

export interface LineRecord {
  readonly line: number;
  /** Source of the line without its indentation. */
  readonly text: string;
  /** Width of the indentation. */
  readonly indent: number;
  /** The line as the full trace shows it. */
  readonly rendered: string;
  /** Of a loop's header: iterations that ran before it and were not recorded. */
  readonly missing: number;
}

interface OpenLoop {
  readonly line: number;
  readonly text: string;
  readonly indent: number;
  /** Their lines; a number for as many that were not recorded. */
  readonly iterations: (string[] | number)[];
  current: string[];
  /** The header that ran last; shown once something deeper follows it. */
  pending: string | null;
}

/** The lines of a shortened trace; null: iterations are missing of a loop that is none here. */
export function skipLoops(records: Iterable<LineRecord>): string[] | null {
  const output: string[] = [];
  const open: OpenLoop[] = [];
  for (const record of records) {
    for (const loop of open) {
      if (loop.pending === null || loop.indent >= record.indent) continue;
      loop.current.push(loop.pending);
      loop.pending = null;
    }
    closeLoops(open, output, (loop) => record.indent <= loop.indent && !isHeaderOf(record, loop));
    const top = open.at(-1);
    if (record.missing > 0 && (top === undefined || !isHeaderOf(record, top))) return null;
    if (record.text.startsWith("for ") || record.text.startsWith("while ")) enterLoop(open, top, record);
    else (top?.current ?? output).push(record.rendered);
  }
  closeLoops(open, output, () => true);
  return output;
}

function isHeaderOf(record: LineRecord, loop: OpenLoop): boolean {
  return record.line === loop.line && record.text === loop.text;
}

function enterLoop(open: OpenLoop[], top: OpenLoop | undefined, record: LineRecord): void {
  if (top !== undefined && isHeaderOf(record, top)) {
    finishIteration(top);
    // Where those before it left no lines, those that are missing would have left none.
    if (record.missing > 0 && top.iterations.length > 0) top.iterations.push(record.missing);
    top.pending = record.rendered;
    return;
  }
  const { line, text, indent, rendered } = record;
  open.push({ line, text, indent, iterations: [], current: [], pending: rendered });
}

function finishIteration(loop: OpenLoop): void {
  if (loop.current.length > 0) loop.iterations.push(loop.current);
  loop.current = [];
}

function closeLoops(open: OpenLoop[], output: string[], ends: (loop: OpenLoop) => boolean): void {
  for (let top = open.at(-1); top !== undefined && ends(top); top = open.at(-1)) {
    open.pop();
    finishIteration(top);
    const parent = open.at(-1);
    const into = parent?.current ?? output;
    for (const line of shorten(top, parent === undefined)) into.push(line);
  }
}

function* shorten(loop: OpenLoop, topLevel: boolean): Iterable<string> {
  const counts = loop.iterations.map((lines) => (typeof lines === "number" ? lines : 1));
  const total = counts.reduce((sum, count) => sum + count, 0);
  let number = 0;
  let marked = false;
  for (const [i, lines] of loop.iterations.entries()) {
    number += counts[i] as number;
    const skipped = total > SHOWN_WHOLE && number > SHOWN_HEAD && number < total;
    if (skipped && !marked) yield* marker(loop, total, topLevel);
    if (skipped) marked = true;
    if (skipped || typeof lines === "number") continue;
    if (topLevel) yield `=== Iteration ${number} ===`;
    yield* lines;
  }
}

function* marker(loop: OpenLoop, total: number, topLevel: boolean): Iterable<string> {
  const first = SHOWN_HEAD + 1;
  const range = total - 1 === first ? `${first}` : `${first} to ${total - 1}`;
  const text = `Iterations ${range} skipped for \`Line ${loop.line}\``;
  if (topLevel) {
    yield `=== ${text} ===`;
    yield "...";
  } else {
    yield `... (${text})`;
  }
}
