import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { addonPath, corePath, hostPath } from "../../src/base/addon/artefacts.ts";
import { packagePath } from "../../src/base/package-root.ts";

export interface BuiltPython {
  executable: string;
  version: string;
  minor: number;
}

interface PythonsScript {
  everyPython(report: (message: string) => void): BuiltPython[];
}

/** One for each minor version that is installed and can be used, by the build script's own search. */
export async function installedPythons(): Promise<BuiltPython[]> {
  const script = (await import(pathToFileURL(packagePath("scripts", "pythons.mjs")).href)) as PythonsScript;
  return script.everyPython(() => {});
}

/** Every installed Python that this checkout has a core for, one per minor version. */
export async function builtPythons(): Promise<BuiltPython[]> {
  if (!existsSync(addonPath) || !existsSync(hostPath)) return [];
  return (await installedPythons()).filter(({ minor }) => existsSync(corePath(minor)));
}

/** Why a test that needs a built Python is skipped. */
export const NOT_BUILT = "no core is built for an installed Python: npm run build:native";
