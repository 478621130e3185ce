// npx tsx test/hostile/report.ts [--only WORD] [--level LEVEL] [--python 3.X] [--json FILE]: runs the suite and prints a
// table of what came of it, then every disagreement.
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { packagePath } from "../../src/base/package-root.ts";
import type { Isolation } from "../../src/base/schema/options.ts";
import { TRACE_OPTIONS } from "../../src/base/schema/trace-option-table.ts";
import { STATUSES } from "../../src/record/trace/value.ts";
import { type BuiltPython, builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { run } from "../helpers/run.ts";
import { type Disagreement, runSuite, type SuiteResult } from "./suite.ts";

interface Row {
  python: string;
  level: Isolation;
  seconds: number;
  result: SuiteResult;
}

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    level: { type: "string" },
    python: { type: "string", default: "" },
    json: { type: "string" },
  },
});
const pythons = (await builtPythons()).filter(({ version }) => version.startsWith(values.python));
if (pythons.length === 0) {
  console.error(NOT_BUILT);
  process.exit(1);
}

const COLUMNS = ["Python", "isolation", "programs", "ended otherwise", "noticed by the next", ...STATUSES, "seconds"];
console.log(`| ${COLUMNS.join(" | ")} |\n|${"---|".repeat(COLUMNS.length)}`);
const rows: Row[] = [];
for (const python of pythons) {
  for (const level of TRACE_OPTIONS.isolation.choices.filter(
    (each) => values.level === undefined || values.level === each,
  )) {
    const started = performance.now();
    const result = level === "inline" ? await inChild(python) : await runSuite(python, level, values.only);
    const row = { python: python.version, level, seconds: Math.round((performance.now() - started) / 1_000), result };
    rows.push(row);
    console.log(shown(row));
  }
}
for (const { python, level, result } of rows) {
  for (const each of result.ends) console.log(`\n${python} ${level}: ${told(each)}`);
  for (const each of result.traces) console.log(`\n${python} ${level}, noticed: ${told(each)}`);
}
if (values.json) await writeFile(values.json, `${JSON.stringify(rows, null, 2)}\n`);
process.exitCode = rows.some(({ result }) => result.ends.length + result.traces.length > 0) ? 1 : 0;

function shown({ python, level, seconds, result }: Row): string {
  const counts = STATUSES.map((status) => result.statuses[status] ?? 0);
  const wrong = [result.ends.length, result.traces.length];
  return `| ${[python, level, result.programs, ...wrong, ...counts, seconds].join(" | ")} |`;
}

function told({ category, id, order, problem }: Disagreement): string {
  return `${category}, "${id}" (${order}): ${problem}`;
}

async function inChild(python: BuiltPython): Promise<SuiteResult> {
  const child = packagePath("test", "hostile", "inline-child.ts");
  const args = ["--import", "tsx", child, String(python.minor), values.only];
  const { status, stdout, stderr } = await run(process.execPath, args);
  if (status === 0) return JSON.parse(stdout) as SuiteResult;
  const problem = `the process that ran it ended with ${status}: ${stderr.trim().slice(-500)}`;
  return { programs: 0, statuses: {}, ends: [{ id: "all", category: "inline", order: "", problem }], traces: [] };
}
