// npx tsx bench/streams.ts [--python X]: what a program's real standard streams cost, as system calls per program of the
// process that runs it. Needs strace. A run of many programs is compared with one of few, so that starting counts for
// nothing.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packagePath } from "../src/base/package-root.ts";

const { values } = parseArgs({ options: { python: { type: "string" } } });
const [FEW, MANY] = [100, 400];
const PROGRAMS = {
  "neither reads nor prints": { code: "x = 1\n" },
  "prints one line": { code: "print('a')\n" },
  "reads three lines, prints two": {
    code: "for _ in range(int(input())):\n    print(input())\n",
    stdin: "2\na\nb\n",
  },
};

const folder = mkdtempSync(join(tmpdir(), "tracemill-streams-"));
try {
  for (const [what, program] of Object.entries(PROGRAMS)) {
    const [few, many] = [FEW, MANY].map((count) => callsOfExecutor(program, count)) as [Calls, Calls];
    const each = [...many]
      .map(([name, count]) => [name, (count - (few.get(name) ?? 0)) / (MANY - FEW)] as const)
      .filter(([, count]) => count > 0.5)
      .sort(([, a], [, b]) => b - a);
    const all = each.reduce((sum, [, count]) => sum + count, 0);
    console.log(`${what}: ${all.toFixed(1)} system calls`);
    console.log(`  ${each.map(([name, count]) => `${name} ${count.toFixed(1)}`).join(", ")}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}

type Calls = ReadonlyMap<string, number>;

/** Of the process that ran the programs: the one that empties the streams' files most often. */
function callsOfExecutor(program: { code: string; stdin?: string }, count: number): Calls {
  const traces = mkdtempSync(join(folder, "calls-"));
  const input = join(traces, "input.jsonl");
  const rows = Array.from({ length: count }, (_, i) => ({ ...program, id: `${i}`, code: `${program.code}# ${i}\n` }));
  writeFileSync(input, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const python = values.python === undefined ? [] : ["--python", values.python];
  const trace = ["trace", input, "-o", join(traces, "out.tmr"), "--workers", "1", ...python];
  const command = [
    "-ff",
    "-o",
    join(traces, "p"),
    process.execPath,
    packagePath("dist", "app", "cli", "main.js"),
    ...trace,
  ];
  const { status, error, stderr } = spawnSync("strace", command, { encoding: "utf8" });
  if (status !== 0) throw new Error(`strace: ${error?.message ?? stderr}. Needed: strace, and npm run build`);
  const processes = readdirSync(traces)
    .filter((name) => /^p\.\d+$/.test(name))
    .map((name) => countCalls(readFileSync(join(traces, name), "latin1")));
  const emptied = (calls: Calls): number => calls.get("ftruncate") ?? 0;
  return processes.reduce((most, calls) => (emptied(calls) > emptied(most) ? calls : most));
}

function countCalls(text: string): Calls {
  const calls = new Map<string, number>();
  for (const [, name] of text.matchAll(/^(\w+)\(/gm)) calls.set(name as string, (calls.get(name as string) ?? 0) + 1);
  return calls;
}
