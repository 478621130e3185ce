import { packagePath } from "../src/base/package-root.ts";
import { run } from "../test/helpers/run.ts";

/** Runs a baseline of bench/programs; what it prints as its last line is JSON. */
export async function baseline<T>(executable: string, script: string, ...args: string[]): Promise<T> {
  const { status, stdout, stderr } = await run(executable, ["-I", packagePath("bench", "programs", script), ...args]);
  if (status !== 0) throw new Error(`${script} ended with status ${status}: ${stderr.trim()}`);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as T;
}
