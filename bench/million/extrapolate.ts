const NODE_CORES = 64;
/** The largest published corpus of execution traces. */
const CORPUS_TRACES = 200e6;

export interface Measured {
  programs: number;
  seconds: number;
  cores: number;
  bytes: number;
  /** Seconds of CPU time of all its processes. */
  cpu: number;
  /** Cores that other jobs of the machine kept busy meanwhile. */
  others: number;
  /** Seconds of CPU time of Node's first thread, which hands out and writes everything of one run. */
  mainThread: number;
}

/** What the measured rate means for more cores and more traces, with the arithmetic; it assumes that cores add up. */
export function extrapolation({ programs, seconds, cores, bytes, cpu, others, mainThread }: Measured): string[] {
  const rate = programs / seconds;
  // On a busy machine the time that passed says what was left for the run; its CPU time says what it needs.
  const perCore = Math.max(rate / cores, programs / cpu);
  const node = perCore * NODE_CORES;
  const ceiling = programs / mainThread;
  const shards = Math.ceil(node / (0.8 * ceiling));
  const hours = CORPUS_TRACES / node / 3_600;
  const here = CORPUS_TRACES / rate / 3_600;
  const terabytes = (bytes / programs) * (CORPUS_TRACES / 1e12);
  const whole = (value: number): string => Math.round(value).toLocaleString("en");
  return [
    `per core: ${whole(rate)} programs/s / ${cores} cores = ${whole(rate / cores)} per s of time; ${whole(programs)} / ${cpu.toFixed(0)} s = ${whole(programs / cpu)} per s of CPU time`,
    `  (other jobs kept ${others.toFixed(2)} cores busy; what follows takes the larger one, ${whole(perCore)})`,
    `one run: its first thread took ${mainThread.toFixed(1)} s, so it cannot pass ${whole(programs)} / ${mainThread.toFixed(1)} s = ${whole(ceiling)} programs/s`,
    `${NODE_CORES} cores: ${whole(perCore)} x ${NODE_CORES} = ${whole(node)} programs/s, as ${shards} runs with --shard i/${shards} (each at most 80 % of what one can)`,
    `200 million: 2e8 / ${whole(node)} per s = ${hours.toFixed(1)} h on ${NODE_CORES} cores, 2e8 / ${whole(rate)} per s = ${here.toFixed(1)} h here`,
    `their size: ${Math.round(bytes / programs)} bytes x 2e8 = ${terabytes.toFixed(2)} TB`,
    "Assumed, not measured: that cores add up, and that the disk keeps pace.",
  ];
}
