import { UsageError } from "../../base/errors.ts";
import type { Program } from "../../base/schema/program.ts";
import { readPrograms } from "../../programs/sources/read.ts";
import { refuseDamage } from "./whole-inputs.ts";

export interface Solution {
  readonly code: string;
  /** Whether it passes the tests of its own row. */
  readonly accepted: boolean;
}

/** Right programs, by id. */
export interface Solutions {
  /** Null: there is none. */
  find(id: string): Solution | null;
}

/** Runs programs; true for those that end well. */
export type Accepts = (programs: readonly Program[]) => Promise<boolean[]>;

/** All rows of the inputs, which have a program for each of their tests. Held in memory. */
export async function readSolutions(inputs: readonly string[], accepts: Accepts): Promise<Solutions> {
  const found = new Map<string, Solution>();
  const settle = async (row: readonly Program[]): Promise<void> => {
    const code = codeOf(row);
    if (code === null) return;
    const solution = { code, accepted: (await accepts(row)).every(Boolean) };
    for (const { id } of row) for (const name of namesOf(id)) found.set(name, solution);
  };
  let row: Program[] = [];
  let last = "";
  for await (const item of readPrograms(inputs)) {
    if ("rejected" in item) {
      refuseDamage(item.rejected, "the right programs");
      continue;
    }
    const place = `${item.place.row} ${item.place.file}`;
    if (place !== last) await settle(row);
    row = place === last ? [...row, item.program] : [item.program];
    last = place;
  }
  await settle(row);
  if (found.size === 0) {
    throw new UsageError(
      "bad-input",
      `There is no program in ${inputs.join(", ")}: give rows with the right programs.`,
    );
  }
  const find = (id: string): Solution | null => {
    const name = namesOf(id).find((name) => found.has(name));
    return name === undefined ? null : (found.get(name) ?? null);
  };
  return { find };
}

/** Tests that are no call are behind the code of their program; where all are, only a row of one program has its own. */
function codeOf(row: readonly Program[]): string | null {
  const called = row.find(({ entry }) => entry !== null);
  return called?.code ?? (row.length === 1 ? (row[0]?.code ?? null) : null);
}

/**
 * What a task may be called: MBPP numbers its tasks, EvalPlus and what builds on it write Mbpp/ before the number; a number
 * behind the task's own is that of a test or of an attempt.
 */
function namesOf(id: string): string[] {
  const name = id.replace(/^mbpp\//i, "");
  const task = name.replace(/\/\d+$/, "");
  return /\d/.test(task) ? [name, task] : [name];
}
