// Which tracer processes exist below a process, read from /proc.
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

interface Process {
  pid: number;
  parent: number;
  name: string;
  state: string;
}

function read(pid: number): Process | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const close = stat.lastIndexOf(")");
    const [state = "", parent = ""] = stat.slice(close + 2).split(" ");
    return { pid, parent: Number(parent), name: stat.slice(stat.indexOf("(") + 1, close), state };
  } catch {
    return null;
  }
}

/** Supervisors and executors below `ancestor`, without those that ended and wait to be collected. */
export function tracerProcesses(ancestor: number): number[] {
  const all = readdirSync("/proc").flatMap((entry) => (/^\d+$/.test(entry) ? (read(Number(entry)) ?? []) : []));
  const below = new Set([ancestor]);
  for (let size = 0; size !== below.size; ) {
    size = below.size;
    for (const { pid, parent } of all) if (below.has(parent)) below.add(pid);
  }
  return all
    .filter(({ pid, name, state }) => below.has(pid) && name === "tracemill-host" && state !== "Z")
    .map(({ pid }) => pid);
}

/** Which of `pids` still run. */
export function stillRunning(pids: readonly number[]): number[] {
  return pids.filter((pid) => {
    const process = read(pid);
    return process !== null && process.name === "tracemill-host" && process.state !== "Z";
  });
}

/** Waits until `holds`; false when it does not in time. */
export async function eventually(holds: () => boolean, timeoutMs = 5_000): Promise<boolean> {
  for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(10)) if (holds()) return true;
  return holds();
}
