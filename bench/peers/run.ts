// npx tsx bench/peers/run.ts [--python X] [--short] [--json FILE]: see bench/README.md.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findPython } from "../../src/native/find-python.ts";
import { packagePath } from "../../src/native/package-root.ts";
import { run } from "../../test/helpers/run.ts";
import { warmTracer } from "../engine.ts";
import { interleaved, measurement, seconds } from "../measure.ts";
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
const folder = await mkdtemp(join(tmpdir(), "tracemill-peers-"));

/** What one pass came to, besides its time. */
interface Pass {
  bytes: number;
  failed: number;
}

const passes = new Map<string, Pass>();
try {
  const input = join(folder, "programs.jsonl");
  await writeFile(input, toJsonl(programs));
  const { lines } = await peer<{ lines: number }>("untraced", input, "--lines");
  await using tracer = await warmTracer({ workers: 1, python: executable });
  const tracemill = async (): Promise<number> => {
    const pass = { bytes: 0, failed: 0 };
    const time = await seconds(async () => {
      for await (const { bytes, outcome } of tracer.run(programs)) {
        pass.bytes += bytes.length;
        if (outcome.status !== "ok" && outcome.status !== "exception") pass.failed++;
      }
    });
    passes.set("tracemill", pass);
    return time;
  };
  // Caches of the tracer process, as those of the tools, which run some programs before they are measured.
  await tracemill();
  const contestants: Record<string, () => Promise<number>> = { tracemill, untraced: () => timed("untraced", input) };
  for (const { name } of TOOLS) contestants[name] = () => timed(name, input);
  let pipelineFailed = 0;
  contestants["snoop, process per program"] = async () => {
    const { perSecond, failed } = await snoopPipeline(python, pipelined, folder);
    pipelineFailed = Math.max(pipelineFailed, failed);
    return programs.length / perSecond;
  };
  const results = await interleaved(contestants, rounds);
  report(results, lines, pipelineFailed);
  if (values.json !== undefined) {
    const result = { python: version, source, programs: programs.length, lines, passes: [...passes], rounds: results };
    await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function peer<T>(...args: string[]): Promise<T> {
  const { status, stdout, stderr } = await run(python, [packagePath("bench", "peers", "peer.py"), ...args]);
  if (status !== 0) throw new Error(`peer.py ${args.join(" ")} ended with status ${status}: ${stderr.trim()}`);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as T;
}

async function timed(tool: string, input: string): Promise<number> {
  const { seconds: time, bytes, failed } = await peer<Pass & { seconds: number }>(tool, input);
  passes.set(tool, { bytes, failed });
  return time;
}

function report(results: readonly Record<string, number>[], lines: number, pipelineFailed: number): void {
  const time = (round: Record<string, number>, name: string): number => round[name] ?? Number.NaN;
  const median = (of: (round: Record<string, number>) => number): number => measurement("", "", results.map(of)).median;
  console.log(
    `${cpus()[0]?.model}, Python ${version}, load ${loadavg()[0]?.toFixed(1)}; ${programs.length} programs of ${source}`,
  );
  console.log(`${lines} line events in the entry calls; medians of ${results.length} rounds, one core each\n`);
  console.log("tool                        programs/s  tracemill is  ns/line  bytes/line  failed  records");
  const row = (name: string, tool: Tool | null, pass: Pass | undefined): void => {
    const rate = median((round) => programs.length / time(round, name));
    const ratio = median((round) => time(round, name) / time(round, "tracemill"));
    const each = median((round) => ((time(round, name) - time(round, "untraced")) * 1e9) / lines);
    const what =
      tool === null ? "" : `${tool.lines ? "lines; " : ""}variables: ${tool.variables}; values: ${tool.values}`;
    const bytes = pass === undefined || pass.bytes === 0 ? "" : (pass.bytes / lines).toFixed(1);
    const cells = [
      name.padEnd(27),
      rate.toFixed(rate < 100 ? 1 : 0).padStart(10),
      `${ratio.toFixed(ratio < 10 ? 2 : 0)} x`.padStart(13),
      (name === "untraced" ? "" : each.toFixed(0)).padStart(8),
      bytes.padStart(11),
      String(pass?.failed ?? pipelineFailed).padStart(7),
    ];
    console.log(`${cells.join(" ")}  ${what}`.trimEnd());
  };
  row("tracemill", TRACEMILL, passes.get("tracemill"));
  for (const tool of TOOLS) row(tool.name, tool, passes.get(tool.name));
  row("snoop, process per program", null, undefined);
  row("untraced", null, passes.get("untraced"));
  const budget = median((round) => time(round, "snoop, process per program") / time(round, "tracemill"));
  const kept = budget >= 1_000 ? "within" : "UNDER";
  console.log(
    `\ntracemill / snoop in a process per program (${pipelined.length} of the programs): ${budget.toFixed(0)} x, ${kept} budget >= 1000 x`,
  );
  console.log(
    `ns/line: above untraced, for every line of the entry calls. failed: another result than untraced, or none.\n`,
  );
  console.log(NOT_COMPARABLE.join("\n"));
}
