import { runInspect } from "../run/inspect-run.ts";
import { defaultOutput } from "./default-output.ts";
import { EXIT } from "./exit.ts";
import { parseInspectFlags } from "./flags.ts";
import { Interrupt } from "./interrupt.ts";
import { printOut, stdoutTarget } from "./stdout.ts";

export async function inspectCommand(inputs: readonly string[], given: Record<string, unknown>): Promise<number> {
  const { output: asked, source, limit, python, json } = parseInspectFlags(given);
  const output = asked ?? defaultOutput(inputs[0] as string, "facts", ".jsonl");
  using interrupt = new Interrupt();
  const started = performance.now();
  const counts = await runInspect({
    inputs,
    output: output === "-" ? { target: stdoutTarget(), reject: printRejected } : output,
    read: { ...(source === undefined ? {} : { source }), ...(limit === undefined ? {} : { limit }) },
    inspect: { python },
    signal: interrupt.signal,
  });
  if (counts === null) return EXIT.interrupted;
  const seconds = (performance.now() - started) / 1_000;
  const { programs, errors, rejected } = counts;
  if (json) await printOut(`${JSON.stringify({ output, ...counts, seconds })}\n`);
  else {
    const shown = `${programs} programs (${errors} without facts), ${rejected} rejected, ${seconds.toFixed(1)} s`;
    process.stderr.write(`${output}: ${shown}\n`);
  }
  return EXIT.ok;
}

async function printRejected(line: unknown): Promise<void> {
  process.stderr.write(`${JSON.stringify({ rejected: line })}\n`);
}
