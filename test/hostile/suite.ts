// Runs the hostile programs through one tracer: each is followed by its witness and by the canary.
import { openTracer, type ProgramTrace, type TracerOptions } from "../../src/engine/tracer.ts";
import type { Isolation } from "../../src/schema/options.ts";
import type { Status } from "../../src/record/value.ts";
import type { ProgramInput } from "../../src/schema/program.ts";
import type { BuiltPython } from "../helpers/built-pythons.ts";
import type { HostileProgram } from "./hostile-program.ts";
import { changedFields, difference, wrongEnd } from "./judge.ts";
import { canary, hostilePrograms, isHeld } from "./programs.ts";
import { shuffled } from "./shuffle.ts";

/** Small, because a dozen programs take all that they are given. Events unbounded: endless programs have to meet the time limit. */
export const LIMITS: TracerOptions = {
  workers: 1,
  timeoutMs: 700,
  memoryMb: 128,
  maxOutputBytes: 65_536,
  maxEvents: 0,
};

export interface Disagreement {
  /** The hostile program, or the one before the bystander that was disturbed. */
  id: string;
  category: string;
  order: string;
  problem: string;
}

export interface SuiteResult {
  programs: number;
  statuses: Partial<Record<Status, number>>;
  /** Programs that ended otherwise than they must. */
  ends: Disagreement[];
  /** Programs after which a witness or the canary had another record than on a fresh tracer. */
  traces: Disagreement[];
}

interface Step extends ProgramInput {
  hostile: HostileProgram;
  role: "hostile" | "witness" | "canary";
}

/** What `inline` runs for a canary: it undoes nothing, and promises only to go on. */
const PLAIN = `import json
def total(xs):
    s = 0
    for x in xs:
        s += x
    return s
print(json.dumps([total(range(10)), str(1.5), sorted({3, 1, 2})]))
`;

const ORDERS: Record<Isolation, readonly string[]> = {
  shared: ["as written", "shuffled"],
  // Every program has a process of its own: the order cannot matter.
  fork: ["as written"],
  inline: ["as written"],
};
const SHUFFLE_SEED = 20_261;

export async function runSuite(python: BuiltPython, level: Isolation, only = ""): Promise<SuiteResult> {
  const options = { ...LIMITS, python: python.executable, isolation: level };
  await using tracer = await openTracer(options);
  const chosen = hostilePrograms().filter(
    (program) =>
      isHeld(program, level, tracer.sandbox) && (program.category.includes(only) || program.id.includes(only)),
  );
  const look = level === "inline" ? PLAIN : canary();
  const witnesses = chosen.flatMap(({ witness }) => (witness === null ? [] : [witness]));
  const usual = await usualRecords(options, level, [look, ...(level === "inline" ? [] : witnesses)]);
  const result: SuiteResult = { programs: chosen.length, statuses: {}, ends: [], traces: [] };
  for (const order of ORDERS[level]) {
    const steps = sequence(order === "shuffled" ? shuffled(chosen, SHUFFLE_SEED) : chosen, look, level);
    let at = 0;
    for await (const trace of tracer.run(steps.map(input))) {
      const step = steps[at++] as Step;
      if (trace.program.id !== step.id) throw new Error(`${trace.program.id} came for ${step.id}`);
      judge(result, step, order, trace, usual, level, python.minor);
    }
    if (at !== steps.length) throw new Error(`${at} records for ${steps.length} programs`);
  }
  return result;
}

function input({ id, code, entry, stdin }: Step): ProgramInput {
  return { id, code, entry, stdin };
}

function sequence(programs: readonly HostileProgram[], look: string, level: Isolation): Step[] {
  return programs.flatMap((hostile): Step[] => {
    const { id, code, entry, stdin, witness } = hostile;
    const steps: Step[] = [{ id, code, entry, stdin, hostile, role: "hostile" }];
    if (witness !== null && level !== "inline") steps.push({ id: `${id}: witness`, code: witness, hostile, role: "witness" });
    steps.push({ id: `${id}: canary`, code: look, hostile, role: "canary" });
    return steps;
  });
}

function judge(
  result: SuiteResult,
  { hostile, role, code }: Step,
  order: string,
  trace: ProgramTrace,
  usual: ReadonlyMap<string, Uint8Array>,
  level: Isolation,
  minor: number,
): void {
  const { id, category } = hostile;
  if (role === "hostile") {
    const { status } = trace.outcome;
    result.statuses[status] = (result.statuses[status] ?? 0) + 1;
    const problem = wrongEnd(hostile, trace, level, minor);
    if (problem !== null) result.ends.push({ id, category, order, problem });
    return;
  }
  const before = usual.get(code) as Uint8Array;
  const problem = difference(before, trace);
  if (problem === null) return;
  const fields = role === "canary" ? changedFields(stdoutOf.get(before) ?? "", trace.stdout) : [];
  result.traces.push({ id, category, order, problem: `${role}: ${fields.length > 0 ? fields.join("; ") : problem}` });
}

const stdoutOf: WeakMap<Uint8Array, string> = new WeakMap();

/** On processes that have run nothing else; `inline`, which has but one, starts with it. */
async function usualRecords(
  options: TracerOptions,
  level: Isolation,
  codes: readonly string[],
): Promise<Map<string, Uint8Array>> {
  const distinct = [...new Set(codes)];
  const isolation = level === "inline" ? "inline" : "fork";
  await using tracer = await openTracer({ ...options, isolation, timeoutMs: 10_000 });
  const usual = new Map<string, Uint8Array>();
  for await (const trace of tracer.run(distinct.map((code, i) => ({ id: `${i}`, code })))) {
    const { status, exception } = trace.outcome;
    const { code } = trace.program;
    if (status !== "ok") {
      throw new Error(`a witness must end well on a fresh tracer: ${status}, ${exception?.type}: ${exception?.message}\n${code}`);
    }
    const bytes = Uint8Array.from(trace.bytes);
    usual.set(code, bytes);
    stdoutOf.set(bytes, trace.stdout);
  }
  return usual;
}
