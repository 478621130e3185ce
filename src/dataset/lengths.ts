/** How long the rows of a split are, in characters. */
export interface LengthReport {
  rows: number;
  min: number;
  median: number;
  p95: number;
  max: number;
}

export function lengthReport(lengths: readonly number[]): LengthReport {
  const sorted = Float64Array.from(lengths).sort();
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { rows: sorted.length, min: at(0), median: at(0.5), p95: at(0.95), max: at(1) };
}
