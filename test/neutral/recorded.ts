// How programs end when they are recorded, as users record them.

import type { Program } from "../../src/base/schema/program.ts";
import { openTracer, type TracerOptions } from "../../src/engine/tracer.ts";
import type { Ending } from "./ending.ts";

export async function recordedEndings(programs: readonly Program[], options: TracerOptions): Promise<Ending[]> {
  const ownReprs = options.objects === "repr";
  await using tracer = await openTracer(options);
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

/** Of records that have it. */
function structureOf(exception: object): string | null {
  const { value } = exception as { value?: { repr: string } | null };
  return value?.repr ?? null;
}
