// All hostile programs, and which of them each level of isolation promises to hold.
import { readdirSync, readFileSync } from "node:fs";
import { packagePath } from "../../src/base/package-root.ts";
import type { Isolation } from "../../src/base/schema/options.ts";
import type { Sandbox } from "../../src/base/schema/sandbox.ts";
import type { HostileProgram } from "./hostile-program.ts";
import { parsePrograms } from "./program-file.ts";
import { SOURCES } from "./programs/sources.ts";

const FOLDER = packagePath("test", "hostile", "programs");

/** Those whose end needs no other process: `inline` stops what Python itself can stop, and undoes nothing. */
const HELD_INLINE: ReadonlySet<string> = new Set([
  "endless",
  "exceptions",
  "memory",
  "objects",
  "output",
  "recursion",
  "sources",
  "values",
]);
/** Held by the kernel, where it has what that takes. */
const HELD_BY_KERNEL: ReadonlySet<string> = new Set(["confinement", "forged"]);

export function hostilePrograms(): HostileProgram[] {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".py"));
  const programs = files
    .toSorted()
    .flatMap((name) => parsePrograms(name.slice(0, -".py".length), readFileSync(`${FOLDER}/${name}`, "utf8")));
  programs.push(...SOURCES);
  const ids = new Set<string>();
  for (const { id } of programs) {
    if (ids.has(id)) throw new Error(`two hostile programs are called "${id}"`);
    ids.add(id);
  }
  return programs;
}

export function isHeld(program: HostileProgram, level: Isolation, sandbox: Sandbox | null): boolean {
  if (level === "inline") return HELD_INLINE.has(program.category) && program.notInline === null;
  const locked = sandbox?.seccomp === true && sandbox.landlock > 0;
  return locked || !HELD_BY_KERNEL.has(program.category);
}

/** Looks at everything that programs share; its text says what differs. */
export function canary(): string {
  return readFileSync(packagePath("test", "hostile", "canary.py"), "utf8");
}

/** Of its own imports, the modules. */
export function canaryModules(): string[] {
  const imports = canary().matchAll(/^(?:import|from) ([\w., ]+?)(?: import .*)?$/gm);
  const names = [...imports].flatMap(([, modules = ""]) => modules.split(", "));
  return [...new Set(names)].filter((name) => name !== "__main__");
}
