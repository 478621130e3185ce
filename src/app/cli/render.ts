import { totalRejected } from "../../jobs/counts.ts";
import { runRender } from "../../jobs/render.ts";
import { findFormat } from "../../views/formats/registry.ts";
import { defaultOutput } from "./default-output.ts";
import { parseRenderFlags, renderSettings } from "./flags.ts";
import { jobCommand } from "./job-command.ts";

export async function renderCommand(records: string, given: Record<string, unknown>): Promise<number> {
  const flags = parseRenderFlags(given);
  const { as: format, resume, force } = flags;
  return await jobCommand(flags, defaultOutput(records, format, findFormat(format).extension), (setting) =>
    runRender({
      records,
      output: setting.output,
      format,
      render: renderSettings(flags),
      resume,
      force,
      signal: setting.signal,
      onProgress({ counts, totalRows }) {
        const values = { rows: counts.rendered, rejected: totalRejected(counts) };
        setting.progress.update({ done: counts.programs, total: totalRows, values });
      },
    }),
  );
}
