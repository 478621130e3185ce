import type { Trace } from "../../record/trace/trace.ts";
import { type Renderer, WHOLE } from "./renderer.ts";

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
    render(program, trace, view = WHOLE) {
      const recorded = recordedThreads(trace);
      if (recorded === 1) return renderer.render(program, trace, view);
      const made = renderer.render(program, trace.ofThread(MAIN), view);
      return made.map(({ row, said }) => ({ row: marked(row, recorded), said }));
    },
  };
  if (inParts === undefined) return shown;
  return {
    ...shown,
    inParts(program, trace, view) {
      const recorded = recordedThreads(trace);
      if (recorded === 1) return inParts(program, trace, view);
      return marked(inParts(program, trace.ofThread(MAIN), view), recorded);
    },
  };
}

/** The main one is always among them. */
function recordedThreads({ threads }: Trace): number {
  return threads.includes(MAIN) || threads.length === 0 ? Math.max(1, threads.length) : threads.length + 1;
}

function marked(row: object, recorded: number): OneThread {
  return { ...row, threads: { shown: MAIN, recorded } };
}
