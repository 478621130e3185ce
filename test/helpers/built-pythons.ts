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

/** Every installed Python that this checkout has a core for, one per minor version. */
export async function builtPythons(): Promise<BuiltPython[]> {
  if (!existsSync(addonPath) || !existsSync(hostPath)) return [];
  // The build script's own search, so that a Python which was built is found.
  const script = (await import(pathToFileURL(packagePath("scripts", "pythons.mjs")).href)) as PythonsScript;
  return script.everyPython(() => {}).filter(({ minor }) => existsSync(corePath(minor)));
}

/** Why a test that needs a built Python is skipped. */
export const NOT_BUILT = "no core is built for an installed Python: npm run build:native";
