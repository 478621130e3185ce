import { TracemillError, UsageError } from "../../base/errors.ts";
import { printable } from "../../base/log/printable.ts";
import { OutputClosedError } from "./stdout.ts";

/** Exit statuses; 141 is what a shell shows for a program that a closed pipe ended. */
export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130, outputClosed: 141 } as const;

/** Says what went wrong on stderr and returns the exit status. */
export function reportFailure(error: unknown): number {
  // Whoever closed the pipe does not want to read about it.
  if (error instanceof OutputClosedError) return EXIT.outputClosed;
  process.stderr.write(`tracemill: ${printable(describe(error))}\n`);
  return error instanceof UsageError ? EXIT.usage : EXIT.failed;
}

function describe(error: unknown): string {
  if (error instanceof TracemillError) return error.message;
  // Errors of the system name the file and the cause themselves.
  if (error instanceof Error && "syscall" in error) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
