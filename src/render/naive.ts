import type { Trace } from "../record/trace.ts";
import type { Program } from "../schema/program.ts";
import type { Renderer } from "./renderer.ts";
import { TEXT_IMPLIES, textOf, textRow } from "./text-row.ts";

export const naiveRenderer: Renderer = {
  name: "naive",
  title: "the program alone: the baseline without a trace",
  example: "def f(n):\n    return n",
  corrects: null,
  skips: "nothing: no iteration is shown",
  implies: TEXT_IMPLIES,
  extension: ".jsonl",
  render(program: Program, trace: Trace) {
    return textRow(program, trace, program.code);
  },
  text: textOf,
};
