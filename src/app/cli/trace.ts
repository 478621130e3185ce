import { UsageError } from "../../base/errors.ts";
import { missingLayers } from "../../engine/host/sandbox.ts";
import type { TracerOptions } from "../../engine/tracer.ts";
import { totalRejected } from "../../jobs/counts.ts";
import { runTrace } from "../../jobs/trace.ts";
import { generateSource } from "../../programs/generate/generate.ts";
import { checkGenerateOptions, type GenerateOptions } from "../../programs/generate/generate-options.ts";
import { findSource } from "../../programs/sources/registry.ts";
import { findFormat } from "../../views/formats/registry.ts";
import { defaultOutput } from "./default-output.ts";
import { parseTraceFlags, renderSettings, type TraceFlags } from "./flags.ts";
import { jobCommand } from "./job-command.ts";

export async function traceCommand(inputs: readonly string[], given: Record<string, unknown>): Promise<number> {
  const flags = parseTraceFlags(given);
  const { as: format, source, map, filter: filters, limit, shard, count: _count, generate: _knobs, ...others } = flags;
  const { output: _output, resume, force, json: _json, autoPreload, ...rest } = others;
  const { correct: _correct, maxTokens: _maxTokens, tokenizer: _tokenizer, ...tracer } = rest;
  const { extension } = findFormat(format);
  const generate = programsToGenerate(inputs, flags);
  if (generate === undefined && source !== undefined) findSource(source);
  return await jobCommand(flags, defaultOutput(inputs[0] ?? "generated", format, extension), (setting) =>
    runTrace({
      inputs,
      output: setting.output,
      format,
      render: renderSettings(flags),
      ...defined({ generate, source, map, filters, limit, shard }),
      resume,
      force,
      tracer: defined(tracer) as TracerOptions,
      signal: setting.signal,
      autoPreload,
      onAutoPreload({ modules, programs }) {
        const counts = [...modules].map(([name, count]) => `${name} (${count})`).join(", ");
        setting.progress.note(
          `imported once for all, since so many of the first ${programs} programs import them: ${counts}; --no-auto-preload leaves it to each program`,
        );
      },
      onSandbox(sandbox) {
        const missing = sandbox && missingLayers(sandbox);
        if (missing !== null) setting.progress.note(`warning: ${missing}`);
      },
      onNote: (text) => setting.progress.note(text),
      onProgress({ counts, done, total }) {
        const values = { programs: counts.programs, rows: counts.rendered, rejected: totalRejected(counts) };
        setting.progress.update({ done, total, values });
      },
    }),
  );
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

/** Without the members that were not given, which must not hide the defaults. */
function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const given = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(given) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
