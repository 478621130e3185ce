import type { Chat } from "./prompt.ts";

/** How long the rows of a split are. */
export interface Lengths {
  min: number;
  median: number;
  p95: number;
  max: number;
}

/** `min` and the like are characters. */
export interface LengthReport extends Lengths {
  rows: number;
  /** In tokens. */
  tokens?: Lengths;
}

/** What is known of one row's length. */
export interface RowLength {
  readonly chars: number;
  /** Null: nothing counts them. */
  readonly tokens: number | null;
}

export function charsOf(chat: Chat): number {
  return textsOf(chat).reduce((sum, text) => sum + text.length, 0);
}

/** What a model reads and writes of a row, of two answers the longer one. */
export function textsOf({ system, user, answer, rejected }: Chat): [system: string, user: string, answer: string] {
  const said = rejected !== null && rejected.length > answer.length ? rejected : answer;
  return [system ?? "", user ?? "", said];
}

export function lengthReport(rows: readonly RowLength[]): LengthReport {
  const report = { rows: rows.length, ...lengthsOf(rows.map(({ chars }) => chars)) };
  const tokens = rows.flatMap(({ tokens }) => (tokens === null ? [] : [tokens]));
  if (tokens.length === 0) return report;
  return { ...report, tokens: lengthsOf(tokens) };
}

function lengthsOf(lengths: readonly number[]): Lengths {
  const sorted = Float64Array.from(lengths).sort();
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { min: at(0), median: at(0.5), p95: at(0.95), max: at(1) };
}
