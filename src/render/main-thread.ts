import type { Trace } from "../record/trace.ts";
import type { Program } from "../schema/program.ts";
import { type Renderer, type View, WHOLE } from "./renderer.ts";

const MAIN = 0;

/** A row of a format that shows one thread, of a program that has several. */
export interface OneThread {
  threads: { shown: number; recorded: number };
}

/** A format that shows one sequence of events: that of the main thread. Its rows say so where there are other threads. */
export function mainThreadOnly(renderer: Renderer): Renderer {
  const { inParts } = renderer;
  const shown: Renderer = {
    ...renderer,
    render: (program, trace, view = WHOLE) => ofMain(renderer.render, program, trace, view),
  };
  if (inParts === undefined) return shown;
  return { ...shown, inParts: (program, trace, view) => ofMain(inParts, program, trace, view) };
}

function ofMain(
  render: (program: Program, trace: Trace, view: View) => unknown,
  program: Program,
  trace: Trace,
  view: View,
): unknown {
  const { threads } = trace;
  if (threads.every((thread) => thread === MAIN)) return render(program, trace, view);
  const row = render(program, trace.ofThread(MAIN), view);
  const recorded = threads.includes(MAIN) ? threads.length : threads.length + 1;
  return Array.isArray(row) ? row.map((one) => marked(one, recorded)) : marked(row, recorded);
}

function marked(row: unknown, recorded: number): OneThread {
  return { ...(row as object), threads: { shown: MAIN, recorded } };
}
