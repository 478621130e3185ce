// npm run bench -- [WORD...] [--short] [--python X] [--json FILE]: see README.md.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { cpus, loadavg, release, totalmem } from "node:os";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { packagePath } from "../src/base/package-root.ts";
import { findPython } from "../src/engine/python/find-python.ts";
import { verdict } from "./measure.ts";
import { type BenchResult, type CaseResult, shown } from "./result.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: "boolean", default: false }, python: { type: "string" }, json: { type: "string" } },
});

if (!existsSync(packagePath("dist", "engine", "tracer.js"))) {
  console.error("The compiled engine is what is measured, and it is missing. Fix: npm run build");
  process.exit(1);
}
// Imported late: the cases load the compiled engine.
const names = (await import("./cases/list.ts")).CASES.map(({ name }) => name);
const chosen = names.filter((name) => positionals.length === 0 || positionals.some((word) => name.includes(word)));
if (chosen.length === 0) {
  console.error(`No case matches ${positionals.join(" ")}. Cases: ${names.join(", ")}`);
  process.exit(2);
}
const python = await findPython(values.python);
const { version } = JSON.parse(await readFile(packagePath("package.json"), "utf8")) as { version: string };
const result: BenchResult = {
  machine: {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    loadBefore: loadavg()[0] ?? 0,
  },
  versions: { tracemill: version, node: process.version, python: python.version },
  date: new Date().toISOString(),
  short: values.short,
  cases: [],
};
const { machine, versions } = result;
console.log(`${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Linux ${machine.kernel}`);
console.log(`tracemill ${versions.tracemill}, Node ${versions.node}, Python ${versions.python}`);
if (machine.loadBefore > 0.5)
  console.log(`The machine is busy (load ${machine.loadBefore.toFixed(1)}): do not trust this run.`);

let failed = false;
for (const name of chosen) {
  const finished = await runCase(name);
  if (finished === null) {
    failed = true;
    continue;
  }
  result.cases.push(finished);
  console.log(`\n${name}: ${finished.title}`);
  for (const each of finished.measurements) {
    console.log(`  ${each.what}: ${shown(each)}, N=${each.samples.length} ${verdict(each)}`.trimEnd());
  }
}
if (values.json) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`);
process.exitCode = failed ? 1 : 0;

/** A case in a process of its own, so that no case inherits another's heap. Null when it failed. */
async function runCase(name: string): Promise<CaseResult | null> {
  const script = packagePath("bench", "run-case.ts");
  const length = values.short ? "short" : "full";
  const args = [
    ...process.execArgv,
    script,
    name,
    length,
    python.executable,
    ...(values.python ? [values.python] : []),
  ];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [output, [status]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  if (status === 0) return JSON.parse(output.trim().split("\n").at(-1) ?? "") as CaseResult;
  console.error(`${name} failed with status ${status}`);
  return null;
}
