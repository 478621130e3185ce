// Which packages the programs of an input import so often that every tracer process should import them once, before any
// program: an import within a program costs a process and up to a second, for each program again.
import { findPython } from "../engine/python/find-python.ts";
import { installedPackages } from "../engine/python/packages.ts";
import type { InputFile } from "../programs/sources/file-kinds.ts";
import { type ReadOptions, readFiles } from "../programs/sources/read.ts";

export interface AutoPreload {
  /** Modules in the order in which they are to be imported, and how many programs import each. */
  modules: ReadonlyMap<string, number>;
  /** Programs that were looked at. */
  programs: number;
}

/**
 * What is imported before the programs runs with the rights of the user, so an input may only choose among packages that
 * many programs use; of those that load their parts late, among the parts that are named.
 */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  numpy: [],
  pandas: [],
  scipy: ["integrate", "interpolate", "linalg", "optimize", "signal", "sparse", "spatial", "special", "stats"],
  sympy: [],
  networkx: [],
  sklearn: ["cluster", "datasets", "ensemble", "linear_model", "metrics", "model_selection", "preprocessing"],
  mpmath: [],
  gmpy2: [],
  z3: [],
};
/** It makes C functions while it is imported, for which the sandbox gives a program no memory. */
const WORKS_ONLY_PRELOADED = "z3";

/** Programs at the start of the input that speak for the rest. */
const SAMPLE = 5_000;
/** Of a module: fewer programs than the processes it would be imported in are not worth it. */
const FEWEST_PROGRAMS = 20;
/** A loaded package makes every process larger, which costs each program some part of a hundredth of an import. */
const LEAST_SHARE = 1 / 200;

const STATEMENT =
  /^[ \t]*(?:import[ \t]+([\w., \t]+)|from[ \t]+(\w+)(?:\.(\w+)[\w.]*)?[ \t]+import[ \t]+\(?([\w, \t]*))/gm;

/** Modules of PACKAGES that import statements of the source name; a source in a string counts too. */
export function importedModules(code: string): Set<string> {
  const found = new Set<string>();
  const add = (name: string, part: string | undefined): void => {
    const parts = Object.hasOwn(PACKAGES, name) ? PACKAGES[name] : undefined;
    if (parts === undefined) return;
    found.add(name);
    if (part !== undefined && parts.includes(part)) found.add(`${name}.${part}`);
  };
  for (const [, modules, name, part, members = ""] of code.matchAll(STATEMENT)) {
    for (const module of modules?.split(",") ?? []) {
      const [first = "", second] = (module.trim().split(/\s/)[0] ?? "").split(".");
      add(first, second);
    }
    if (name === undefined) continue;
    add(name, part);
    for (const member of members.split(",")) add(name, member.trim().split(/\s/)[0]);
  }
  return found;
}

/** Of so many programs, whose imports were counted. */
export function worthPreloading(counts: ReadonlyMap<string, number>, programs: number): string[] {
  const worth = (name: string): boolean => {
    const count = counts.get(name) ?? 0;
    if (name === WORKS_ONLY_PRELOADED) return count > 0;
    return count >= FEWEST_PROGRAMS && count >= programs * LEAST_SHARE;
  };
  const modules = Object.entries(PACKAGES).flatMap(([name, parts]) => [
    name,
    ...parts.map((part) => `${name}.${part}`),
  ]);
  return modules.filter(worth);
}

/** Looks at the first programs of the input. `python` as for a tracer. */
export async function chooseAutoPreload(
  files: readonly InputFile[],
  options: ReadOptions,
  python: string | undefined,
): Promise<AutoPreload> {
  const counts = new Map<string, number>();
  let programs = 0;
  let last = { code: "", modules: new Set<string>() };
  for await (const item of readFiles(files, { ...options, limit: Math.min(options.limit ?? SAMPLE, SAMPLE) })) {
    if (!("program" in item)) continue;
    programs += 1;
    // A row with many inputs gives as many programs of one source.
    const { code } = item.program;
    if (code !== last.code) last = { code, modules: importedModules(code) };
    for (const name of last.modules) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const wanted = worthPreloading(counts, programs);
  const modules = new Map<string, number>();
  if (wanted.length === 0) return { modules, programs };
  const { executable } = await findPython(python);
  const packages = [...new Set(wanted.map((name) => name.split(".")[0] as string))];
  const installed = await installedPackages(executable, packages);
  for (const name of wanted) {
    if (installed.includes(name.split(".")[0] as string)) modules.set(name, counts.get(name) as number);
  }
  return { modules, programs };
}
