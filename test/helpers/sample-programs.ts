import { existsSync } from "node:fs";
import { packagePath } from "../../src/base/package-root.ts";
import type { Program } from "../../src/base/schema/program.ts";
import { readPrograms } from "../../src/programs/sources/read.ts";

const ORACLE = packagePath("test", "programs", "oracle.jsonl");
/** No part of the project. */
const CRUXEVAL = packagePath("..", "shared", "data", "cruxeval.jsonl");
/** Neither. */
const PYEDU = packagePath("..", "shared", "data", "pyedu_toy.jsonl");

/** TRACEMILL_FULL=1 asks for everything instead of samples. */
export const FULL: boolean = process.env["TRACEMILL_FULL"] === "1";

/** Why tests on CRUXEval are skipped; null when it is there. */
export const CRUXEVAL_MISSING: string | null = existsSync(CRUXEVAL)
  ? null
  : `${CRUXEVAL} is missing: no CRUXEval program is run`;

/** One program per feature of the language. */
export function oraclePrograms(): Promise<Program[]> {
  return programsOf(ORACLE);
}

/** The first `count` of them, in a full run all; none when they are missing. */
export async function cruxevalPrograms(count: number): Promise<Program[]> {
  if (CRUXEVAL_MISSING !== null) return [];
  const programs = await programsOf(CRUXEVAL);
  return FULL ? programs : programs.slice(0, count);
}

/** About `count` of its inputs, evenly spread, in a full run all; none when they are missing. */
export async function pyeduPrograms(count: number): Promise<Program[]> {
  if (!existsSync(PYEDU)) return [];
  const programs = await programsOf(PYEDU);
  return FULL ? programs : spread(programs, count);
}

/** About `count` elements, evenly spread over the whole. */
export function spread<T>(all: readonly T[], count: number): T[] {
  const step = Math.max(1, Math.floor(all.length / count));
  return all.filter((_, i) => i % step === 0).slice(0, count);
}

async function programsOf(path: string): Promise<Program[]> {
  const programs: Program[] = [];
  for await (const item of readPrograms([path])) {
    if ("rejected" in item) throw new Error(`${path}: ${item.rejected.message}`);
    programs.push(item.program);
  }
  return programs;
}
