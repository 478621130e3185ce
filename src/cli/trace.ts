import { missingLayers } from "../engine/sandbox.ts";
import type { TracerOptions } from "../engine/tracer.ts";
import { UsageError } from "../errors.ts";
import { startProgress } from "../log/progress.ts";
import { findRenderer } from "../render/registry.ts";
import { totalRejected } from "../run/counts.ts";
import { isUnfinished } from "../run/output-files.ts";
import { type RunResult, runTrace, type StreamOutput, type TraceRequest } from "../run/trace-run.ts";
import { generateSource } from "../sources/generate.ts";
import { checkGenerateOptions, type GenerateOptions } from "../sources/generate-options.ts";
import { findSource } from "../sources/registry.ts";
import { defaultOutput } from "./default-output.ts";
import { EXIT, reportFailure } from "./exit.ts";
import { parseTraceFlags, renderSettings, type TraceFlags } from "./flags.ts";
import { Interrupt } from "./interrupt.ts";
import { stdoutTarget } from "./stdout.ts";
import { printSummary } from "./summary.ts";

export async function traceCommand(inputs: readonly string[], given: Record<string, unknown>): Promise<number> {
  const flags = parseTraceFlags(given);
  const { output: asked, as: format, source, filter: filters, limit, shard, count, generate: knobs, ...others } = flags;
  const {
    resume,
    force,
    json,
    autoPreload,
    correct: _correct,
    maxTokens: _maxTokens,
    tokenizer: _tokenizer,
    ...tracer
  } = others;
  const { extension } = findRenderer(format);
  const generate = programsToGenerate(inputs, flags);
  if (generate === undefined && source !== undefined) findSource(source);
  const output = asked ?? defaultOutput(inputs[0] ?? "generated", format, extension);
  if (output === "-" && json) throw new UsageError("bad-flag", "--json and -o - both want stdout; give one of them.");
  if (output === "-" && (resume || force)) {
    throw new UsageError("bad-flag", "--resume and --force need an output file; name one with -o.");
  }

  using interrupt = new Interrupt();
  const progress = startProgress();
  const started = performance.now();
  const request: TraceRequest = {
    inputs,
    output: output === "-" ? stdoutOutput() : output,
    format,
    render: renderSettings(flags),
    ...defined({ generate, source, filters, limit, shard }),
    resume,
    force,
    tracer: defined(tracer) as TracerOptions,
    signal: interrupt.signal,
    autoPreload,
    onAutoPreload({ modules, programs }) {
      const counts = [...modules].map(([name, count]) => `${name} (${count})`).join(", ");
      progress.note(
        `imported once for all, since so many of the first ${programs} programs import them: ${counts}; --no-auto-preload leaves it to each program`,
      );
    },
    onSandbox(sandbox) {
      const missing = sandbox && missingLayers(sandbox);
      if (missing !== null) progress.note(`warning: ${missing}`);
    },
    onProgress({ counts, done, total }) {
      const values = { programs: counts.programs, rows: counts.rendered, rejected: totalRejected(counts) };
      progress.update({ done, total, values });
    },
  };
  let result: RunResult;
  try {
    result = await runTrace(request);
  } catch (error) {
    progress.stop();
    return await failed(error, output);
  }
  progress.stop();
  const seconds = (performance.now() - started) / 1_000;
  const { state, counts, manifest, resumed } = result;
  await printSummary({ state, output, counts, resumed, seconds, manifest }, json);
  if (state !== "interrupted") return EXIT.ok;
  if (output !== "-") process.stderr.write("tracemill: add --resume to the same command line to go on\n");
  return EXIT.interrupted;
}

/** Reports the error, and how to go on after it. */
async function failed(error: unknown, output: string): Promise<number> {
  const status = reportFailure(error);
  if (status === EXIT.failed && output !== "-" && (await isUnfinished(output))) {
    process.stderr.write("tracemill: what was done is kept; add --resume to go on, or --force to start again\n");
  }
  return status;
}

/** Undefined when there are inputs to read; throws UsageError for neither and for both. */
function programsToGenerate(inputs: readonly string[], flags: TraceFlags): GenerateOptions | undefined {
  const { source, count, generate: knobs, seed } = flags;
  if (source !== generateSource.name) {
    const flag = count !== undefined ? "--count" : knobs !== undefined ? "--generate" : null;
    if (flag !== null) throw new UsageError("bad-flag", `${flag} says which programs to make; add --source generate.`);
    if (inputs.length > 0) return undefined;
    throw new UsageError("no-input", "missing required argument 'input': name files or folders of programs.");
  }
  if (inputs.length > 0) {
    const advice = "leave out --source, or the input";
    throw new UsageError("bad-flag", `--source generate makes its programs and reads no ${inputs[0]}; ${advice}.`);
  }
  if (count === undefined) throw new UsageError("bad-flag", "--source generate needs --count, the number of programs.");
  return checkGenerateOptions({ seed, count, ...knobs });
}

function stdoutOutput(): StreamOutput {
  return {
    target: stdoutTarget(),
    async reject(line) {
      process.stderr.write(`${JSON.stringify({ rejected: line })}\n`);
    },
  };
}

/** Without the members that were not given, which must not hide the defaults. */
function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const given = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(given) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
