import { startProgress } from "../../base/log/progress.ts";
import { evaluate } from "../../products/evaluate/evaluate.ts";
import { EXIT } from "./exit.ts";
import { parseEvaluateFlags } from "./flags.ts";
import { Interrupt } from "./interrupt.ts";
import { printOut } from "./stdout.ts";

export async function evaluateCommand(benchmark: string, given: Record<string, unknown>): Promise<number> {
  const { output: folder, json, python, workers, ...flags } = parseEvaluateFlags(given);
  using interrupt = new Interrupt();
  const progress = startProgress();
  const { results } = await evaluate({
    benchmark,
    folder,
    ...flags,
    trials: { python, workers },
    signal: interrupt.signal,
    onProgress({ programs: done }, total) {
      progress.update({ done, total, values: { samples: done } });
    },
  }).finally(() => progress.stop());
  if (results === null) {
    process.stderr.write("tracemill: add --resume to the same command line to go on\n");
    return EXIT.interrupted;
  }
  if (json) await printOut(`${JSON.stringify(results)}\n`);
  else {
    const { passAt1, right, wrong, unscored, unanswered } = results;
    const share = passAt1 === null ? "nothing scored" : `pass@1 ${(passAt1 * 100).toFixed(2)} %`;
    const counts = `${right} right, ${wrong} wrong (${unanswered} without a prediction), ${unscored} unscored`;
    process.stderr.write(`${folder}: ${share}; ${counts}\n`);
  }
  return EXIT.ok;
}
