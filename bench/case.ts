import type { Measurement } from "./measure.ts";

/** What a case is told; every case runs in a process of its own. */
export interface CaseContext {
  /** As --python; the engine's own default without it. */
  python: string | undefined;
  /** The interpreter's executable, for the baselines that run Python themselves. */
  executable: string;
  /** Fewer and smaller rounds, to see that the benchmarks work. */
  short: boolean;
  /** An empty folder. */
  folder: string;
}

export interface BenchCase {
  name: string;
  title: string;
  run(context: CaseContext): Promise<Measurement[]>;
}
