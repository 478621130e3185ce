// Whether recording programs changes how they end.

import type { Program } from "../../src/base/schema/program.ts";
import { findPython } from "../../src/engine/python/find-python.ts";
import type { TracerOptions } from "../../src/engine/tracer.ts";
import { type Difference, differences, stoppedByLimit } from "./compare.ts";
import type { Ending } from "./ending.ts";
import { Judge, type PlainEnding } from "./judge.ts";
import { recordedEndings } from "./recorded.ts";

/** What was found of one program. */
export interface Finding {
  readonly program: Program;
  /** None: equal. */
  readonly differences: readonly FoundDifference[];
  /** It has too many events to be recorded to its end, even without most iterations of its loops. */
  readonly stopped: boolean;
}

export interface FoundDifference extends Difference {
  /** Two runs in plain CPython differ there too. */
  readonly unstable: boolean;
}

export interface CheckOptions {
  readonly python: string | undefined;
  /** Of recorded runs. */
  readonly options: TracerOptions;
  /** Processes of plain CPython at once. */
  readonly processes: number;
}

/** In the order of the programs. */
export async function check(programs: readonly Program[], choice: CheckOptions): Promise<Finding[]> {
  const python = await findPython(choice.python);
  const judge = await Judge.open(python);
  const plain = await inParallel(programs, choice.processes, (program) => judge.run(program));
  const options = { python: python.executable, ...choice.options };
  const endings = await endingsWithoutLimits(programs, options);
  const runs = programs.map((program, i) => ({ program, plain: plain[i], recorded: endings[i] }) as Run);
  return await inParallel(runs, choice.processes, (one) => compared(judge, one));
}

interface Run {
  readonly program: Program;
  readonly plain: PlainEnding;
  readonly recorded: Ending;
}

async function compared(judge: Judge, { program, plain, recorded }: Run): Promise<Finding> {
  const found = differences(plain, recorded);
  const again = found.length === 0 ? [] : differences(plain, await judge.runAgain(program));
  const unstable = new Set(again.map(({ field }) => field));
  const marked = found.map((one) => ({ ...one, unstable: unstable.has(one.field) }));
  return { program, differences: marked, stopped: stoppedByLimit(recorded) };
}

/** Programs that meet the limit of events are recorded once more, without most iterations of their loops. */
async function endingsWithoutLimits(programs: readonly Program[], options: TracerOptions): Promise<Ending[]> {
  const endings = await recordedEndings(programs, options);
  const places = endings.flatMap((ending, i) => (stoppedByLimit(ending) ? [i] : []));
  if (places.length === 0) return endings;
  const again = places.map((i) => programs[i] as Program);
  const skipping = await recordedEndings(again, { ...options, loops: "skip" });
  for (const [i, ending] of skipping.entries()) endings[places[i] as number] = ending;
  return endings;
}

async function inParallel<T, R>(items: readonly T[], workers: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length);
  const rest = items.entries();
  const one = async (): Promise<void> => {
    for (const [i, item] of rest) results[i] = await work(item);
  };
  await Promise.all(Array.from({ length: workers }, one));
  return results;
}
