// What differs between a program's end in plain CPython and its end when it is recorded.
import { comparable, comparableValue, type Ending } from "./ending.ts";
import { type PlainEnding, UNFLUSHED_EXIT_CODE } from "./judge.ts";

export type Field = "status" | "result" | "exception" | "line" | "stdout" | "stderr";

export interface Difference {
  readonly field: Field;
  /** What kind of difference it is: differences of one cause have one. */
  readonly kind: string;
  readonly plain: string;
  readonly recorded: string;
}

/** Where a run was stopped that goes on in plain CPython; what it did until then must be the same. */
const STOPS = /^(?:event-limit|record-limit)\b/;
const RECORDED_TIMEOUT_MS = 5_000;
const RECORDED_MEMORY_KIB = 512 << 10;

/** Whether recording ended early at a limit of its own. */
export function stoppedByLimit({ status }: Ending): boolean {
  return STOPS.test(status);
}

export function differences(plain: PlainEnding, recorded: Ending): Difference[] {
  if (stoppedByLimit(recorded)) return prefixDifferences(plain, recorded);
  const status = statusDifference(plain, recorded);
  if (status !== null) return [status];
  // Stopped for what the program takes by itself.
  if (!recorded.status.startsWith(plain.status)) return prefixDifferences(plain, recorded);
  const all = [
    ...(plain.exitCode === UNFLUSHED_EXIT_CODE ? [] : exceptionDifferences(plain, recorded)),
    differing("result", plain.result?.type ?? "none", recorded.result?.type ?? "none", "type"),
    resultDifference(plain, recorded),
    differing("stdout", comparable(plain.stdout), comparable(recorded.stdout)),
    differing("stderr", comparable(plain.stderr), comparable(recorded.stderr)),
  ];
  return all.filter((difference) => difference !== null);
}

/** How they differ in the program's own words; output of a run that was killed may lack its end. */
function prefixDifferences(plain: Ending, recorded: Ending): Difference[] {
  const [whole, start] = [comparable(plain.stdout), comparable(recorded.stdout)];
  return whole.startsWith(start) ? [] : [difference("stdout", whole, start, "before the limit")];
}

function statusDifference(plain: PlainEnding, recorded: Ending): Difference | null {
  const [status] = recorded.status.split(" ", 1);
  if (plain.status === status) return null;
  const usesMuch = plain.status === "timeout" || (plain.cpuMs ?? 0) >= RECORDED_TIMEOUT_MS;
  if (status === "timeout" && usesMuch) return null;
  const outOfMemory =
    plain.exception?.type === "MemoryError" || (plain.peakKib ?? Number.POSITIVE_INFINITY) >= RECORDED_MEMORY_KIB;
  if (status === "memory-limit" && outOfMemory) return null;
  const { type, message } = recorded.exception ?? plain.exception ?? { type: "", message: "" };
  return difference(
    "status",
    plain.status,
    `${recorded.status} ${type} ${message}`.trimEnd(),
    `${plain.status} -> ${status}`,
  );
}

function resultDifference(plain: Ending, recorded: Ending): Difference | null {
  if (recorded.ownReprs && plain.result?.structural) return null;
  const [theirs, ours] = [plain.result?.repr ?? "none", recorded.result?.repr ?? "none"];
  if (recorded.resultCut && theirs.startsWith(ours.replace(/\.\.\.$/, ""))) return null;
  return differing("result", comparableValue(theirs), comparableValue(ours), "value");
}

function exceptionDifferences(plain: Ending, recorded: Ending): (Difference | null)[] {
  return [
    differing("exception", plain.exception?.type ?? "none", recorded.exception?.type ?? "none", "type"),
    exceptionDifference(plain, recorded),
    differing("line", `${plain.exception?.line ?? "none"}`, `${recorded.exception?.line ?? "none"}`),
  ];
}

function exceptionDifference(plain: Ending, recorded: Ending): Difference | null {
  const [theirs, ours] = [plain.exception, recorded.exception];
  if (theirs === null || ours === null) return null;
  if (ours.value !== null && theirs.value !== null) {
    const value = differing("exception", comparableValue(theirs.value), comparableValue(ours.value), "value");
    if (value !== null) return value;
  }
  return differing("exception", comparable(theirs.message), comparable(ours.message), "message");
}

function differing(field: Field, plain: string, recorded: string, detail?: string): Difference | null {
  return plain === recorded ? null : difference(field, plain, recorded, detail);
}

function difference(field: Field, plain: string, recorded: string, detail?: string): Difference {
  return { field, kind: detail === undefined ? field : `${field} ${detail}`, plain, recorded };
}
