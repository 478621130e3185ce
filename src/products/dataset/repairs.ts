// Faulty programs with right ones in their place: who is right is not believed but run.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { hashFile } from "../../base/io/hash.ts";
import { writeWhole } from "../../base/io/part-file.ts";
import type { ManifestFile } from "../../base/schema/manifest.ts";
import type { Program } from "../../base/schema/program.ts";
import { Judge, type StableResult } from "../../engine/judge.ts";
import type { TracerOptions } from "../../engine/tracer.ts";
import type { RejectedLine } from "../../jobs/rejected-line.ts";
import { findInputs } from "../../programs/sources/inputs.ts";
import { type ReadOptions, readPrograms } from "../../programs/sources/read.ts";
import type { RowPlace } from "../../programs/sources/source.ts";
import type { Drop } from "../../views/filters/filter.ts";
import { readSolutions, type Solutions } from "./solutions.ts";

/** Faulty programs that are judged at once. */
const TOGETHER = 256;

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
  const right = await readSolutions(request.solutions, (programs) => accepted(judge, programs));
  const places: RowPlace[] = [];
  const rejected: RejectedLine[] = [];
  const solutions = new Map<string, string>();
  const lines: string[] = [];
  for await (const group of faultyPrograms(request, rejected)) {
    const verdicts = await judgeFaulty(judge, group, right);
    for (const [i, { program, place }] of group.entries()) {
      const verdict = verdicts[i] as Drop | Accepted;
      if ("reason" in verdict) {
        rejected.push({ id: program.id, ...place, ...verdict });
        continue;
      }
      const { id, code, entry, meta } = program;
      lines.push(`${JSON.stringify({ id, code, entry, expected: verdict.expected, meta })}\n`);
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
  return await Promise.all(files.map(async ({ path, location }) => ({ path, ...(await hashFile(location)) })));
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

/** Which of the programs end well, and with what is expected where something is. */
async function accepted(judge: Judge, programs: readonly Program[]): Promise<boolean[]> {
  const found = await judge.judge(programs);
  return found.map(({ outcome, verdict }, i) => {
    return outcome.status === "ok" && (programs[i]?.expected === undefined || verdict?.is === "yes");
  });
}

/**
 * A faulty program is accepted when there is a right one, which gives the same literal in two runs of the faulty one's
 * call, and the faulty one does not.
 */
async function judgeFaulty(judge: Judge, faulty: readonly Faulty[], right: Solutions): Promise<(Drop | Accepted)[]> {
  const expected = await each(
    faulty.map(({ program }) => callOf(program, right)),
    async (calls) => (await judge.stableResults(calls)).map((found, i) => acceptedResult(calls[i] as Program, found)),
  );
  const runs = expected.map((value, i): Drop | Program => {
    return "reason" in value ? value : { ...(faulty[i] as Faulty).program, expected: value.expected };
  });
  const found = await each(runs, async (programs) => {
    return (await judge.judge(programs)).map(({ verdict }): Drop | null => (verdict?.is === "yes" ? NOT_FAULTY : null));
  });
  return expected.map((value, i) => found[i] ?? value);
}

const NOT_FAULTY: Drop = { reason: "not-faulty", message: "The program gives what the right one gives." };

function acceptedResult({ code }: Program, found: StableResult): Drop | Accepted {
  if ("literal" in found) return { solution: code, expected: found.literal };
  if (found.why === "not-returned") {
    const { status } = found.outcome;
    return { reason: "wrong-solution", message: `The right program does not return from the call (${status}).` };
  }
  return { reason: "unclear-result", message: "The right program's result is no literal, or differs between runs." };
}

/** Asks about what is a program; what is dropped already stays so. */
async function each<T>(
  items: readonly (Drop | Program)[],
  ask: (programs: readonly Program[]) => Promise<T[]>,
): Promise<(Drop | T)[]> {
  const answers = (await ask(items.filter((item): item is Program => !("reason" in item))))[Symbol.iterator]();
  return items.map((item) => ("reason" in item ? item : (answers.next().value as T)));
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
