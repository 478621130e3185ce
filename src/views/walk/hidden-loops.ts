// Which events a view with fewer iterations leaves out, and those around what the record itself lacks.

import type { SourceStatements } from "../../python/statements.ts";
import { EVENT, EVENT_KIND_MASK } from "../../record/trace/format.ts";
import type { Trace } from "../../record/trace/trace.ts";
import type { View } from "../formats/renderer.ts";
import type { Gap } from "./gaps.ts";
import { type Iteration, iterationWithin, type LoopRun, ownIteration, walkLoops } from "./loops.ts";

/** Iterations of one loop that are not shown, from 1. */
export interface Elision {
  /** Of the loop's header. */
  readonly line: number;
  readonly from: number;
  readonly to: number;
  /** The iteration around the loop; null: the loop is in none. */
  readonly around: Iteration | null;
  /** The same, where it is one of the same function. */
  readonly within: Iteration | null;
}

export interface HiddenLoops {
  readonly iterations: readonly (Iteration | null)[];
  /** By event, 1 for what is left out. */
  readonly events: Uint8Array;
  /** By event, the first one of a frame that is left out. */
  readonly elisions: ReadonlyMap<number, Elision>;
  /** By event that is shown: what is missing in front of it, without an event to stand for it. */
  readonly marks: ReadonlyMap<number, readonly Mark[]>;
  /** What is left out of the loop, were its iterations shown that are around it; null: nothing. */
  readonly elisionOf: (loop: LoopRun) => Elision | null;
  /** By event, the outermost iteration around it that is left out. */
  readonly hiddenAt: (event: number) => Iteration | null;
}

export interface Mark {
  readonly elision: Elision;
  /** The frame's last event before it; -1: none. */
  readonly last: number;
}

/** What is left out when only the first and the last iterations of every loop are shown, as `view.loops` says. */
export function hideLoops(trace: Trace, statements: SourceStatements, { loops }: Pick<View, "loops">): HiddenLoops {
  const { iterations, callers, otherGaps } = walkLoops(trace, statements);
  const elisionOf = (loop: LoopRun): Elision | null => {
    const { header, total, gap, around } = loop;
    const head = Math.min(loops?.head ?? Number.POSITIVE_INFINITY, gap === null ? total : Math.max(0, gap.first - 2));
    const tail = Math.min(loops?.tail ?? Number.POSITIVE_INFINITY, gap === null ? total : total - lastOf(gap));
    if (head + tail >= total) return null;
    return { line: header.first, from: head + 1, to: total - tail, around, within: iterationWithin(loop) };
  };
  const known = new Map<Iteration, Iteration | null>();
  const hiddenIn = (iteration: Iteration | null): Iteration | null => {
    if (iteration === null) return null;
    const before = known.get(iteration);
    if (before !== undefined) return before;
    const { loop, number } = iteration;
    const elision = elisionOf(loop);
    const own = elision !== null && number >= elision.from && number <= elision.to ? iteration : null;
    const hidden = hiddenIn(loop.around) ?? own;
    known.set(iteration, hidden);
    return hidden;
  };
  const { eventFrame, eventTag } = trace.decoder.index;
  const events = new Uint8Array(iterations.length);
  const elisions = new Map<number, Elision>();
  const marks = new Map<number, Mark[]>();
  /** By frame, the loop whose iterations are being left out. */
  const leaving: (LoopRun | null | undefined)[] = [];
  const hiddenAt = (event: number): Iteration | null =>
    hiddenIn(iterations[event] ?? null) ?? hiddenIn(callers[event] ?? null);
  for (let event = 0; event < iterations.length; event++) {
    const hidden = hiddenAt(event);
    const frame = eventFrame.at(event);
    // A frame that shows nothing at all needs no word about it.
    const starts = hidden !== null && leaving[frame] !== undefined && leaving[frame] !== hidden.loop;
    if (hidden === null || leaving[frame] !== undefined) leaving[frame] = hidden?.loop ?? null;
    if (hidden !== null) events[event] = 1;
    if (hidden !== null && starts) elisions.set(event, elisionOf(hidden.loop) as Elision);
  }
  for (const [event, gaps] of otherGaps) {
    for (const gap of gaps) {
      if (events[event] === 1 || events[gap.last] === 1) continue;
      const around = iterations[event] ?? null;
      const within = ownIteration(iterations, callers, event);
      const elision = { line: gap.line, from: Math.max(1, gap.first - 1), to: lastOf(gap), around, within };
      const isLine = gap.last >= 0 && (eventTag.at(gap.last) & EVENT_KIND_MASK) === EVENT.line;
      if (isLine) {
        events[gap.last] = 1;
        elisions.set(gap.last, elision);
      } else {
        const mark = { elision: { ...elision, from: gap.first }, last: gap.last };
        marks.set(event, [...(marks.get(event) ?? []), mark]);
      }
    }
  }
  return { iterations, events, elisions, marks, elisionOf, hiddenAt };
}

/** The last iteration of the gap. */
function lastOf({ first, count }: Gap): number {
  return first + count - 1;
}
