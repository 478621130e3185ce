import { totalRejected } from "../../jobs/counts.ts";
import { runInspect } from "../../jobs/inspect.ts";
import { defaultOutput } from "./default-output.ts";
import { parseInspectFlags } from "./flags.ts";
import { jobCommand } from "./job-command.ts";

export async function inspectCommand(inputs: readonly string[], given: Record<string, unknown>): Promise<number> {
  const flags = parseInspectFlags(given);
  const { source, map, limit, python, resume, force } = flags;
  return await jobCommand(flags, defaultOutput(inputs[0] as string, "facts", ".jsonl"), (setting) =>
    runInspect({
      inputs,
      output: setting.output,
      source,
      map,
      limit,
      resume,
      force,
      inspect: { python },
      signal: setting.signal,
      onNote: (text) => setting.progress.note(text),
      onProgress({ counts, done, total }) {
        setting.progress.update({
          done,
          total,
          values: { programs: counts.programs, rejected: totalRejected(counts) },
        });
      },
    }),
  );
}
