// Runs rows of programs in one process and compares every record, byte for byte, with the one that a process of its own
// gives (`fork`).
import { openTracer, type TracerOptions } from "../../src/engine/tracer.ts";
import type { ContaminationRow, RowProgram } from "./contamination-rows.ts";
import { difference } from "./judge.ts";

export interface Contamination {
  row: string;
  program: string;
  witness: boolean;
  /** How it ran: `apart` with its row alone, or `together` with all rows. */
  order: "apart" | "together";
  difference: string;
}

export interface ContaminationResult {
  rows: number;
  /** Programs that had another record than in a process of their own. */
  differing: Contamination[];
  /** Witnesses that have different records even in processes of their own, as ROW: PROGRAM: they show nothing. */
  unstable: string[];
}

const LIMITS: TracerOptions = {
  workers: 1,
  memoryMb: 256,
  maxEvents: 200_000,
  timeoutMs: 10_000,
  recordTimeMs: 20_000,
};
/** Nothing else loads them: with them, addresses differ. */
const OTHER_MODULES = ["colorsys", "wave"];

/** The records of each program, by its key, in two processes of its own. */
type Usual = Map<string, [Uint8Array, Uint8Array]>;

/** `python`: an executable. */
export async function runContamination(
  python: string,
  minor: number,
  rows: readonly ContaminationRow[],
  isolation: "shared" | "fork" = "shared",
): Promise<ContaminationResult> {
  const fitting = rows.filter(({ minors }) => minors.length === 0 || minors.includes(minor));
  const result: ContaminationResult = { rows: fitting.length, differing: [], unstable: [] };
  for (const group of byPreload(fitting)) {
    const preload = group[0]?.preload ?? [];
    const options = { ...LIMITS, python, preload };
    const usual = await usualRecords(options, group);
    for (const row of group) {
      for (const program of row.programs) {
        if (program.witness && !isStable(usual, program)) result.unstable.push(`${row.id}: ${program.id}`);
      }
    }
    await using tracer = await openTracer({ ...options, isolation });
    for (const order of ["apart", "together"] as const) {
      for (const together of order === "apart" ? group.map((row) => [row]) : [group]) {
        const steps = together.flatMap((row) => row.programs.map((program) => ({ row, program })));
        let at = 0;
        for await (const trace of tracer.run(steps.map(({ program }, i) => input(program, i)))) {
          const { row, program } = steps[at++] as (typeof steps)[number];
          if (!isStable(usual, program)) continue;
          const [record] = usual.get(keyOf(program)) as [Uint8Array, Uint8Array];
          const how = difference(record, trace);
          if (how === null) continue;
          result.differing.push({
            row: row.id,
            program: program.id,
            witness: program.witness,
            order,
            difference: how,
          });
        }
        if (at < steps.length) throw new Error(`${at} records for ${steps.length} programs`);
      }
    }
  }
  return result;
}

function byPreload(rows: readonly ContaminationRow[]): ContaminationRow[][] {
  const preloads = new Set(rows.map(({ preload }) => preload.join(" ")));
  return [...preloads].map((modules) => rows.filter(({ preload }) => preload.join(" ") === modules));
}

async function usualRecords(options: TracerOptions, rows: readonly ContaminationRow[]): Promise<Usual> {
  const programs = new Map(rows.flatMap((row) => row.programs.map((program) => [keyOf(program), program])));
  const usual: Usual = new Map();
  for (const extra of [[], OTHER_MODULES]) {
    const preload = [...(options.preload ?? []), ...extra];
    await using tracer = await openTracer({ ...options, preload, isolation: "fork" });
    for (const [key, program] of programs) {
      // In a run of its own: no other program is near whose record a forger could find.
      for await (const trace of tracer.run([input(program, 0)])) {
        const record = Uint8Array.from(trace.bytes);
        usual.set(key, [usual.get(key)?.[0] ?? record, record]);
      }
    }
  }
  return usual;
}

function isStable(usual: Usual, program: RowProgram): boolean {
  const [first, second] = usual.get(keyOf(program)) as [Uint8Array, Uint8Array];
  return Buffer.from(first).equals(second);
}

function keyOf({ code, entry, stdin }: RowProgram): string {
  return JSON.stringify([code, entry ?? null, stdin ?? null]);
}

function input({ code, entry, stdin }: RowProgram, index: number) {
  return { id: `${index}`, code, entry, stdin };
}
