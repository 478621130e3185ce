import { printable } from "../../base/log/printable.ts";
import { startProgress } from "../../base/log/progress.ts";
import { totalRejected } from "../../jobs/counts.ts";
import { buildDataset } from "../../products/dataset/build.ts";
import { EXIT } from "./exit.ts";
import { parseDatasetFlags } from "./flags.ts";
import { Interrupt } from "./interrupt.ts";
import { readingStatus } from "./job-command.ts";
import { printOut } from "./stdout.ts";

export async function datasetCommand(recipe: string, given: Record<string, unknown>): Promise<number> {
  const { output: folder, input: inputs, json, ...flags } = parseDatasetFlags(given);
  using interrupt = new Interrupt();
  const progress = startProgress();
  const { state, manifest } = await buildDataset({
    recipe,
    folder,
    inputs,
    ...flags,
    signal: interrupt.signal,
    onNote: (text) => progress.note(text),
    onProgress({ counts, done, total }) {
      const values = { programs: counts.programs, rows: counts.rendered, rejected: totalRejected(counts) };
      progress.update({ done, total, values });
    },
  }).finally(() => progress.stop());
  if (manifest === null) {
    process.stderr.write("tracemill: add --resume to the same command line to go on\n");
    return EXIT.interrupted;
  }
  if (json) await printOut(`${JSON.stringify(manifest)}\n`);
  else if (state === "unchanged") process.stderr.write(`${printable(folder)} is complete already; nothing was run.\n`);
  else {
    const splits = Object.entries(manifest.splits).map(([split, { rows }]) => `${rows} ${split}`);
    const left = Object.values(manifest.left).reduce((sum, rows) => sum + rows, 0);
    const rows = splits.join(", ") || "no rows";
    process.stderr.write(
      `${printable(folder)}: ${manifest.programs} programs, ${rows}; ${left} left out (rejected.jsonl)\n`,
    );
  }
  return readingStatus(manifest.left);
}
