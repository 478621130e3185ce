// Whether a hostile program came to its end, and a bystander to its usual record.

import type { Isolation } from "../../src/base/schema/options.ts";
import { dump } from "../../src/record/trace/dump.ts";
import type { Trace } from "../../src/record/trace/trace.ts";
import { verdictOf } from "../../src/views/verdict/verdict.ts";
import { EVENTS_OF_AFTER, expectation, type HostileProgram } from "./hostile-program.ts";

const SHOWN_CHARS = 160;

/** What is wrong with the end of a program, or null. */
export function wrongEnd(program: HostileProgram, trace: Trace, level: Isolation, minor: number): string | null {
  const { statuses } = expectation(program, level, minor);
  const { status, exception, detail } = trace.outcome;
  const wrong: string[] = [];
  if (!statuses.includes(status)) wrong.push(`${status}, not ${statuses.join(" or ")}`);
  if (program.exception !== null && exception?.type !== program.exception) {
    wrong.push(`exception ${exception?.type ?? "none"}, not ${program.exception}`);
  }
  if (status === "denied" && detail === null) wrong.push("denied, and the detail does not say what");
  if (program.detail !== null && !detail?.includes(program.detail)) wrong.push(`detail without "${program.detail}"`);
  if (program.stdout !== null && trace.stdout !== program.stdout) {
    wrong.push(`stdout ${shown(trace.stdout)}, not ${shown(program.stdout)}`);
  }
  if (program.verdict !== null) {
    const verdict = verdictOf({ expected: program.expected }, trace.outcome)?.is ?? "none";
    if (verdict !== program.verdict) wrong.push(`verdict ${verdict}, not ${program.verdict}`);
  }
  const seen = program.traced ? eventsOfAfter(trace) : EVENTS_OF_AFTER;
  if (seen !== EVENTS_OF_AFTER) wrong.push(`recorded of after(3): ${seen || "nothing"}`);
  if (program.never !== null && calls(trace, program.never)) wrong.push(`recorded a call of ${program.never}`);
  if (wrong.length === 0) return null;
  const said = [exception && `${exception.type}: ${exception.message}`, detail].filter((each) => each).join(", ");
  return `${wrong.join("; ")}${said && ` (${said.slice(0, SHOWN_CHARS)})`}`;
}

/** What differs between a bystander's record and its usual one, or null. */
export function difference(usual: Uint8Array, trace: Trace): string | null {
  if (Buffer.from(usual).equals(trace.bytes)) return null;
  const { status, exception, detail } = trace.outcome;
  if (status !== "ok") return `${status} (${exception?.type}: ${exception?.message}, ${detail})`;
  const expected = dump(usual).split("\n");
  const got = dump(trace.bytes).split("\n");
  // A canary's text says in words what its events say in detail.
  const changed = got.flatMap((line, i) => {
    if (line === expected[i]) return [];
    return [`${line.slice(0, SHOWN_CHARS)}, not ${(expected[i] ?? "(end)").slice(0, SHOWN_CHARS)}`];
  });
  return `${changed.slice(0, 3).join(" | ")} (${changed.length} lines)`;
}

/** Field by field, what the canary saw otherwise. */
export function changedFields(usual: string, now: string): string[] {
  const before = new Map(usual.split("\n").map(splitField));
  const changed: string[] = [];
  for (const [name, value] of now.split("\n").map(splitField)) {
    if (before.get(name) !== value) changed.push(`${name}: ${shown(value)}, not ${shown(before.get(name))}`);
  }
  return changed;
}

function splitField(line: string): [string, string] {
  const at = line.indexOf(": ");
  return at < 0 ? ["", line] : [line.slice(0, at), line.slice(at + 2)];
}

function shown(text: string | undefined): string {
  return text === undefined ? "nothing" : JSON.stringify(text).slice(0, SHOWN_CHARS);
}

/** Of the last call. */
function eventsOfAfter(trace: Trace): string {
  let events: string[] = [];
  for (const { kind, function: name, line } of trace.events()) {
    if (name !== "after") continue;
    if (kind === "call") events = [];
    events.push(`${kind} ${kind === "call" ? 0 : line - 1}`);
  }
  return events.join(", ");
}

function calls(trace: Trace, name: string): boolean {
  for (const event of trace.events()) if (event.function === name) return true;
  return false;
}
