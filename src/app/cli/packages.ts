import { installedPackages } from "../../engine/python/packages.ts";
import type { Feature } from "./machine.ts";

/** Those that programs import most. */
const KNOWN = ["numpy", "pandas", "scipy", "sympy", "networkx", "sklearn"] as const;

/** Which third-party packages programs can import with this Python, and how to get the others. */
export async function thirdPartyPackages(executable: string): Promise<Feature> {
  const name = "packages";
  try {
    const found = await installedPackages(executable, KNOWN);
    const works = found.length > 0;
    const detail = works
      ? `${found.join(", ")}. Imported once for all programs with --preload ${found.join(",")}`
      : `none of ${KNOWN.join(", ")}. Fix: name a virtual environment that has them, --python VENV/bin/python --preload numpy`;
    return { name, works, detail };
  } catch (error) {
    return { name, works: false, detail: error instanceof Error ? error.message : String(error) };
  }
}
