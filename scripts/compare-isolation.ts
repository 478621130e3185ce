// npx tsx scripts/compare-isolation.ts INPUT... [--python X] [--seeds 1,2] [--max-events N] [--workers N] [--show N]
//
// Runs every program alone (`fork`) and among all others in `shared`, there once in each of several random orders, and
// compares the records byte for byte. A program whose records differ between two runs of `fork` shows what no isolation
// keeps equal (the time, the kernel's randomness, and addresses, such as the order of a set of objects that are hashed by
// theirs) and is counted apart; so is one that runs into the time limit. For the second run the interpreters have loaded
// two more modules, so that addresses differ. What one input of a source shows, others may: they are counted apart with it.
// Exit status 1 when any other program differs.
import { createHash } from "node:crypto";
import { parseArgs } from "node:util";
import type { Program } from "../src/base/schema/program.ts";
import { openTracer, type TracerOptions } from "../src/engine/tracer.ts";
import { readPrograms } from "../src/programs/sources/read.ts";
import { shuffled } from "../test/hostile/shuffle.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: "string" },
    seeds: { type: "string", default: "1,2" },
    "max-events": { type: "string", default: "20000" },
    workers: { type: "string", default: "2" },
    show: { type: "string", default: "10" },
  },
});

interface Result {
  digest: string;
  status: string;
}

const programs: Program[] = [];
for await (const item of readPrograms(positionals)) if ("program" in item) programs.push(item.program);

/** Not among those that every interpreter loads. */
const OTHER_MODULES = ["colorsys", "wave"];

async function trace(
  isolation: "shared" | "fork",
  order: readonly Program[],
  preload: string[] = [],
): Promise<Map<string, Result>> {
  const options: TracerOptions = {
    ...(values.python !== undefined && { python: values.python }),
    isolation,
    preload,
    workers: Number(values.workers),
    maxEvents: Number(values["max-events"]),
  };
  const started = performance.now();
  const results = new Map<string, Result>();
  await using tracer = await openTracer(options);
  for await (const { program, bytes, outcome } of tracer.run(order)) {
    results.set(program.id, { digest: createHash("sha256").update(bytes).digest("hex"), status: outcome.status });
  }
  console.log(`${isolation}: ${results.size} programs, ${((performance.now() - started) / 1_000).toFixed(1)} s`);
  return results;
}

const alone = await trace("fork", programs);
const again = await trace("fork", programs, OTHER_MODULES);
const unequalAlone = new Set<string>();
const unequalSources = new Set<string>();
for (const { id, code } of programs) {
  const [first, second] = [alone.get(id), again.get(id)];
  if (first?.status === "timeout" || second?.status === "timeout") unequalAlone.add(id);
  else if (first?.digest !== second?.digest) unequalSources.add(code);
}
for (const { id, code } of programs) if (unequalSources.has(code)) unequalAlone.add(id);
const compared = programs.length - unequalAlone.size;
console.log(
  `${compared} of ${programs.length} programs have the same record in two runs of fork, with all inputs of their sources`,
);

let wrong = 0;
for (const seed of values.seeds.split(",").map(Number)) {
  const among = await trace("shared", shuffled(programs, seed));
  const different = programs.filter(
    ({ id }) => !unequalAlone.has(id) && among.get(id)?.digest !== alone.get(id)?.digest,
  );
  wrong += different.length;
  console.log(`order ${seed}: ${compared - different.length} of ${compared} equal in shared`);
  for (const { id } of different.slice(0, Number(values.show))) {
    console.log(`  ${id}: ${among.get(id)?.status}, in fork ${alone.get(id)?.status}`);
  }
}
process.exitCode = wrong === 0 ? 0 : 1;
