// npx tsx bench/profile/run.ts [--python X] [--top N] [--programs N]: where the instructions go; see bench/README.md.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { smallPrograms } from "../programs.ts";
import { type Cost, readCosts } from "./costs.ts";
import { buildDriver, must } from "./driver.ts";
import { costliestLibraries } from "./libraries.ts";

/** The steps of a run, each with all that it calls; indented: a part of the step before it. */
const STEPS: readonly [string, RegExp][] = [
  ["compiling the module and the entry (CPython)", /^Py_CompileStringObject$/],
  ["  parser", /^_PyPegen_run_parser_from_string$/],
  ["  compiler", /^_PyAST_Compile$/],
  ["running them", /^PyEval_EvalCode$/],
  ["  the hook, with the reprs that CPython makes for it", /trace::\(anonymous namespace\)::record_event\(/],
  ["a fresh module and streams before a program", /trace::Environment::enter\(/],
  ["the rule that looks at it", /admission::TameRule::look_at\(/],
  ["what is put back after it", /admission::Admission::put_back\(/],
];
const { values } = parseArgs({
  options: {
    python: { type: "string" },
    top: { type: "string", default: "25" },
    programs: { type: "string", default: "800" },
    passes: { type: "string", default: "2" },
  },
});
const { source, programs } = smallPrograms(Number(values.programs));
const { version, folder, passes } = await buildDriver(values.python, programs);

const out = join(folder, "callgrind.out");
const valgrind = [
  "--tool=callgrind",
  "--collect-atstart=no",
  "--toggle-collect=measured_passes",
  `--callgrind-out-file=${out}`,
];
console.log(`callgrind over ${programs.length} programs of ${source}, Python ${version}; some minutes`);
const said = await must("valgrind", [...valgrind, ...passes(Number(values.passes), "tame")]);
const [, events = 0] = said.trim().split(" ").map(Number);
if (!existsSync(out)) throw new Error(`callgrind wrote no ${out}`);
const { total, costs } = readCosts(await readFile(out, "utf8"));
report(total, costs, events);

function report(instructions: number, all: readonly Cost[], counted: number): void {
  const runs = programs.length * Number(values.passes);
  const share = (cost: number): string => `${((100 * cost) / instructions).toFixed(1)} %`.padStart(7);
  console.log(
    `${instructions} instructions, ${(instructions / runs).toFixed(0)} per program, ${(instructions / counted).toFixed(0)} per event\n`,
  );
  console.log("by library (self)");
  for (const [object, self] of costliestLibraries(all, 6)) console.log(`${share(self)}  ${object}`);
  console.log("\nby step (with all that it calls)");
  for (const [name, pattern] of STEPS) {
    const found = all.filter((cost) => pattern.test(cost.name));
    if (found.length === 0) throw new Error(`no function is ${pattern}: the list of steps is out of date`);
    console.log(`${share(Math.max(...found.map((cost) => cost.inclusive)))}  ${name}`);
  }
  console.log("\nfunctions (self; with all that they call)");
  for (const { name, object, self, inclusive } of all
    .toSorted((a, b) => b.self - a.self)
    .slice(0, Number(values.top))) {
    console.log(`${share(self)} ${share(inclusive)}  ${name}  [${object}]`);
  }
}
