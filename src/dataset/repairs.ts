// Faulty programs with right ones in their place: who is right is not believed but run.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { openTracer, type Tracer, type TracerOptions } from "../engine/tracer.ts";
import type { Drop } from "../filters/filter.ts";
import { hashFile } from "../io/hash.ts";
import { writeWhole } from "../io/part-file.ts";
import type { RejectedLine } from "../jobs/rejected-line.ts";
import type { Outcome } from "../record/value.ts";
import type { ManifestFile } from "../schema/manifest.ts";
import type { Program } from "../schema/program.ts";
import { findInputs } from "../sources/inputs.ts";
import { type ReadOptions, readPrograms } from "../sources/read.ts";
import type { RowPlace } from "../sources/source.ts";
import { verdictOf } from "../verdict/verdict.ts";
import { readSolutions, type Solutions } from "./solutions.ts";

/** Faulty programs that are judged at once. */
const TOGETHER = 256;

/** Of `random` in a second run, so that a result which hangs on it shows. */
const SECOND_SEED = 1;

export interface RepairRequest {
  readonly inputs: readonly string[];
  readonly solutions: readonly string[];
  readonly reading: ReadOptions;
  readonly tracer: TracerOptions;
  /** Where the faulty programs go, with what the right ones give as `expected`. */
  readonly output: string;
  readonly signal?: AbortSignal | undefined;
}

export interface Repairs {
  /** Where the n-th program of the output comes from. */
  readonly places: readonly RowPlace[];
  readonly rejected: readonly RejectedLine[];
  /** Right programs by the ids of the faulty ones. */
  readonly solutions: ReadonlyMap<string, string>;
  readonly inputs: readonly ManifestFile[];
}

interface Faulty {
  readonly program: Program;
  readonly place: RowPlace;
}

/** Throws what reading throws, and the signal's reason. The output is not touched where an earlier call wrote the same. */
export async function prepareRepairs(request: RepairRequest): Promise<Repairs> {
  const { tracer, signal } = request;
  await using judge = await Judge.open(signal === undefined ? tracer : { ...tracer, signal });
  const right = await readSolutions(request.solutions, (programs) => judge.accepted(programs));
  const places: RowPlace[] = [];
  const rejected: RejectedLine[] = [];
  const solutions = new Map<string, string>();
  const lines: string[] = [];
  for await (const group of faultyPrograms(request, rejected)) {
    const verdicts = await judge.judge(group, right);
    for (const [i, { program, place }] of group.entries()) {
      const verdict = verdicts[i] as Drop | Accepted;
      if ("reason" in verdict) {
        rejected.push({ id: program.id, ...place, ...verdict });
        continue;
      }
      const { id, code, entry } = program;
      lines.push(`${JSON.stringify({ id, code, entry, expected: verdict.expected })}\n`);
      places.push(place);
      solutions.set(id, verdict.solution);
    }
  }
  const text = lines.join("");
  const before = existsSync(request.output) ? await readFile(request.output, "utf8") : null;
  if (before !== text) await writeWhole(request.output, text);
  return { places, rejected, solutions, inputs: await filesOf([...request.inputs, ...request.solutions]) };
}

async function filesOf(inputs: readonly string[]): Promise<ManifestFile[]> {
  const files = await findInputs(inputs);
  return await Promise.all(files.map(async ({ path }) => ({ path, ...(await hashFile(path)) })));
}

async function* faultyPrograms(
  { inputs, reading }: RepairRequest,
  rejected: RejectedLine[],
): AsyncGenerator<Faulty[], void, undefined> {
  let group: Faulty[] = [];
  for await (const item of readPrograms(inputs, reading)) {
    if ("program" in item) group.push(item);
    else {
      const { place, id, reason, message } = item.rejected;
      rejected.push({ ...(id === undefined ? {} : { id }), ...place, reason, message });
    }
    if (group.length < TOGETHER) continue;
    yield group;
    group = [];
  }
  yield group;
}

interface Accepted {
  readonly solution: string;
  /** What the right program gives, as a literal. */
  readonly expected: string;
}

/** Runs programs, untraced, to see which of them are right. */
class Judge implements AsyncDisposable {
  readonly #first: Tracer;
  readonly #second: Tracer;

  private constructor(first: Tracer, second: Tracer) {
    this.#first = first;
    this.#second = second;
  }

  static async open(options: TracerOptions): Promise<Judge> {
    const untraced = { ...options, mode: "untraced", maxValueChars: 0 } as const;
    const first = await openTracer(untraced);
    const second = await openTracer({ ...untraced, seed: SECOND_SEED }).catch(async (error: unknown) => {
      await first.close();
      throw error;
    });
    return new Judge(first, second);
  }

  /** Which of the programs end well, and with what is expected where something is. */
  async accepted(programs: readonly Program[]): Promise<boolean[]> {
    const outcomes = await outcomesOf(this.#first, programs);
    return outcomes.map((outcome, i) => {
      const program = programs[i] as Program;
      return outcome.status === "ok" && (program.expected === undefined || passes(program, outcome));
    });
  }

  /**
   * A faulty program is accepted when there is a right one, which gives the same literal in two runs of the faulty one's
   * call, and the faulty one does not.
   */
  async judge(faulty: readonly Faulty[], right: Solutions): Promise<(Drop | Accepted)[]> {
    const known = faulty.map(({ program }) => callOf(program, right));
    const expected = await this.#results(known);
    const runs = expected.map((value, i) => {
      if ("reason" in value) return value;
      return { ...(faulty[i] as Faulty).program, expected: value.expected };
    });
    const outcomes = await this.#each(this.#first, runs);
    return expected.map((value, i) => {
      const outcome = outcomes[i] as Drop | Outcome;
      if ("reason" in value || "reason" in outcome) return value;
      if (!passes(runs[i] as Program, outcome)) return value;
      return { reason: "not-faulty", message: "The program gives what the right one gives." };
    });
  }

  async #results(calls: readonly (Drop | Program)[]): Promise<(Drop | Accepted)[]> {
    const first = await this.#each(this.#first, calls);
    const again = first.map((outcome, i) => {
      const call = calls[i] as Drop | Program;
      if ("reason" in outcome || "reason" in call) return outcome as Drop;
      const { status, result } = outcome;
      if (status === "ok" && result !== null) return { ...call, expected: result.repr };
      return { reason: "wrong-solution", message: `The right program does not return from the call (${status}).` };
    });
    const second = await this.#each(this.#second, again);
    return second.map((outcome, i) => {
      const call = again[i] as Drop | Program;
      if ("reason" in outcome || "reason" in call) return outcome as Drop;
      if (passes(call, outcome)) return { solution: call.code, expected: call.expected as string };
      return {
        reason: "unclear-result",
        message: "The right program's result is no literal, or differs between runs.",
      };
    });
  }

  /** Runs what is a program; what is dropped already stays so. */
  async #each(tracer: Tracer, items: readonly (Drop | Program)[]): Promise<(Drop | Outcome)[]> {
    const outcomes = await outcomesOf(
      tracer,
      items.filter((item): item is Program => !("reason" in item)),
    );
    let next = 0;
    return items.map((item) => ("reason" in item ? item : (outcomes[next++] as Outcome)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#first.close();
    await this.#second.close();
  }
}

function passes(program: Program, outcome: Outcome): boolean {
  return verdictOf(program, outcome)?.is === "yes";
}

/** The faulty program's call of the right one. */
function callOf({ id, entry }: Program, right: Solutions): Drop | Program {
  if (entry === null) return { reason: "no-failing-test", message: "The row names no call that the program fails." };
  const solution = right.find(id);
  if (solution === null) {
    return { reason: "no-solution", message: `No row of the solutions has the id ${JSON.stringify(id)}.` };
  }
  if (solution.accepted) return { id, code: solution.code, entry };
  return { reason: "wrong-solution", message: "The row of the solutions does not pass its own tests." };
}

async function outcomesOf(tracer: Tracer, programs: readonly Program[]): Promise<Outcome[]> {
  const found: Outcome[] = [];
  const numbered = programs.map((program, i) => ({ ...program, id: String(i) }));
  for await (const { outcome } of tracer.run(numbered)) found.push(outcome);
  return found;
}
