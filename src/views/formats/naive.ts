import type { Renderer } from "./renderer.ts";
import { textRenderer } from "./text-row.ts";

export const naiveRenderer: Renderer = textRenderer(
  {
    name: "naive",
    title: "the program alone: the baseline without a trace",
    example: "def f(n):\n    return n",
    corrects: null,
    skips: "nothing: no iteration is shown",
  },
  (program) => program.code,
);
