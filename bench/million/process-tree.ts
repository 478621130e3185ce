import { readdirSync, readFileSync } from "node:fs";

export const ROLES = ["node", "supervisor", "executor"] as const;
/** What a process of a run does: Node itself, the tracer processes, and the children of theirs that run programs. */
export type Role = (typeof ROLES)[number];

/** One process at one moment; kibibytes, and seconds of CPU time with those of its children that ended. */
export interface ProcessState {
  pid: number;
  role: Role;
  rss: number;
  /** Shared pages divided among those who share them; null where the kernel does not tell. */
  pss: number | null;
  cpu: number;
}

/** Units of the times in /proc, on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** The process and all below it; those that end while this looks are left out. */
export function processTree(root: number): ProcessState[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const fields = statFields(`/proc/${name}/stat`);
    if (fields !== null) parents.set(Number(name), Number(fields[1]));
  }
  const states: ProcessState[] = [];
  for (const pid of parents.keys()) {
    const depth = depthBelow(pid, root, parents);
    if (depth === null) continue;
    const state = readState(pid, ROLES[Math.min(depth, 2)] as Role);
    if (state !== null) states.push(state);
  }
  return states;
}

/** Seconds of CPU time of a process's first thread, where Node runs JavaScript; null when it has ended. */
export function mainThreadCpu(pid: number): number | null {
  const fields = statFields(`/proc/${pid}/task/${pid}/stat`);
  return fields === null ? null : (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Seconds that all cores of the machine together were busy since it started. */
export function machineCpu(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = readFileSync("/proc/stat", "utf8")
    .split("\n", 1)
    .join()
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq) / TICKS_PER_SECOND;
}

function depthBelow(pid: number, root: number, parents: ReadonlyMap<number, number>): number | null {
  let at: number | undefined = pid;
  for (let depth = 0; at !== undefined && depth < 8; depth++) {
    if (at === root) return depth;
    at = parents.get(at);
  }
  return null;
}

function readState(pid: number, role: Role): ProcessState | null {
  const status = readText(`/proc/${pid}/status`);
  const fields = statFields(`/proc/${pid}/stat`);
  const rss = status === null ? null : kibibytes(status, "VmRSS");
  if (rss === null || fields === null) return null;
  const rollup = readText(`/proc/${pid}/smaps_rollup`);
  const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
  return { pid, role, rss, pss: rollup === null ? null : kibibytes(rollup, "Pss"), cpu: ticks / TICKS_PER_SECOND };
}

function kibibytes(text: string, name: string): number | null {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text);
  return found === null ? null : Number(found[1]);
}

/** From the state on: the name before it may hold anything. */
function statFields(path: string): string[] | null {
  const text = readText(path);
  return text === null ? null : text.slice(text.lastIndexOf(")") + 2).split(" ");
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
