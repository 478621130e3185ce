// npx tsx scripts/contamination.ts [FILE...] [--python X] [--level shared|fork] [--only WORD] [--json FILE]
//
// Runs rows of programs, in order, in one process: each row alone, then all of them together. Every program must have the
// record that a process of its own gives it. Files are JSON lines or Python of the kind of test/hostile/contamination,
// whose files are taken where none is named. Exit status 1 when a witness has another record, or shows nothing since it
// differs from itself; other programs that differ are listed.
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { findPython } from "../src/engine/python/find-python.ts";
import { ownRows, readRows } from "../test/hostile/contamination-rows.ts";
import { runContamination } from "../test/hostile/contamination-run.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: "string" },
    level: { type: "string", default: "shared" },
    only: { type: "string", default: "" },
    json: { type: "string" },
  },
});
if (values.level !== "shared" && values.level !== "fork") throw new Error(`--level ${values.level}: shared or fork`);
const python = await findPython(values.python);
const all = positionals.length > 0 ? positionals.flatMap(readRows) : ownRows();
const rows = all.filter(({ id }) => id.includes(values.only));
const result = await runContamination(python.executable, python.minor, rows, values.level);
const told = new Set<string>();
for (const { row, program, witness, order, difference } of result.differing) {
  // One line for a row: what the first program that differs shows.
  if (told.size === told.add(`${order} ${row} ${witness}`).size) continue;
  console.log(`${witness ? "noticed" : "differs"} (${order}) ${row}: ${program}: ${difference}`);
}
for (const name of result.unstable) console.log(`shows nothing: ${name} differs from itself in fork`);
const noticed = new Set(result.differing.filter(({ witness }) => witness).map(({ row }) => row));
const others = new Set(result.differing.filter(({ witness }) => !witness).map(({ row }) => row));
console.log(
  `${python.version} ${values.level}: ${result.rows} rows, ${noticed.size} noticed, ${result.unstable.length} that show ` +
    `nothing, ${others.size} with another record of a program that is no witness`,
);
if (values.json) await writeFile(values.json, `${JSON.stringify({ ...result, noticed: [...noticed] }, null, 2)}\n`);
process.exitCode = noticed.size + result.unstable.length > 0 ? 1 : 0;
