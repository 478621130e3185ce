import { UsageError } from "../../base/errors.ts";
import type { Benchmark } from "./benchmark.ts";
import { lcbExec } from "./lcb-exec.ts";

export const BENCHMARKS: readonly Benchmark[] = [lcbExec];

/** Throws UsageError for a name that none has. */
export function findBenchmark(name: string): Benchmark {
  const found = BENCHMARKS.find((benchmark) => benchmark.name === name);
  if (found !== undefined) return found;
  const known = BENCHMARKS.map((benchmark) => benchmark.name).join(", ");
  throw new UsageError("bad-benchmark", `There is no benchmark ${JSON.stringify(name)}; give one of ${known}.`);
}
