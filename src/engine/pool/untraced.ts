import type { TraceOptions } from "../../base/schema/options.ts";
import type { Program } from "../../base/schema/program.ts";
import type { Trace } from "../../record/trace/trace.ts";
import { finishedTrace } from "../host/finished-record.ts";
import { RecordList } from "../host/record-list.ts";
import type { ProgramRunner } from "../host/runner.ts";

/** The reason of a row whose program ends otherwise when its own `__repr__` is called to show its objects. */
export const CHANGED_BY_REPR = "changed-by-repr";

/** Whether recording with these options calls functions of the program, so that it may change what the program does. */
export function mayChangePrograms({ mode, objects }: TraceOptions): boolean {
  return mode === "trace" && objects === "repr";
}

/** The same programs without anybody who looks. */
export function untracedOptions(options: TraceOptions): TraceOptions {
  return { ...options, mode: "untraced", objects: "fields" };
}

export async function untracedRuns(
  runner: ProgramRunner,
  programs: readonly Program[],
  pythonMinor: number,
  signal: AbortSignal,
): Promise<Trace[]> {
  const list = new RecordList();
  await runner.run(programs, list, signal);
  return list.records.map((record) => finishedTrace(record, pythonMinor));
}

/** What the recording changed, in words; null: nothing. Runs that a limit of the recording ended cannot be compared. */
export function changeOf(traced: Trace, untraced: Trace): string | null {
  const { outcome } = traced;
  if (outcome.status === "event-limit") return null;
  const pairs: readonly (readonly [what: string, traced: unknown, untraced: unknown])[] = [
    ["status", outcome.status, untraced.outcome.status],
    ["type of the result", outcome.result?.type, untraced.outcome.result?.type],
    ["exception", outcome.exception?.type, untraced.outcome.exception?.type],
    ["stdout", traced.stdout, untraced.stdout],
    ["stderr", traced.stderr, untraced.stderr],
  ];
  const changed = pairs.filter(([, one, other]) => one !== other).map(([what]) => what);
  if (changed.length === 0) return null;
  return `With --objects repr the program ends with another ${changed.join(", ")} than by itself: its __repr__ has effects.`;
}
