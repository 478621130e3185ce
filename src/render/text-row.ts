import type { Trace } from "../record/trace.ts";
import type { Program } from "../schema/program.ts";

/** What the formats need that are texts. Of skipped loops they show one iteration less than is recorded (gaps.ts). */
export const TEXT_IMPLIES = { objects: "repr", maxValueChars: 0, loopHead: 3 } as const;

/** A trace as text, with what it is a trace of. */
export interface TextRow {
  id: string;
  code: string;
  entry: string | null;
  /** `repr` of the result; null: there is none. */
  result: string | null;
  text: string;
}

export function textRow(program: Program, trace: Trace, text: string): TextRow {
  const { result } = trace.outcome;
  return { id: program.id, code: program.code, entry: program.entry, result: result?.repr ?? null, text };
}

export function textOf(row: unknown): string {
  return (row as TextRow).text;
}
