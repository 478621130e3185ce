import { execFile } from "node:child_process";
import { promisify } from "node:util";

export interface Finished {
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end; a status other than 0 is a result, not an error. */
export async function run(file: string, args: string[], timeoutMs = 300_000): Promise<Finished> {
  const options = { timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024, encoding: "utf8" } as const;
  try {
    return { status: 0, ...(await promisify(execFile)(file, args, options)) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout?: string; stderr?: string };
    if (typeof code !== "number") throw error;
    return { status: code, stdout: stdout ?? "", stderr: stderr ?? "" };
  }
}
