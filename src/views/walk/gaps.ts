// Iterations that a record lacks, since it was made with `--loops skip`.
//
// What a line did is known from the next event of its frame. The last line before a gap has none: its frame's next event
// says what that line and all missing iterations did together. So the iteration before a gap is not shown either, and of
// a record with `--loop-head 3` two iterations are.

import type { Trace } from "../../record/trace/trace.ts";

export interface Gap {
  /** Of the loop. */
  readonly line: number;
  /** The first missing iteration, from 1. */
  readonly first: number;
  readonly count: number;
  /** The frame's last event before it; -1: none. */
  readonly last: number;
}

/** By event, the gaps in front of it in its own frame. Those that no event of their frame follows are left out. */
export function gapsOf(trace: Trace): ReadonlyMap<number, readonly Gap[]> {
  const gaps = new Map<number, Gap[]>();
  if (!trace.loopsSkipped) return gaps;
  const { eventFrame } = trace.decoder.index;
  const elisions = Array.from(trace.elisions());
  /** By frame, its last event. */
  const last: (number | undefined)[] = [];
  /** By frame, gaps that wait for its next event. */
  const open = new Map<number, Gap[]>();
  let next = 0;
  for (let event = 0; event < eventFrame.length; event++) {
    for (let elision = elisions[next]; elision !== undefined && elision.before <= event; elision = elisions[++next]) {
      const { frame, loopLine: line, first, count } = elision;
      const waiting = open.get(frame) ?? [];
      waiting.push({ line, first, count, last: last[frame] ?? -1 });
      open.set(frame, waiting);
    }
    const frame = eventFrame.at(event);
    last[frame] = event;
    const waiting = open.get(frame);
    if (waiting === undefined) continue;
    gaps.set(event, waiting);
    open.delete(frame);
  }
  return gaps;
}
