// npx tsx scripts/packages.ts INPUT... [--python X] [--preload M,N] [--timeout-ms N] [--record-time-ms N] [--memory-mb N]
//                             [--inputs N] [--show N]
//
// Runs every program that imports a third-party package twice, with the same modules preloaded: recorded, and in plain
// CPython (test/packages/plain.py), and compares how it ended, its result (`repr()`, which is part of the program here)
// and what it printed. Prints wall and CPU time of both, package by package, and of the programs where recording costs
// most. What two runs of plain CPython do not agree on (addresses, the time) is counted apart. With --inputs, only so
// many of each source. Exit status 1 when a program differs.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { packagePath } from "../src/base/package-root.ts";
import type { Program } from "../src/base/schema/program.ts";
import { openTracer } from "../src/engine/tracer.ts";
import { readPrograms } from "../src/programs/sources/read.ts";
import { packagesPython } from "../test/packages/environment.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: "string", default: packagesPython("3.13") ?? "" },
    preload: { type: "string", default: "numpy,scipy,pandas,sympy,networkx,gmpy2,z3" },
    "timeout-ms": { type: "string", default: "20000" },
    "record-time-ms": { type: "string", default: "60000" },
    "memory-mb": { type: "string", default: "1024" },
    inputs: { type: "string", default: "1000000" },
    show: { type: "string", default: "10" },
  },
});
if (values.python === "") throw new Error("no environment: scripts/packages-venv.sh, or name one with --python");

interface Run {
  status: string;
  result: string | null;
  exception: string | null;
  stdout: string;
  /** Seconds. */
  wall: number;
  cpu: number;
}

/** The characters of a value that a record shows by default, less room for what says that it is cut. */
const SHOWN = 990;
const IMPORT = /^\s*(?:import|from)\s+(numpy|pandas|scipy|sympy|networkx|sklearn|z3|gmpy2)\b/gm;
const preload = values.preload.split(",").filter((name) => name !== "");

const inputsOf = new Map<string, number>();
const programs: Program[] = [];
for await (const item of readPrograms(positionals)) {
  if (!("program" in item) || packagesOf(item.program.code) === "" || item.program.entry === null) continue;
  const inputs = (inputsOf.get(item.program.code) ?? 0) + 1;
  inputsOf.set(item.program.code, inputs);
  if (inputs > Number(values.inputs)) continue;
  // Notations of records are not compared with Python's own: the program itself makes the text.
  programs.push({ ...item.program, entry: `repr(${item.program.entry})`, expected: undefined });
}

/** `numpy, scipy`: what a program imports of them. */
function packagesOf(code: string): string {
  return [...new Set([...code.matchAll(IMPORT)].map(([, name]) => name))].sort().join(", ");
}

async function plain(programs: readonly Program[]): Promise<Map<string, Run>> {
  const limits = [String(Number(values["timeout-ms"]) / 1_000), values["memory-mb"]];
  const script = packagePath("test", "packages", "plain.py");
  const child = spawn(values.python, ["-I", script, ...limits, ...preload], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { PYTHONHASHSEED: "0", OPENBLAS_NUM_THREADS: "1" },
  });
  child.stdin.end(
    programs
      .map(({ id, code, entry, stdin }) => `${JSON.stringify({ id, code, entry, stdin: stdin ?? "" })}\n`)
      .join(""),
  );
  const runs = new Map<string, Run>();
  for await (const line of createInterface({ input: child.stdout })) {
    const { id, ...run } = JSON.parse(line) as Run & { id: string };
    runs.set(id, run);
  }
  return runs;
}

async function recorded(): Promise<Map<string, Run>> {
  const runs = new Map<string, Run>();
  await using tracer = await openTracer({
    python: values.python,
    preload,
    workers: 1,
    timings: true,
    loops: "skip",
    timeoutMs: Number(values["timeout-ms"]),
    recordTimeMs: Number(values["record-time-ms"]),
    memoryMb: Number(values["memory-mb"]),
  });
  for await (const trace of tracer.run(programs)) {
    const { status, detail, result, exception, wallNs, cpuNs } = trace.outcome;
    runs.set(trace.program.id, {
      status: detail === null ? status : `${status} (${detail})`,
      result: result?.cut ? result.repr.slice(0, -"...".length) : (result?.repr ?? null),
      exception: exception?.type ?? null,
      stdout: trace.stdout,
      wall: wallNs / 1e9,
      cpu: cpuNs / 1e9,
    });
  }
  return runs;
}

/** What must be the same; of a long result its beginning. */
function ending(run: Run | undefined): string {
  if (run === undefined) throw new Error("a program was not run");
  const { status, result, exception, stdout } = run;
  return JSON.stringify([status, result?.slice(0, SHOWN) ?? null, exception, stdout]);
}

function sum(runs: Map<string, Run>, what: "wall" | "cpu"): number {
  return [...runs.values()].reduce((total, run) => total + run[what], 0);
}

const first = await plain(programs);
const traced = await recorded();
const disputed = programs.filter(({ id }) => ending(first.get(id)) !== ending(traced.get(id)));
const second = await plain(disputed);

let different = 0;
let irreproducible = 0;
const ratios: { id: string; ratio: number; plain: Run; traced: Run }[] = [];
for (const { id } of programs) {
  const [one, two, three] = [first.get(id), second.get(id), traced.get(id)];
  if (one === undefined || three === undefined) throw new Error(`${id}: not run`);
  ratios.push({ id, ratio: three.cpu / Math.max(one.cpu, 1e-6), plain: one, traced: three });
  if (two === undefined) continue;
  if (ending(one) !== ending(two)) irreproducible += 1;
  else {
    different += 1;
    if (different > Number(values.show)) continue;
    console.log(`${id}:\n  plain    ${ending(one).slice(0, 300)}\n  recorded ${ending(three).slice(0, 300)}`);
  }
}
const count = (runs: Map<string, Run>, status: string) =>
  [...runs.values()].filter((run) => run.status === status).length;
console.log(
  `${programs.length} programs, ${irreproducible} differ between two plain runs, ${different} differ recorded`,
);
for (const [name, runs] of [
  ["plain", first],
  ["recorded", traced],
] as const) {
  const statuses = [...new Set([...runs.values()].map((run) => run.status))].map((one) => `${count(runs, one)} ${one}`);
  console.log(
    `${name}: wall ${sum(runs, "wall").toFixed(2)} s, CPU ${sum(runs, "cpu").toFixed(2)} s; ${statuses.join(", ")}`,
  );
}
const table = new Map<string, { sources: Set<string>; runs: number; plain: number; traced: number }>();
for (const { id, code } of programs) {
  const row = table.get(packagesOf(code)) ?? { sources: new Set(), runs: 0, plain: 0, traced: 0 };
  row.sources.add(code);
  row.runs += 1;
  row.plain += first.get(id)?.cpu ?? 0;
  row.traced += traced.get(id)?.cpu ?? 0;
  table.set(packagesOf(code), row);
}
console.log(
  "| packages | problems | runs | CPU of a plain run | CPU of a recorded run |\n| --- | --- | --- | --- | --- |",
);
for (const [name, row] of [...table].sort(([, a], [, b]) => b.runs - a.runs)) {
  const each = (seconds: number) => `${((seconds * 1_000) / row.runs).toFixed(1)} ms`;
  console.log(`| ${name} | ${row.sources.size} | ${row.runs} | ${each(row.plain)} | ${each(row.traced)} |`);
}
ratios.sort((a, b) => b.traced.cpu - b.plain.cpu - (a.traced.cpu - a.plain.cpu));
const ms = (seconds: number) => `${(seconds * 1_000).toFixed(1)} ms`;
for (const { id, ratio, plain: one, traced: other } of ratios.slice(0, Number(values.show))) {
  console.log(
    `  ${id}: CPU ${ms(one.cpu)} -> ${ms(other.cpu)} (${ratio.toFixed(1)} x), wall ${ms(one.wall)} -> ${ms(other.wall)}`,
  );
}
process.exitCode = different === 0 ? 0 : 1;
