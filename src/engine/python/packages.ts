import { execFile } from "node:child_process";
import { promisify } from "node:util";

const ANSWER_MS = 10_000;

const QUESTION = `import importlib.util, sys
print(*[name for name in sys.argv[1:] if importlib.util.find_spec(name)])`;

/** Those of the packages that programs of this Python can import, none of which is imported for it. */
export async function installedPackages(executable: string, names: readonly string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)(executable, ["-I", "-c", QUESTION, ...names], { timeout: ANSWER_MS });
  return stdout.split(/\s+/).filter((word) => word !== "");
}
