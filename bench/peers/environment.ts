import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packagePath } from "../../src/base/package-root.ts";
import { run } from "../../test/helpers/run.ts";

const REQUIREMENTS = packagePath("bench", "peers", "requirements.txt");

/**
 * The Python of a virtual environment below `build` that has the tools in their pinned versions. Made once from PyPI;
 * throws what pip said where that fails.
 */
export async function peerPython(executable: string, version: string): Promise<string> {
  const folder = packagePath("build", "peers", version);
  const python = join(folder, "bin", "python");
  const made = join(folder, "requirements.txt");
  const wanted = await readFile(REQUIREMENTS, "utf8");
  if (existsSync(made) && (await readFile(made, "utf8")) === wanted) return python;
  await mkdir(folder, { recursive: true });
  await must(executable, ["-m", "venv", "--clear", folder]);
  await must(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS]);
  // Last, so that a broken installation is made again.
  await writeFile(made, wanted);
  return python;
}

async function must(file: string, args: string[]): Promise<void> {
  const { status, stderr } = await run(file, args);
  if (status !== 0) throw new Error(`${file} ${args.join(" ")} ended with status ${status}: ${stderr.trim()}`);
}
