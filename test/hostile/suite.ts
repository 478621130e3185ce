// Runs the hostile programs through one tracer: each is followed by its witness and by the canary.

import type { Isolation } from "../../src/base/schema/options.ts";
import type { ProgramInput } from "../../src/base/schema/program.ts";
import { openTracer, type ProgramTrace, type TracerOptions } from "../../src/engine/tracer.ts";
import type { Status } from "../../src/record/trace/value.ts";
import type { BuiltPython } from "../helpers/built-pythons.ts";
import { type HostileProgram, takesWholeTime } from "./hostile-program.ts";
import { changedFields, difference, wrongEnd } from "./judge.ts";
import { canary, canaryModules, hostilePrograms, isHeld } from "./programs.ts";
import { shuffled } from "./shuffle.ts";

/** Events unbounded: endless programs have to meet the time limit. */
const LIMITS: TracerOptions = {
  workers: 1,
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

/** What a bystander is like where nothing ran before it. */
interface Usual {
  record: Uint8Array;
  stdout: string;
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

/** Small, because some twenty programs take all of it. */
const TIMEOUT_MS = 1_000;
const GENEROUS_MS = 10_000;
const SHUFFLE_SEED = 20_261;

interface Pass {
  name: string;
  options: TracerOptions;
  /** Every program in a run of its own, with its bystanders: no other one can make their process unfit. */
  apart?: boolean;
  arrange(programs: readonly HostileProgram[]): readonly HostileProgram[];
}

const briefly: TracerOptions = { timeoutMs: TIMEOUT_MS, recordTimeMs: TIMEOUT_MS };
const asWritten: Pass = { name: "as written", options: briefly, arrange: (programs) => programs };
/** What the canary imports is there before any program, so that programs can harm it. */
const warm: Pass = { ...asWritten, options: { ...briefly, preload: canaryModules() } };
/** Every program imports for itself what it harms. Those that take the whole time have shown that they are stopped. */
const cold: Pass = {
  name: "shuffled",
  options: { timeoutMs: GENEROUS_MS },
  arrange: (programs) =>
    shuffled(
      programs.filter((program) => !takesWholeTime(program)),
      SHUFFLE_SEED,
    ),
};
const apart: Pass = {
  name: "apart",
  options: { timeoutMs: GENEROUS_MS, preload: canaryModules() },
  apart: true,
  arrange: (programs) => programs.filter((program) => !takesWholeTime(program)),
};

/** In `fork` every program has a process of its own, and the order cannot matter. */
const PASSES: Record<Isolation, readonly Pass[]> = { shared: [warm, cold, apart], fork: [warm], inline: [asWritten] };

/** With `only`, those programs whose id or category contains it. */
export async function runSuite(python: BuiltPython, level: Isolation, only = ""): Promise<SuiteResult> {
  const result: SuiteResult = { programs: 0, statuses: {}, ends: [], traces: [] };
  for (const pass of PASSES[level]) await runPass(result, pass, python, level, only);
  return result;
}

async function runPass(
  result: SuiteResult,
  pass: Pass,
  python: BuiltPython,
  level: Isolation,
  only: string,
): Promise<void> {
  const options = { ...LIMITS, ...pass.options, python: python.executable, isolation: level };
  await using tracer = await openTracer(options);
  const programs = hostilePrograms().filter(
    (program) =>
      isHeld(program, level, tracer.sandbox) && (program.category.includes(only) || program.id.includes(only)),
  );
  result.programs = Math.max(result.programs, programs.length);
  const steps = pass.arrange(programs).map((program) => withBystanders(program, level));
  const usual = await usualRecords(options, level, steps.flat());
  for (const together of pass.apart === true ? steps : [steps.flat()]) {
    let at = 0;
    for await (const trace of tracer.run(together.map(input))) {
      const step = together[at++] as Step;
      if (trace.program.id !== step.id) throw new Error(`${trace.program.id} came for ${step.id}`);
      judge(result, step, pass.name, trace, usual, level, python.minor);
    }
    if (at !== together.length) throw new Error(`${at} records for ${together.length} programs`);
  }
}

function input({ id, code, entry, stdin, expected }: Step): ProgramInput {
  return { id, code, entry, stdin, expected };
}

function withBystanders(hostile: HostileProgram, level: Isolation): Step[] {
  const { id, code, entry, stdin, expected, witness } = hostile;
  const steps: Step[] = [{ id, code, entry, stdin, expected, hostile, role: "hostile" }];
  if (witness !== null && level !== "inline")
    steps.push({ id: `${id}: witness`, code: witness, hostile, role: "witness" });
  steps.push({ id: `${id}: canary`, code: level === "inline" ? PLAIN : canary(), hostile, role: "canary" });
  return steps;
}

function judge(
  result: SuiteResult,
  { hostile, role, code }: Step,
  order: string,
  trace: ProgramTrace,
  usual: ReadonlyMap<string, Usual>,
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
  const { record, stdout } = usual.get(code) as Usual;
  const problem = difference(record, trace);
  if (problem === null) return;
  const fields = role === "canary" ? changedFields(stdout, trace.stdout) : [];
  result.traces.push({ id, category, order, problem: `${role}: ${fields.length > 0 ? fields.join("; ") : problem}` });
}

/** On processes that have run nothing else; `inline`, which has but one, starts with it. */
async function usualRecords(
  options: TracerOptions,
  level: Isolation,
  steps: readonly Step[],
): Promise<Map<string, Usual>> {
  const codes = new Set(steps.flatMap(({ role, code }) => (role === "hostile" ? [] : [code])));
  const isolation = level === "inline" ? "inline" : "fork";
  await using tracer = await openTracer({ ...options, isolation, timeoutMs: GENEROUS_MS, recordTimeMs: GENEROUS_MS });
  const usual = new Map<string, Usual>();
  for await (const trace of tracer.run([...codes].map((code, i) => ({ id: `${i}`, code })))) {
    const { status, exception } = trace.outcome;
    const { code } = trace.program;
    if (status !== "ok") {
      const how = `${status}, ${exception?.type}: ${exception?.message}`;
      throw new Error(`a bystander must end well on a fresh tracer: ${how}\n${code}`);
    }
    usual.set(code, { record: Uint8Array.from(trace.bytes), stdout: trace.stdout });
  }
  return usual;
}
