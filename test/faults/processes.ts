// The tracer processes of a run, by what they are for.
import { readFileSync } from "node:fs";
import { tracerProcesses } from "../native/engine-processes.ts";

export interface TracerTree {
  supervisor: number;
  executors: number[];
}

/** Of every worker thread of `node`. */
export function tracerTrees(node: number): TracerTree[] {
  const all = tracerProcesses(node).map((pid) => ({ pid, parent: parentOf(pid) }));
  const pids = new Set(all.map(({ pid }) => pid));
  const supervisors = all.filter(({ parent }) => !pids.has(parent));
  return supervisors.map(({ pid: supervisor }) => {
    const executors = all.filter(({ parent }) => parent === supervisor).map(({ pid }) => pid);
    return { supervisor, executors };
  });
}

/** Whatever is left of them. */
export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Ended in the meantime.
    }
  }
}

function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return 0;
  }
}
