import { type ChildProcess, spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../src/app/cli/main.ts", import.meta.url));

/** What to run for the command line from its sources. */
export const CLI: readonly [string, ...string[]] = [process.execPath, "--import", import.meta.resolve("tsx"), MAIN];

export interface CliResult {
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface CliRun {
  child: ChildProcess;
  result: Promise<CliResult>;
}

export function startCli(args: readonly string[], options: { cwd: string; python?: string }): CliRun {
  const env = options.python === undefined ? process.env : { ...process.env, TRACEMILL_PYTHON: options.python };
  const child = spawn(CLI[0], [...CLI.slice(1), ...args], { cwd: options.cwd, env });
  const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status, signal) => resolve([status, signal]));
  });
  const result = Promise.all([ended, text(child.stdout), text(child.stderr)]).then(
    ([[status, signal], stdout, stderr]) => ({ status, signal, stdout, stderr }),
  );
  return { child, result };
}

export function cli(args: readonly string[], options: { cwd: string; python?: string }): Promise<CliResult> {
  return startCli(args, options).result;
}
