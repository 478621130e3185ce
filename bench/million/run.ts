// npx tsx bench/million/run.ts [--count N] [--short] [--as FORMAT] [--out FOLDER] ...: see bench/README.md.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, rm, statfs, writeFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { packagePath } from "../../src/base/package-root.ts";
import { type Account, account } from "./account.ts";
import { type Mark, type RoleCurve, roleCurves, type Sample, sparkline, toCsv } from "./curve.ts";
import { extrapolation } from "./extrapolate.ts";
import { machineCpu, mainThreadCpu, processTree } from "./process-tree.ts";

const SAMPLE_MS = 1_000;
/** More than a program takes in any format, so that the disk is not filled. */
const BYTES_PER_PROGRAM = 16_384;

const { values } = parseArgs({
  options: {
    count: { type: "string" },
    short: { type: "boolean", default: false },
    as: { type: "string", default: "record" },
    seed: { type: "string", default: "1" },
    workers: { type: "string", default: String(cpus().length) },
    python: { type: "string" },
    out: { type: "string", default: packagePath("build", "million") },
    keep: { type: "boolean", default: false },
  },
});
const count = Number(values.count ?? (values.short ? 20_000 : 1_000_000));
const seed = Number(values.seed);
const workers = Number(values.workers);
const cli = packagePath("dist", "app", "cli", "main.js");
if (![count, seed, workers].every(Number.isSafeInteger) || count < 1) {
  console.error("--count, --seed and --workers are whole numbers");
  process.exit(2);
}
if (!existsSync(cli)) {
  console.error("The compiled command line is what is measured, and it is missing. Fix: npm run build");
  process.exit(1);
}

/** A run of the command line, watched from outside. */
interface Watched {
  seconds: number;
  samples: Sample[];
  marks: Mark[];
  mainThread: number;
  /** CPU seconds of the run, and of everything else on the machine. */
  cpu: number;
  others: number;
}

await mkdir(values.out, { recursive: true });
const output = join(values.out, values.as === "record" ? "million.tmr" : `million.${values.as}.jsonl`);
const { bavail, bsize } = await statfs(values.out);
if (bavail * bsize < count * BYTES_PER_PROGRAM) {
  console.error(`${values.out} has not the ${count * BYTES_PER_PROGRAM} bytes that ${count} programs may take: --out`);
  process.exit(1);
}
console.log(
  `${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}, load before ${loadavg()[0]?.toFixed(2)}`,
);
const watched = await watch(startRun());
const found = await account(output, seed, count);
const curves = roleCurves(watched.samples, watched.marks, count);
await writeFile(join(values.out, "memory.csv"), toCsv(watched.samples, watched.marks));
report(watched, found, curves);
if (!values.keep) {
  for (const suffix of ["", ".rejected.jsonl", ".manifest.json"]) await rm(`${output}${suffix}`, { force: true });
}
process.exitCode = curves.some(({ flat }) => flat === false) ? 1 : 0;

function startRun(): ChildProcess {
  const args = ["trace", "--source", "generate", "--seed", values.seed, "--count", String(count)];
  args.push("--as", values.as, "--workers", values.workers, "--force", "--json", "-o", output);
  if (values.python !== undefined) args.push("--python", values.python);
  return spawn(process.execPath, [cli, ...args], { stdio: ["ignore", "pipe", "pipe"] });
}

async function watch(child: ChildProcess): Promise<Watched> {
  const { pid, stdout, stderr } = child;
  if (pid === undefined || stdout === null || stderr === null) throw new Error("the run did not start");
  const started = performance.now();
  const busyBefore = machineCpu();
  const elapsed = (): number => (performance.now() - started) / 1_000;
  const result: Watched = { seconds: 0, samples: [], marks: [], mainThread: 0, cpu: 0, others: 0 };
  const sample = (): void => {
    const processes = processTree(pid);
    const cpu = processes.reduce((sum, process) => sum + process.cpu, 0);
    if (processes.length === 0 || cpu < result.cpu) return;
    result.samples.push({ seconds: elapsed(), processes });
    result.mainThread = mainThreadCpu(pid) ?? result.mainThread;
    result.cpu = cpu;
    result.others = machineCpu() - busyBefore - cpu;
  };
  const timer = setInterval(sample, SAMPLE_MS);
  const said = text(stdout);
  const ended = once(child, "close");
  for await (const line of createInterface({ input: stderr })) {
    const programs = /^\{"progress":.*"programs":(\d+)/.exec(line)?.[1];
    if (programs === undefined) console.log(line);
    else result.marks.push({ seconds: elapsed(), programs: Number(programs) });
  }
  const [status] = (await ended) as [number | null];
  clearInterval(timer);
  result.seconds = elapsed();
  if (status !== 0) throw new Error(`the run ended with status ${status}: ${await said}`);
  const { counts } = JSON.parse(await said) as { counts: { programs: number; statuses: Record<string, number> } };
  if (counts.programs !== count) throw new Error(`${counts.programs} programs were run instead of ${count}`);
  console.log(`statuses: ${JSON.stringify(counts.statuses)}`);
  return result;
}

function report(run: Watched, { rows, rejected, bytes, events }: Account, curves: readonly RoleCurve[]): void {
  const { seconds, cpu, others, mainThread } = run;
  const lines = [
    `${count} programs in ${seconds.toFixed(1)} s: ${(count / seconds).toFixed(0)} programs/s, start and end included`,
    `every id once and in order: ${rows} rows and ${rejected} rejected of ${count}`,
    `${bytes} bytes, ${(bytes / count).toFixed(0)} per program`,
  ];
  if (events !== null) {
    const each = `${(events / count).toFixed(1)} per program, ${(bytes / events).toFixed(2)} bytes per event`;
    lines.push(
      `${events} events, ${each} (the programs' sources included), ${(events / seconds / 1e6).toFixed(2)} million/s`,
    );
  }
  lines.push(
    `CPU: ${cpu.toFixed(0)} s of this run, ${others.toFixed(0)} s of other jobs (${(others / seconds).toFixed(2)} cores), load ${loadavg()[0]?.toFixed(2)}`,
    "",
    "resident memory after the first 1 % of the programs, MiB; slopes in MiB per million programs",
    "role        n   mean   peak  slope  of 2nd half  verdict    from 0 to the peak, over time",
  );
  for (const { role, processes, mean, peak, slope, laterSlope, flat, rss, pss } of curves) {
    const numbers = [mean, peak, slope].map((value) => value.toFixed(1).padStart(6)).join(" ");
    const verdict = flat === null ? "too short" : flat ? "flat" : "NOT FLAT";
    lines.push(
      `${role.padEnd(11)} ${processes} ${numbers} ${laterSlope.toFixed(1).padStart(12)}  ${verdict.padEnd(9)}  ${sparkline(rss, 40)}`,
    );
    if (pss !== null) lines.push(`  of it its own (PSS): peak ${Math.max(...pss).toFixed(1)}`);
  }
  lines.push(
    "",
    ...extrapolation({ programs: count, seconds, cores: workers, bytes, cpu, others: others / seconds, mainThread }),
  );
  console.log(lines.join("\n"));
}
