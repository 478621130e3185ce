import { UsageError } from "../../base/errors.ts";
import { printable } from "../../base/log/printable.ts";
import { type Progress, startProgress } from "../../base/log/progress.ts";
import { readWhole } from "../../jobs/counts.ts";
import type { JobResult, StreamOutput } from "../../jobs/job.ts";
import { isUnfinished } from "../../jobs/output-files.ts";
import { EXIT, reportFailure } from "./exit.ts";
import { Interrupt } from "./interrupt.ts";
import { stdoutTarget } from "./stdout.ts";
import { printSummary } from "./summary.ts";

/** What every verb that works through rows can be told. */
export interface JobFlags {
  output?: string | undefined;
  resume: boolean;
  force: boolean;
  json: boolean;
}

/** What a job needs to know of the command line. */
export interface JobSetting {
  readonly output: string | StreamOutput;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/**
 * Runs a job with progress and Ctrl-C, says what it came to, and answers the exit status.
 * @param items what the job works through, in the plural
 */
export async function jobCommand(
  flags: JobFlags,
  defaultOutput: string,
  run: (setting: JobSetting) => Promise<JobResult>,
  items: string = "programs",
): Promise<number> {
  const output = flags.output ?? defaultOutput;
  if (output === "-") refuseWithStdout(flags);
  using interrupt = new Interrupt();
  const progress = startProgress();
  const started = performance.now();
  let result: JobResult;
  try {
    const { signal } = interrupt;
    result = await run({ output: output === "-" ? stdoutOutput() : output, signal, progress });
  } catch (error) {
    progress.stop();
    return await failed(error, output);
  }
  progress.stop();
  const seconds = (performance.now() - started) / 1_000;
  await printSummary({ ...result, output, seconds }, flags.json, items);
  if (result.state !== "interrupted") return readingStatus(result.counts.rejected);
  if (output !== "-") process.stderr.write("tracemill: add --resume to the same command line to go on\n");
  return EXIT.interrupted;
}

/** The exit status of a finished job, by what became of its rows; says what is wrong with the inputs. */
export function readingStatus(rejected: Readonly<Record<string, number>>): number {
  if (readWhole(rejected)) return EXIT.ok;
  const fix = "What was sound is kept, and the rejected rows say where damage begins. Get the file again";
  process.stderr.write(`tracemill: an input is damaged or cut, and was not read to its end. ${fix}.\n`);
  return EXIT.failed;
}

function refuseWithStdout({ resume, force, json }: JobFlags): void {
  if (json) throw new UsageError("bad-flag", "--json and -o - both want stdout; give one of them.");
  if (!resume && !force) return;
  throw new UsageError("bad-flag", "--resume and --force need an output file; name one with -o.");
}

/** Reports the error, and how to go on after it. */
async function failed(error: unknown, output: string): Promise<number> {
  const status = reportFailure(error);
  if (status === EXIT.failed && output !== "-" && (await isUnfinished(output))) {
    process.stderr.write("tracemill: what was done is kept; add --resume to go on, or --force to start again\n");
  }
  return status;
}

function stdoutOutput(): StreamOutput {
  return {
    target: stdoutTarget(),
    async reject(line) {
      process.stderr.write(`${printable(JSON.stringify({ rejected: line }))}\n`);
    },
  };
}
