// How programs end when they are recorded, as users record them.
import { openTracer, type TracerOptions } from "../../src/engine/tracer.ts";
import { findRenderer } from "../../src/render/registry.ts";
import type { TraceOptionsInput } from "../../src/schema/options.ts";
import type { Program } from "../../src/schema/program.ts";
import type { Ending } from "./ending.ts";

/** With what the format implies; null: with the default options. */
export async function recordedEndings(
  programs: readonly Program[],
  format: string | null,
  options: TracerOptions,
): Promise<Ending[]> {
  const ownReprs = { objects: "fields", ...impliedBy(format), ...options }.objects === "repr";
  await using tracer = await openTracer({ ...impliedBy(format), ...options });
  const endings: Ending[] = [];
  for await (const trace of tracer.run(programs)) {
    const { status, result, exception, detail } = trace.outcome;
    endings.push({
      ownReprs,
      status: detail === null ? status : `${status} (${detail})`,
      result: result && { type: result.type, repr: result.repr, structural: false },
      resultCut: result?.cut ?? false,
      exception: exception && { ...exception, value: structureOf(exception) },
      stdout: trace.stdout,
      stderr: trace.stderr,
    });
  }
  return endings;
}

/** The formats in which runs differ: of those that imply the same options the first one. */
export function differentRuns(formats: readonly (string | null)[]): (string | null)[] {
  const seen = new Set<string>();
  return formats.filter((format) => {
    const implied = JSON.stringify(Object.entries(impliedBy(format)).sort());
    return !seen.has(implied) && seen.add(implied);
  });
}

function impliedBy(format: string | null): Partial<TraceOptionsInput> {
  // How much of a value is shown changes nothing about the program.
  const { maxValueChars: _, ...implied } = format === null ? {} : findRenderer(format).implies;
  return implied;
}

/** Of records that have it. */
function structureOf(exception: object): string | null {
  const { value } = exception as { value?: { repr: string } | null };
  return value?.repr ?? null;
}
