// npx tsx scripts/neutral.ts FILE... [--python X] [--isolation shared|fork|inline] [--ids A,B] [--show N]
//
// Recording changes nothing: every program (of a row with several inputs the first one; --all-inputs: each) runs in plain
// CPython, untraced and in a process of its own, and recorded as users do, with the default options, which are those of
// every format. Status, result, stdout, stderr and exception are compared. Differences are counted by kind and shown,
// unless test/neutral/explained.txt gives their reason. Plain runs are remembered in a temporary folder. Exit status 1
// when a difference is not explained. A loaded machine needs more time for recorded runs: --timeout-ms 60000.
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Isolation } from "../src/base/schema/options.ts";
import type { Program } from "../src/base/schema/program.ts";
import { TRACE_OPTIONS } from "../src/base/schema/trace-option-table.ts";
import { findPython } from "../src/engine/python/find-python.ts";
import { readPrograms } from "../src/programs/sources/read.ts";
import { check, type Finding, type FoundDifference } from "../test/neutral/check.ts";
import { readExplained, reasonFor } from "../test/neutral/explained.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: "string" },
    isolation: { type: "string", default: "shared" },
    ids: { type: "string" },
    "all-inputs": { type: "boolean", default: false },
    workers: { type: "string", default: "2" },
    "timeout-ms": { type: "string" },
    show: { type: "string", default: "20" },
    explained: { type: "string", default: fileURLToPath(new URL("../test/neutral/explained.txt", import.meta.url)) },
  },
});
const isolation = values.isolation as Isolation;
if (positionals.length === 0 || !TRACE_OPTIONS.isolation.choices.includes(isolation)) {
  console.error("usage: neutral.ts FILE... [--python X] [--isolation shared|fork|inline] [--ids A,B] [--show N]");
  process.exit(2);
}
const python = await findPython(values.python);
const explained = await readExplained(values.explained, python.minor);
const ids = values.ids?.split(",");
let shown = 0;
let unexplained = 0;
for (const file of positionals) {
  const programs = await programsOf(file);
  const findings = await check(programs, {
    python: values.python,
    options: {
      isolation,
      workers: Number(values.workers),
      ...(values["timeout-ms"] !== undefined && { timeoutMs: Number(values["timeout-ms"]) }),
    },
    processes: Number(values.workers),
  });
  report(file, findings);
}
process.exitCode = unexplained === 0 ? 0 : 1;

async function programsOf(file: string): Promise<Program[]> {
  const programs: Program[] = [];
  let row = -1;
  for await (const item of readPrograms([file])) {
    if ("rejected" in item) {
      console.log(`${file}: left out: ${item.rejected.message}`);
      continue;
    }
    const first = item.place.row !== row;
    row = item.place.row;
    const wanted = ids === undefined || ids.includes(item.program.id);
    if (wanted && (first || values["all-inputs"])) programs.push(item.program);
  }
  return programs;
}

function report(file: string, findings: readonly Finding[]): void {
  const counts = { runs: 0, equal: 0, explained: 0, unexplained: 0, "stopped at the limit of events": 0 };
  const kinds = new Map<string, number>();
  for (const finding of findings) {
    const { program, differences, stopped } = finding;
    counts.runs += 1;
    if (stopped) counts["stopped at the limit of events"] += 1;
    const open = differences.filter(({ field }) => reasonFor(explained, program.id, field) === null);
    counts[differences.length === 0 ? "equal" : open.length === 0 ? "explained" : "unexplained"] += 1;
    for (const one of open) kinds.set(kindOf(one), (kinds.get(kindOf(one)) ?? 0) + 1);
    if (open.length > 0 && shown++ < Number(values.show)) show(program, open);
  }
  unexplained += counts.unexplained;
  console.log(`${file}, Python ${python.version}, ${isolation}:`);
  for (const [kind, count] of [...kinds].sort(([, a], [, b]) => b - a))
    console.log(`${String(count).padStart(6)} ${kind}`);
  console.log(
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(", "),
  );
}

function kindOf({ kind, unstable }: FoundDifference): string {
  return unstable ? `${kind}, which differs between two plain runs too` : kind;
}

function show(program: Program, differences: readonly FoundDifference[]): void {
  console.log(program.id);
  for (const one of differences) {
    const [plain, recorded] = clipped(one.plain, one.recorded);
    console.log(`  ${kindOf(one)}\n    plain    ${plain}\n    recorded ${recorded}`);
  }
}

/** From a little before the place where they part. */
function clipped(plain: string, recorded: string): string[] {
  let same = 0;
  while (same < plain.length && plain[same] === recorded[same]) same += 1;
  const from = Math.max(0, same - 60);
  return [plain, recorded].map((text) => JSON.stringify(`${from > 0 ? "..." : ""}${text.slice(from, from + 240)}`));
}
