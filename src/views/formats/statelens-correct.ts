// StateLens' text without its faults: statements instead of physical lines, calls told apart, and loops as they ran.

import type { Program } from "../../base/schema/program.ts";
import { SourceStatements, type Statement } from "../../python/statements.ts";
import type { Trace } from "../../record/trace/trace.ts";
import { type Elision, hideLoops } from "../walk/hidden-loops.ts";
import { forEachLineState, type RanLine } from "../walk/line-states.ts";
import type { Iteration } from "../walk/loops.ts";
import type { View } from "./renderer.ts";

interface ShownLine extends RanLine {
  readonly statement: Statement | undefined;
}

/** The lines of a trace; without `view.correct` only its loops are shortened. */
export function correctLines(program: Program, trace: Trace, view: View): string[] {
  const statements = new SourceStatements(program.code);
  const ran: RanLine[] = [];
  forEachLineState(program, trace, view, (line) => ran.push(line));
  const tellCalls = view.correct && ran.some(({ call }) => call > 1);
  const lines = view.correct
    ? wholeStatements(ran, statements)
    : ran.map((line) => ({ ...line, statement: undefined }));
  const show = (line: ShownLine): string => lineText(line, statements, tellCalls);
  if (view.loops === null && !trace.loopsSkipped) return lines.map(show);
  return shortenedLoops(lines, trace, statements, view, show);
}

/** One line for the lines that a statement of several took to run, with what was bound after the last. */
export function wholeStatements(ran: readonly RanLine[], statements: SourceStatements): ShownLine[] {
  const lines: (ShownLine | null)[] = [];
  /** By call, where its last line is. */
  const lastOf = new Map<number, number>();
  for (const line of ran) {
    const statement = statements.at(line.line);
    const at = lastOf.get(line.call);
    const before = at === undefined ? null : lines[at];
    const goesOn = statement !== undefined && statement.first !== statement.last && before?.statement === statement;
    if (at !== undefined && goesOn) lines[at] = null;
    lastOf.set(line.call, lines.length);
    lines.push({ ...line, statement });
  }
  return lines.filter((line) => line !== null);
}

function lineText(
  { line, locals, call, statement }: ShownLine,
  statements: SourceStatements,
  tellCalls: boolean,
): string {
  const number = statement?.first ?? line;
  const source = statement === undefined ? (statements.lines[line - 1] ?? "").trimStart() : statements.text(statement);
  const shown = `Line ${number}${tellCalls ? ` [call ${call}]` : ""}: \`${source}\``;
  return locals.length === 0 ? shown : `${shown}; ${locals.join("")}`;
}

function shortenedLoops(
  lines: readonly ShownLine[],
  trace: Trace,
  statements: SourceStatements,
  view: View,
  show: (line: ShownLine) => string,
): string[] {
  const { iterations, elisions, elisionOf, hiddenAt } = hideLoops(trace, statements, view);
  const output: string[] = [];
  let top: Iteration | null = null;
  let leaving: Iteration["loop"] | null = null;
  for (const line of lines) {
    const hidden = hiddenAt(line.event);
    if (hidden !== null) {
      if (leaving !== hidden.loop) output.push(...marker(elisionOf(hidden.loop)));
      leaving = hidden.loop;
      continue;
    }
    leaving = null;
    const outermost = outermostOf(iterations[line.event] ?? null);
    // The check that ends a loop is no iteration.
    if (outermost !== null && outermost !== top && outermost.number <= outermost.loop.total) {
      output.push(`=== Iteration ${outermost.number} ===`);
    }
    top = outermost;
    const elided = elisions.get(line.event);
    if (elided === undefined) output.push(show(line));
    else output.push(...marker(elided));
  }
  return output;
}

function outermostOf(iteration: Iteration | null): Iteration | null {
  let outermost = iteration;
  while (outermost !== null && outermost.loop.around !== null) outermost = outermost.loop.around;
  return outermost;
}

function marker(elision: Elision | null): string[] {
  if (elision === null) return [];
  const { line, from, to, around } = elision;
  const range = from === to ? `${from}` : `${from} to ${to}`;
  const text = `Iterations ${range} skipped for \`Line ${line}\``;
  return around === null ? [`=== ${text} ===`, "..."] : [`... (${text})`];
}
