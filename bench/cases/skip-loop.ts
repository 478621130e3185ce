import { readdirSync, readFileSync } from "node:fs";
import type { BenchCase, CaseContext } from "../case.ts";
import { mustFinish, wallSeconds, warmTracer } from "../engine.ts";
import { interleaved, measurement } from "../measure.ts";
import { scalarLoop } from "../programs.ts";

export const skipLoopCase: BenchCase = {
  name: "skip-loop",
  title: "loop of scalars, only its first and last iterations recorded",
  async run(context) {
    const program = scalarLoop(context.short ? 1_000_000 : 10_000_000);
    await using skipping = await openFor(context, "trace");
    await using untraced = await openFor(context, "untraced");
    await using emptyHook = await openFor(context, "empty-hook");
    const rounds = await interleaved(
      {
        skipping: () => wallSeconds(skipping, [program]),
        untraced: () => wallSeconds(untraced, [program]),
        emptyHook: () => wallSeconds(emptyHook, [program]),
      },
      context.short ? 3 : 9,
    );
    await mustFinish(skipping, [program]);
    return [
      measurement(
        "skipping / untraced",
        "x",
        rounds.map((r) => r.skipping / r.untraced),
        { budget: 3 },
      ),
      measurement(
        "C hook that does nothing / untraced",
        "x",
        rounds.map((r) => r.emptyHook / r.untraced),
      ),
      measurement("peak memory of the largest tracer process", "MB", [peakOfChildren()], { budget: 100 }),
    ];
  },
};

/** The most memory that a process below this one has held (VmHWM), in MB; they are tracer processes. */
function peakOfChildren(): number {
  const peaks = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => status(pid))
    .filter((text) => /^Name:\s+tracemill-host$/m.test(text) && isBelow(text))
    .map((text) => Number(/^VmHWM:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0));
  return Math.max(0, ...peaks) / 1024;
}

function isBelow(text: string): boolean {
  for (let at = text; at !== ""; ) {
    const parent = /^PPid:\s+(\d+)$/m.exec(at)?.[1] ?? "0";
    if (Number(parent) === process.pid) return true;
    at = parent === "0" ? "" : status(parent);
  }
  return false;
}

/** Empty for a process that has ended. */
function status(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return "";
  }
}

function openFor({ python }: CaseContext, mode: "trace" | "untraced" | "empty-hook") {
  const limits = { maxEvents: 0, timeoutMs: 120_000 } as const;
  return warmTracer({ workers: 1, mode, loops: "skip", timings: true, ...limits, ...(python && { python }) });
}
