import { existsSync } from "node:fs";
import { ArtefactError } from "../errors.ts";
import { packagePath } from "../package-root.ts";

/** Absolute paths of what the build made. */
export interface Artefacts {
  readonly addon: string;
  /** The executable of a tracer process. */
  readonly host: string;
  /** The tracer as built for one minor version of Python. */
  readonly core: string;
}

/** Where the build puts the addon; it may be missing. */
export const addonPath: string = packagePath("build", "Release", "tracemill.node");
/** Where the build puts the tracer process; it may be missing. */
export const hostPath: string = packagePath("build", "Release", "tracemill-host");

/** Where the build puts the core for Python 3.`minor`; it may be missing. */
export function corePath(minor: number): string {
  return packagePath("build", "Release", `core-cp3${minor}.so`);
}

/**
 * What is needed to trace with a Python. Throws an {@link ArtefactError} with the command that builds what is missing;
 * `executable` is the Python to name in it.
 */
export function artefacts(minor: number, executable = `python3.${minor}`): Artefacts {
  const paths = { addon: addonPath, host: hostPath, core: corePath(minor) };
  for (const [what, path] of Object.entries(paths)) {
    if (existsSync(path)) continue;
    const name = what === "core" ? `core for Python 3.${minor}` : what;
    const fix = `Fix: npm run build:native -- --python ${executable}`;
    throw new ArtefactError("artefact-missing", `the ${name} is not built (no ${path}). ${fix}`);
  }
  return paths;
}
