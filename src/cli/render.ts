import { UsageError } from "../errors.ts";
import { startProgress } from "../log/progress.ts";
import { findRenderer } from "../render/registry.ts";
import { totalRejected } from "../run/counts.ts";
import { type RenderStream, runRender } from "../run/render-run.ts";
import { defaultOutput } from "./default-output.ts";
import { EXIT } from "./exit.ts";
import { parseRenderFlags, renderSettings } from "./flags.ts";
import { Interrupt } from "./interrupt.ts";
import { stdoutTarget } from "./stdout.ts";
import { printSummary } from "./summary.ts";

export async function renderCommand(records: string, given: Record<string, unknown>): Promise<number> {
  const flags = parseRenderFlags(given);
  const { output: asked, as: format, json } = flags;
  const output = asked ?? defaultOutput(records, format, findRenderer(format).extension);
  if (output === "-" && json) throw new UsageError("bad-flag", "--json and -o - both want stdout; give one of them.");
  using interrupt = new Interrupt();
  const progress = startProgress();
  const started = performance.now();
  const result = await runRender({
    records,
    output: output === "-" ? stdoutOutput() : output,
    format,
    render: renderSettings(flags),
    signal: interrupt.signal,
    onProgress({ counts, totalRows }) {
      const values = { rows: counts.rendered, rejected: totalRejected(counts) };
      progress.update({ done: counts.programs, total: totalRows, values });
    },
  }).finally(() => progress.stop());
  const seconds = (performance.now() - started) / 1_000;
  await printSummary({ ...result, output, seconds }, json);
  return result.state === "finished" ? EXIT.ok : EXIT.interrupted;
}

function stdoutOutput(): RenderStream {
  return {
    target: stdoutTarget(),
    async reject(line) {
      process.stderr.write(`${JSON.stringify({ rejected: line })}\n`);
    },
  };
}
