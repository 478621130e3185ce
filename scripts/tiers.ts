// npx tsx scripts/tiers.ts FILE... [--judge build/native-test/tracemill-tiers] [--show N] [--names]
//
// How many programs of each file may share an interpreter with others, what refuses the rest, and how long it takes to
// tell (native/admission). Rows of batches (`programs` in order) count each of their programs. The C++ tests build the
// judge, for the Python that they are built for. --names lists the programs that are tame.
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { readPrograms } from "../src/programs/sources/read.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    judge: { type: "string", default: "build/native-test/tracemill-tiers" },
    show: { type: "string", default: "12" },
    names: { type: "boolean", default: false },
  },
});

interface Judged {
  readonly id: string;
  readonly code: string;
  readonly entry?: string | null;
}

for (const file of positionals) report(file, await programsOf(file));

/** One of each source: what comes with several inputs is judged once. */
async function programsOf(file: string): Promise<Judged[]> {
  const batches = await batchesOf(file);
  if (batches.length > 0) return batches;
  const sources = new Map<string, Judged>();
  for await (const item of readPrograms([file])) {
    if ("program" in item && !sources.has(item.program.code)) sources.set(item.program.code, item.program);
  }
  return [...sources.values()];
}

async function batchesOf(file: string): Promise<Judged[]> {
  if (!file.endsWith(".jsonl")) return [];
  const rows = (await readFile(file, "utf8")).split("\n").filter((line) => line.includes('"programs": ['));
  return rows.flatMap((line) => {
    const { id, programs } = JSON.parse(line) as { id?: string; programs?: Judged[] };
    return (programs ?? []).map((program) => ({ ...program, id: `${id}/${program.id}` }));
  });
}

function report(file: string, programs: readonly Judged[]): void {
  const input = programs.map(({ code, entry }) => `${JSON.stringify({ code, entry })}\n`).join("");
  const run = spawnSync(values.judge, [], { input, encoding: "utf8", maxBuffer: 1 << 28 });
  if (run.status !== 0) throw new Error(run.error?.message ?? run.stderr);
  const lines = run.stdout.trimEnd().split("\n");
  const time = lines.pop();
  const reasons = new Map<string, string[]>();
  for (const [at, line] of lines.entries()) {
    const reason = line.trim().replaceAll("\t", " ");
    reasons.set(reason, [...(reasons.get(reason) ?? []), programs[at]?.id ?? ""]);
  }
  const tame = reasons.get("tame") ?? [];
  const share = ((100 * tame.length) / programs.length).toFixed(1);
  console.log(`${file}: ${tame.length} of ${programs.length} tame (${share} %), ${time}`);
  reasons.delete("tame");
  const most = [...reasons].sort(([, a], [, b]) => b.length - a.length);
  for (const [reason, ids] of most.slice(0, Number(values.show))) {
    console.log(`  ${ids.length} ${reason} (${ids.slice(0, 3).join(", ")})`);
  }
  if (values.names) console.log(tame.map((id) => `  tame: ${id}`).join("\n"));
}
