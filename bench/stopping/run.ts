// npx tsx bench/stopping/run.ts [--moments N] [--python X]: how long every verb takes to end after Ctrl-C, filters on.
// Each is stopped at random moments of its run; the time is from the signal to the end of the process.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { packagePath } from "../../src/base/package-root.ts";

const { values } = parseArgs({
  options: { moments: { type: "string", default: "10" }, python: { type: "string" } },
});
const PROGRAMS = 3_000;
const RECORDS = 2_000;
/** Milliseconds of a run before which it is stopped. */
const LATEST = 4_000;

const RECIPE =
  "name: set\nlicence: mit\nrenderer: statelens\nfilters: [round-trip, imports]\nsplit: {validation: 0.1}\n";

const folder = mkdtempSync(join(tmpdir(), "tracemill-"));
const at = (name: string): string => join(folder, name);
const python = values.python === undefined ? [] : ["--python", values.python];
const moments = Number(values.moments);

/** The arguments of a run that goes on for longer than it is let. */
const VERBS: Readonly<Record<string, (n: number) => string[]>> = {
  trace: (n) => [
    "trace",
    at("in.jsonl"),
    "--as",
    "statelens",
    "--filter",
    "egr,round-trip",
    "-o",
    at(`t${n}`),
    ...python,
  ],
  inspect: (n) => ["inspect", at("in.jsonl"), "-o", at(`i${n}`), ...python],
  render: (n) => ["render", at("in.tmr"), "--as", "events", "-o", at(`r${n}`)],
  dataset: (n) => ["dataset", at("set.yaml"), "--input", at("in.jsonl"), "-o", at(`d${n}`), ...python],
};

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [packagePath("dist", "app", "cli", "main.js"), ...args], { stdio: "ignore" });
}

/** Milliseconds from the signal to the end; null: the run had ended before. */
async function stopTime(args: readonly string[], after: number): Promise<number | null> {
  const child = start(args);
  const ended = once(child, "close");
  await Promise.race([sleep(after), ended]);
  if (child.exitCode !== null) return null;
  const stopped = performance.now();
  child.kill("SIGINT");
  await ended;
  return performance.now() - stopped;
}

function program(i: number): string {
  const code = `def f(n):\n    s = sum(range(300000))\n    for k in range(n):\n        s += k\n    return s + ${i}`;
  return `${JSON.stringify({ id: `p${i}`, code, entry: "f(60)" })}\n`;
}

try {
  writeFileSync(at("in.jsonl"), Array.from({ length: PROGRAMS }, (_, i) => program(i)).join(""));
  writeFileSync(at("set.yaml"), RECIPE);
  await once(start(["trace", at("in.jsonl"), "--limit", String(RECORDS), "-o", at("in.tmr"), ...python]), "close");
  for (const [verb, args] of Object.entries(VERBS)) {
    const times: number[] = [];
    let early = 0;
    for (let n = 0; n < moments; n++) {
      const time = await stopTime(args(n), 50 + Math.random() * LATEST);
      if (time === null) early++;
      else times.push(Math.round(time));
    }
    times.sort((a, b) => a - b);
    const most = times.at(-1) ?? 0;
    console.log(
      `${verb.padEnd(8)} most ${most} ms; ${times.join(" ")}${early === 0 ? "" : `; ${early} had ended before`}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
