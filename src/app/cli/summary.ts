import { printable } from "../../base/log/printable.ts";
import { totalRejected } from "../../jobs/counts.ts";
import type { JobResult } from "../../jobs/job.ts";
import { printOut } from "./stdout.ts";

/** What a job came to. */
export interface Summary extends JobResult {
  output: string;
  seconds: number;
}

/** JSON on stdout, or a sentence on stderr. */
export async function printSummary(summary: Summary, json: boolean, items: string): Promise<void> {
  if (json) await printOut(`${JSON.stringify(summary)}\n`);
  else
    process.stderr.write(`${printable(sentence(summary, items))}
`);
}

function sentence({ state, output, counts, seconds }: Summary, items: string): string {
  if (state === "unchanged") return `${output} is complete already; nothing was run.`;
  const statuses = Object.entries(counts.statuses).map(([status, programs]) => `${programs} ${status}`);
  const rejected = totalRejected(counts);
  const where = rejected === 0 || output === "-" ? "" : ` (${output}.rejected.jsonl)`;
  const done = `${counts.programs} ${items}${statuses.length === 0 ? "" : ` (${statuses.join(", ")})`}`;
  const all = `${done}, ${counts.rendered} rows, ${rejected} rejected${where}, ${seconds.toFixed(1)} s`;
  return state === "finished" ? `${output}: ${all}` : `stopped: ${all}`;
}
