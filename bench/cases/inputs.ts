import type { BenchCase } from "../case.ts";
import { mustFinish, warmTracer } from "../engine.ts";
import { interleaved, measurement, seconds } from "../measure.ts";

const INPUTS = 10;
/** Long to compile, and nothing to run: lines of a function that is never called. */
const UNUSED_LINES = 4_000;

export const inputsCase: BenchCase = {
  name: "inputs",
  title: `${INPUTS} inputs of one long source, which is compiled once, beside one input and ${INPUTS} sources`,
  async run({ python, short }) {
    await using tracer = await warmTracer({ workers: 1, ...(python && { python }) });
    const unused = Array.from({ length: UNUSED_LINES }, (_, i) => `    x${i} = [${i}, "y"]\n`).join("");
    const program = (source: number, input: number) => ({
      id: `${source}-${input}`,
      code: `def unused():\n${unused}\ndef f(n):\n    return n + ${source}\n`,
      entry: `f(${input})`,
    });
    const numbers = [...Array(INPUTS).keys()];
    // Another source in every pass: what was compiled for an earlier one helps nobody.
    let source = 0;
    const rounds = await interleaved(
      {
        one: () => seconds(() => mustFinish(tracer, [program(++source, 0)])),
        inputs: () => {
          source++;
          return seconds(() =>
            mustFinish(
              tracer,
              numbers.map((input) => program(source, input)),
            ),
          );
        },
        sources: () =>
          seconds(() =>
            mustFinish(
              tracer,
              numbers.map((input) => program(++source, input)),
            ),
          ),
      },
      short ? 3 : 15,
    );
    return [
      // Compiled for every input it would be near the last line's.
      measurement(
        `${INPUTS} inputs / one`,
        "x",
        rounds.map((r) => r.inputs / r.one),
        { budget: 2 },
      ),
      measurement(
        `${INPUTS} sources / one`,
        "x",
        rounds.map((r) => r.sources / r.one),
      ),
    ];
  },
};
