// npx tsx bench/peers/run.ts [--python X] [--short] [--json FILE]: see bench/README.md.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packagePath } from "../../src/base/package-root.ts";
import { findPython } from "../../src/engine/python/find-python.ts";
import type { Tracer } from "../../src/engine/tracer.ts";
import { run } from "../../test/helpers/run.ts";
import { warmTracer } from "../engine.ts";
import { interleaved, measurement, seconds } from "../measure.ts";
import { processTree } from "../million/process-tree.ts";
import { smallPrograms, toJsonl } from "../programs.ts";
import { peerPython } from "./environment.ts";
import { snoopPipeline } from "./snoop-pipeline.ts";
import { NOT_COMPARABLE, TOOLS, type Tool, TRACEMILL } from "./tools.ts";

const { values } = parseArgs({
  options: { python: { type: "string" }, short: { type: "boolean", default: false }, json: { type: "string" } },
});
const { executable, version } = await findPython(values.python);
const python = await peerPython(executable, version);
const { source, programs } = smallPrograms(values.short ? 100 : 800);
const rounds = values.short ? 3 : 7;
const pipelined = programs.filter((_, i) => i % Math.ceil(programs.length / (values.short ? 5 : 20)) === 0);
const PIPELINE = "snoop, process per program";
const TRACEMILL_PASSES = 5;
const folder = await mkdtemp(join(tmpdir(), "tracemill-peers-"));

/** One pass over the programs. */
interface Pass {
  seconds: number;
  /** CPU time of all processes that took part: what a busy machine changes less than the time that passes. */
  cpu: number;
  bytes: number;
  failed: number;
}

/** By contestant, one per round. */
const passes = new Map<string, Pass[]>();
try {
  const input = join(folder, "programs.jsonl");
  await writeFile(input, toJsonl(programs));
  const { lines } = await peer<{ lines: number }>("untraced", input, "--lines");
  await using tracer = await warmTracer({ workers: 1, python: executable });
  // Caches of the tracer process, as those of the tools, which run some programs before they are measured.
  await traced(tracer, 1);
  const contestants: Record<string, () => Promise<Pass>> = {
    tracemill: () => traced(tracer, TRACEMILL_PASSES),
    untraced: () => peer<Pass>("untraced", input),
    [PIPELINE]: () => pipeline(),
  };
  for (const { name } of TOOLS) contestants[name] = () => peer<Pass>(name, input);
  const timed = Object.entries(contestants).map(([name, pass]) => {
    passes.set(name, []);
    const kept = async (): Promise<number> => {
      const result = await pass();
      passes.get(name)?.push(result);
      return result.seconds;
    };
    return [name, kept] as const;
  });
  await interleaved(Object.fromEntries(timed), rounds);
  report(lines);
  if (values.json !== undefined) {
    const result = { python: version, source, programs: programs.length, lines, passes: Object.fromEntries(passes) };
    await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** The times are those of one pass; several are run, since the kernel counts CPU time in hundredths of a second. */
async function traced(tracer: Tracer, times: number): Promise<Pass> {
  const pass = { seconds: 0, cpu: 0, bytes: 0, failed: 0 };
  const before = treeCpu();
  pass.seconds = await seconds(async () => {
    for (let i = 0; i < times; i++) {
      for await (const { bytes, outcome } of tracer.run(programs)) {
        pass.bytes += bytes.length;
        if (outcome.status !== "ok" && outcome.status !== "exception") pass.failed++;
      }
    }
  });
  pass.cpu = treeCpu() - before;
  return {
    seconds: pass.seconds / times,
    cpu: pass.cpu / times,
    bytes: pass.bytes / times,
    failed: pass.failed / times,
  };
}

/** As for all programs, from those that were run. */
async function pipeline(): Promise<Pass> {
  const before = treeCpu();
  const { seconds: time, failed } = await snoopPipeline(python, pipelined, folder);
  const share = programs.length / pipelined.length;
  return { seconds: time * share, cpu: (treeCpu() - before) * share, bytes: 0, failed };
}

/** Seconds of CPU time of this process, of those below it, and of those that ended. */
function treeCpu(): number {
  return processTree(process.pid).reduce((sum, { cpu }) => sum + cpu, 0);
}

async function peer<T>(...args: string[]): Promise<T> {
  const { status, stdout, stderr } = await run(python, [packagePath("bench", "peers", "peer.py"), ...args]);
  if (status !== 0) throw new Error(`peer.py ${args.join(" ")} ended with status ${status}: ${stderr.trim()}`);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as T;
}

function report(lines: number): void {
  const median = (name: string, of: (pass: Pass, tracemill: Pass, untraced: Pass) => number): number => {
    const all = (passes.get(name) ?? []).map((pass, round) => {
      return of(pass, passes.get("tracemill")?.[round] as Pass, passes.get("untraced")?.[round] as Pass);
    });
    return measurement(name, "", all).median;
  };
  console.log(
    `${cpus()[0]?.model}, Python ${version}, load ${loadavg()[0]?.toFixed(1)}; ${programs.length} programs of ${source}`,
  );
  console.log(`${lines} line events in the entry calls; medians of ${rounds} rounds, of ratios within each\n`);
  console.log("                            programs per second    tracemill is, by");
  console.log(
    "tool                           of time  of CPU    time      CPU      ns/line  bytes/line  failed  records",
  );
  const row = (name: string, records: string): void => {
    const numbers = [
      median(name, (pass) => programs.length / pass.seconds)
        .toFixed(0)
        .padStart(10),
      median(name, (pass) => programs.length / pass.cpu)
        .toFixed(0)
        .padStart(7),
      `${median(name, (pass, ours) => pass.seconds / ours.seconds).toFixed(2)} x`.padStart(10),
      `${median(name, (pass, ours) => pass.cpu / ours.cpu).toFixed(2)} x`.padStart(9),
      median(name, (pass, _, base) => ((pass.cpu - base.cpu) * 1e9) / lines)
        .toFixed(0)
        .padStart(9),
      (median(name, ({ bytes }) => bytes) / lines).toFixed(1).padStart(11),
      median(name, ({ failed }) => failed)
        .toFixed(0)
        .padStart(7),
    ];
    console.log(`${name.padEnd(27)} ${numbers.join(" ")}  ${records}`.trimEnd());
  };
  for (const tool of [TRACEMILL, ...TOOLS]) row(tool.name, recordsOf(tool));
  row(PIPELINE, "");
  row("untraced", "");
  const budget = median(PIPELINE, (pass, ours) => pass.seconds / ours.seconds);
  const kept = budget >= 1_000 ? "within" : "UNDER";
  const sample = `${pipelined.length} of the programs, one after another`;
  console.log(`\ntracemill, one worker / ${PIPELINE} (${sample}): ${budget.toFixed(0)} x, ${kept} budget >= 1000 x`);
  console.log(
    "ns/line: CPU time above untraced, per line of the entry calls. failed: another result than untraced, or none.\n",
  );
  console.log(NOT_COMPARABLE.join("\n"));
}

function recordsOf({ lines, variables, values: shown }: Tool): string {
  return `${lines ? "lines; " : ""}variables: ${variables}; values: ${shown}`;
}
