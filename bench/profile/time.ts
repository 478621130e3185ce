// npx tsx bench/profile/time.ts [--python X] [--top N] [--programs N] [--passes N]: where the time goes; see
// bench/README.md.
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { smallPrograms } from "../programs.ts";
import { buildDriver, must } from "./driver.ts";
import { costliestLibraries } from "./libraries.ts";
import { readSamples, readSymbols, type Symbols } from "./samples.ts";

const { values } = parseArgs({
  options: {
    python: { type: "string" },
    top: { type: "string", default: "25" },
    programs: { type: "string", default: "800" },
    passes: { type: "string", default: "100" },
  },
});
const { source, programs } = smallPrograms(Number(values.programs));
const { version, folder, passes } = await buildDriver(values.python, programs);
const [file, ...args] = passes(Number(values.passes), "tame");

console.log(`${values.passes} passes over ${programs.length} programs of ${source}, Python ${version}`);
const us = (seconds: number): number => (seconds * 1e6) / programs.length / Number(values.passes);
const unsampled = us(Number((await must(file, args)).split(" ")[2]));
const out = join(folder, "samples");
const sampled = us(Number((await must("env", [`SAMPLES=${out}`, file, ...args])).split(" ")[2]));
const all = readSamples(await readFile(out, "latin1"), symbolsOf);
const samples = all.reduce((sum, { self }) => sum + self, 0);
const shown = (count: number): string => `${((unsampled * count) / samples).toFixed(2)} us`.padStart(9);

console.log(`${unsampled.toFixed(1)} us per program, ${sampled.toFixed(1)} while sampled; ${samples} samples\n`);
console.log("by library");
for (const [object, self] of costliestLibraries(all, 6)) console.log(`${shown(self)}  ${object}`);
console.log("\nfunctions (self)");
for (const { name, object, self } of all.slice(0, Number(values.top)))
  console.log(`${shown(self)}  ${name}  [${object}]`);

/** Those that are exported, where a library was stripped of the others. */
function symbolsOf(path: string): Symbols {
  const nm = (...flags: string[]): string =>
    execFileSync("nm", ["--numeric-sort", "--demangle", "--defined-only", ...flags, path], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
      stdio: ["ignore", "pipe", "ignore"],
    });
  const symbols = readSymbols(nm());
  return symbols.names.length > 0 ? symbols : readSymbols(nm("--dynamic"));
}
