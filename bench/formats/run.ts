// npx tsx bench/formats/run.ts INPUT... [--python X] [--max-events N] [--limit N] [--formats A,B]: see ../README.md.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { packagePath } from "../../src/base/package-root.ts";
import { listRenderers } from "../../src/views/formats/registry.ts";

const CLI = packagePath("dist", "app", "cli", "main.js");
const textFormats = listRenderers().filter((renderer) => renderer.extension === ".jsonl");

interface Summary {
  counts: { programs: number; rendered: number; rejected: Record<string, number> };
  seconds: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: "string" },
    "max-events": { type: "string", default: "2000" },
    limit: { type: "string" },
    formats: { type: "string", default: textFormats.map(({ name }) => name).join(",") },
  },
});
if (positionals.length === 0) {
  console.error("usage: run.ts INPUT... [--python X] [--max-events N] [--limit N] [--formats A,B]");
  process.exit(2);
}
if (!existsSync(CLI)) {
  console.error("The compiled command line is what is measured, and it is missing. Fix: npm run build");
  process.exit(1);
}

const folder = await mkdtemp(join(tmpdir(), "tracemill-formats-"));
try {
  const records = join(folder, "records.tmr");
  const options = ["--objects", "repr", "--workers", "1", "--max-events", values["max-events"]];
  if (values.python !== undefined) options.push("--python", values.python);
  if (values.limit !== undefined) options.push("--limit", values.limit);
  const traced = await tracemill("trace", ...positionals, "-o", records, ...options);
  const { programs } = traced.counts;
  console.log("| | rows | MB | MB/s | rows/s | rejected |\n| --- | --- | --- | --- | --- | --- |");
  console.log(await line("tracing, one worker", records, traced));
  for (const format of values.formats.split(",")) {
    const rows = join(folder, `${format}.jsonl`);
    const rendered = await tracemill("render", records, "-o", rows, "--as", format);
    if (rendered.counts.programs !== programs) {
      throw new Error(`${format}: ${rendered.counts.programs} of ${programs} records are accounted for`);
    }
    console.log(await line(`\`${format}\``, rows, rendered));
    await rm(rows);
  }
} finally {
  await rm(folder, { recursive: true });
}

/** Throws when the command does. */
async function tracemill(...args: string[]): Promise<Summary> {
  const child = spawn(process.execPath, [CLI, ...args, "--json"], { stdio: ["ignore", "pipe", "pipe"] });
  const [[status], out, errors] = await Promise.all([once(child, "close"), text(child.stdout), text(child.stderr)]);
  if (status !== 0) throw new Error(`tracemill ${args.join(" ")} ended with status ${status}: ${errors.slice(-2_000)}`);
  return JSON.parse(out) as Summary;
}

async function line(name: string, path: string, { counts, seconds }: Summary): Promise<string> {
  const megabytes = (await stat(path)).size / 1e6;
  const rejected = Object.entries(counts.rejected).map(([reason, count]) => `${count} ${reason}`);
  const { rendered } = counts;
  const rates = `${(megabytes / seconds).toFixed(1)} | ${Math.round(rendered / seconds)}`;
  return `| ${name} | ${rendered} | ${megabytes.toFixed(1)} | ${rates} | ${rejected.join(", ")} |`;
}
