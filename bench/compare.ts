// tsx bench/compare.ts BEFORE.json AFTER.json: what changed between two runs of `npm run bench -- --json FILE`.
import { readFileSync } from "node:fs";
import { type BenchResult, shown } from "./result.ts";

const [before, after] = process.argv.slice(2);
if (before === undefined || after === undefined) {
  console.error("usage: tsx bench/compare.ts BEFORE.json AFTER.json");
  process.exit(2);
}
const [old, now] = [before, after].map((file) => JSON.parse(readFileSync(file, "utf8")) as BenchResult);
if (!old || !now) throw new Error("two results are needed");
for (const key of ["cpu", "cores", "kernel"] as const) {
  if (old.machine[key] !== now.machine[key]) console.log(`different ${key}: ${old.machine[key]}, ${now.machine[key]}`);
}
for (const key of ["node", "python"] as const) {
  if (old.versions[key] !== now.versions[key])
    console.log(`different ${key}: ${old.versions[key]}, ${now.versions[key]}`);
}
if (old.short !== now.short) console.log("one of the runs was --short");

for (const { name, measurements } of now.cases) {
  const earlier = old.cases.find((candidate) => candidate.name === name);
  console.log(`${name}${earlier ? "" : " (new)"}`);
  for (const each of measurements) {
    const other = earlier?.measurements.find(({ what }) => what === each.what);
    if (!other) {
      console.log(`  ${each.what}: ${shown(each)} (new)`);
      continue;
    }
    const change = each.median / other.median - 1;
    // Less than both spreads together is noise.
    const real = Math.abs(change) > each.spread + other.spread ? "" : " (noise)";
    const percent = `${change >= 0 ? "+" : ""}${(change * 100).toFixed(1)} %`;
    console.log(`  ${each.what}: ${shown(other)} -> ${shown(each)}  ${percent}${real}`);
  }
}
