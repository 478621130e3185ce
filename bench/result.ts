import type { Measurement } from "./measure.ts";

export interface CaseResult {
  name: string;
  title: string;
  measurements: Measurement[];
}

/** What `npm run bench -- --json FILE` writes. */
export interface BenchResult {
  machine: { cpu: string; cores: number; memoryGiB: number; kernel: string; loadBefore: number };
  versions: { tracemill: string; node: string; python: string };
  date: string;
  short: boolean;
  cases: CaseResult[];
}

export function shown({ median, spread, unit }: Measurement): string {
  const digits = Math.abs(median) >= 100 ? 0 : Math.abs(median) >= 10 ? 1 : 3;
  return `${median.toFixed(digits)} ${unit} ±${(spread * 100).toFixed(1)} %`;
}
