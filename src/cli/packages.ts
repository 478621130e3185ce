import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Feature } from "./machine.ts";

/** Those that programs import most. */
const KNOWN = ["numpy", "pandas", "scipy", "sympy", "networkx", "sklearn"] as const;

const ANSWER_MS = 10_000;

const QUESTION = `import importlib.util, sys
print(*[name for name in sys.argv[1:] if importlib.util.find_spec(name)])`;

/** Which third-party packages programs can import with this Python, and how to get the others. */
export async function thirdPartyPackages(executable: string): Promise<Feature> {
  const name = "packages";
  try {
    const { stdout } = await promisify(execFile)(executable, ["-I", "-c", QUESTION, ...KNOWN], { timeout: ANSWER_MS });
    const found = stdout.split(/\s+/).filter((word) => word !== "");
    const works = found.length > 0;
    const detail = works
      ? `${found.join(", ")}. Imported once for all programs with --preload ${found.join(",")}`
      : `none of ${KNOWN.join(", ")}. Fix: name a virtual environment that has them, --python VENV/bin/python --preload numpy`;
    return { name, works, detail };
  } catch (error) {
    return { name, works: false, detail: error instanceof Error ? error.message : String(error) };
  }
}
