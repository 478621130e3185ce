import type { Drop } from "../../views/filters/filter.ts";
import type { Facts } from "../inspect/facts.ts";
import { Inspector } from "../inspect/inspect.ts";
import type { ProgramFilter, ProgramSieve, ReadProgram, SieveOptions } from "./program-filter.ts";

/** Modules, and names of modules, whose results differ from run to run. */
const CHANGING = [
  "random",
  "secrets",
  "uuid",
  "time",
  "numpy.random",
  "datetime.datetime.now",
  "datetime.datetime.today",
  "datetime.datetime.utcnow",
  "datetime.date.today",
  "os.urandom",
  "os.getpid",
  // Its repr shows the number of the process.
  "multiprocessing.Process",
] as const;

export const importsFilter: ProgramFilter = {
  name: "imports",
  title: "programs that use randomness, the clock or unique ids, by what they import, not by what their text mentions",
  reasons: ["changing-import"],
  async open(options: SieveOptions): Promise<ProgramSieve> {
    const { python, workers, signal } = options;
    const inspector = await Inspector.open({ python, workers, signal });
    return {
      async sift(programs: readonly ReadProgram[]) {
        const rows = await inspector.inspect(programs.map(({ program }) => ({ ...program, entry: null })));
        // A program that does not compile has a status of its own when it is run.
        return rows.map((row) => ("facts" in row ? dropOf(row.facts) : null));
      },
      [Symbol.asyncDispose]: () => inspector[Symbol.asyncDispose](),
    };
  },
};

function dropOf({ imports, uses }: Facts): Drop | null {
  const imported = imports.flatMap(({ module, name }) => (name === null ? [module] : [module, `${module}.${name}`]));
  const found = [...imported, ...uses].find((name) =>
    CHANGING.some((changing) => name === changing || name.startsWith(`${changing}.`)),
  );
  return found === undefined
    ? null
    : { reason: "changing-import", message: `The program uses ${found}, whose results differ from run to run.` };
}
