import { type ProcessState, ROLES, type Role } from "./process-tree.ts";

/** The memory of a run at one moment. */
export interface Sample {
  seconds: number;
  processes: ProcessState[];
}

/** Programs that were written by then. */
export interface Mark {
  seconds: number;
  programs: number;
}

/** Memory of all processes of one role over a run, MiB. */
export interface RoleCurve {
  role: Role;
  /** At the same time, at most. */
  processes: number;
  /** One per sample, from the first one that counts. */
  rss: number[];
  pss: number[] | null;
  mean: number;
  peak: number;
  /** MiB per million programs: the median between any two samples, over all and over the second half. */
  slope: number;
  laterSlope: number;
  /** Null where there were too few programs to tell. */
  flat: boolean | null;
}

/**
 * Growth over the whole run that is called flat, as a share of the mean: hardly any at the rate of the second half, where
 * a leak would go on, and little in all, since V8 sizes its heaps for some seconds after the first 1 %.
 */
const FLAT = { second: 0.05, whole: 0.2 };
/** Below that many programs the first 1 % is over before everything has been compiled. */
const LEAST_PROGRAMS = 500_000;
const BARS = "▁▂▃▄▅▆▇█";

/** The curves from the first 1 % of the programs on, when everything has been started and compiled. */
export function roleCurves(samples: readonly Sample[], marks: readonly Mark[], programs: number): RoleCurve[] {
  const counted = samples
    .map((sample) => ({ ...sample, programs: programsAt(sample.seconds, marks) }))
    .filter((sample) => sample.programs >= programs / 100);
  // When programs were last known to be left: at the end Node hashes what it wrote, which is no part of a slope.
  const worked = Math.max(0, ...marks.filter((mark) => mark.programs < programs).map((mark) => mark.seconds));
  return ROLES.flatMap((role) => {
    const own = counted.map((sample) => sample.processes.filter((process) => process.role === role));
    if (own.every((processes) => processes.length === 0)) return [];
    const rss = own.map((processes) => mebibytes(processes.map((process) => process.rss)));
    const known = own.every((processes) => processes.every((process) => process.pss !== null));
    const pss = known ? own.map((processes) => mebibytes(processes.map((process) => process.pss ?? 0))) : null;
    const at = counted.filter(({ seconds }) => seconds <= worked).map((sample) => sample.programs / 1e6);
    const half = Math.floor(at.length / 2);
    const mean = rss.reduce((sum, value) => sum + value, 0) / rss.length;
    const slope = medianSlope(at, rss);
    const laterSlope = medianSlope(at.slice(half), rss.slice(half, at.length));
    const share = programs / 1e6 / mean;
    const flat = slope * share <= FLAT.whole && laterSlope * share <= FLAT.second;
    return [
      {
        role,
        processes: Math.max(...own.map((processes) => processes.length)),
        rss,
        pss,
        mean,
        peak: Math.max(...rss),
        slope,
        laterSlope,
        flat: programs < LEAST_PROGRAMS ? null : flat,
      },
    ];
  });
}

/** Linear between the marks. */
export function programsAt(seconds: number, marks: readonly Mark[]): number {
  let before: Mark = { seconds: 0, programs: 0 };
  for (const mark of marks) {
    if (mark.seconds >= seconds) {
      const share = (seconds - before.seconds) / Math.max(mark.seconds - before.seconds, 1e-9);
      return before.programs + share * (mark.programs - before.programs);
    }
    before = mark;
  }
  return before.programs;
}

/**
 * The median of the slopes between any two points (Theil and Sen); 0 for fewer than two. A moment in which the garbage
 * collector gave memory back bends a line of least squares, but not this one; a leak is in nearly all pairs.
 */
export function medianSlope(x: readonly number[], y: readonly number[]): number {
  const slopes: number[] = [];
  for (let i = 0; i < x.length; i++) {
    for (let j = i + 1; j < x.length; j++) {
      const dx = (x[j] as number) - (x[i] as number);
      if (dx > 0) slopes.push(((y[j] as number) - (y[i] as number)) / dx);
    }
  }
  slopes.sort((a, b) => a - b);
  const middle = slopes.length >> 1;
  if (slopes.length % 2 === 1) return slopes[middle] as number;
  return slopes.length === 0 ? 0 : ((slopes[middle - 1] as number) + (slopes[middle] as number)) / 2;
}

/** At most `width` bars, each the greatest value of its share; the lowest bar is 0. */
export function sparkline(values: readonly number[], width: number): string {
  const most = Math.max(...values);
  const columns = Math.min(width, values.length);
  return Array.from({ length: columns }, (_, i) => {
    const from = Math.floor((i * values.length) / columns);
    const to = Math.max(from + 1, Math.floor(((i + 1) * values.length) / columns));
    const value = Math.max(...values.slice(from, to));
    return BARS[Math.min(BARS.length - 1, Math.floor((value / most) * BARS.length))];
  }).join("");
}

/** One line per sample and process. */
export function toCsv(samples: readonly Sample[], marks: readonly Mark[]): string {
  const lines = ["seconds,programs,role,pid,rss_kib,pss_kib,cpu_s"];
  for (const { seconds, processes } of samples) {
    const programs = Math.round(programsAt(seconds, marks));
    for (const { role, pid, rss, pss, cpu } of processes) {
      lines.push([seconds.toFixed(1), programs, role, pid, rss, pss ?? "", cpu].join(","));
    }
  }
  return `${lines.join("\n")}\n`;
}

function mebibytes(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / 1024;
}
