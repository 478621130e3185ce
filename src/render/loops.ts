// Which iteration of which loop every event belongs to, and which events a view with fewer iterations leaves out.
// Loops are found by statement, tied to frames, so that recursion does not mix them; what a function does that an
// iteration calls belongs to that iteration.

import { CODE_FLAGS, EVENT, EVENT_KIND_MASK } from "../record/format.ts";
import type { Trace } from "../record/trace.ts";
import type { SourceStatements, Statement } from "./statements.ts";

/** Iterations of one loop that are not shown, from 1. */
export interface Elision {
  /** Of the loop's header. */
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

/** One iteration of one activation of a loop. */
export interface Iteration {
  readonly loop: LoopRun;
  /** From 1; that of the check which ends the loop is `loop.total + 1`. */
  readonly number: number;
}

/** One activation of a loop: entered once, left once. */
export interface LoopRun {
  readonly header: Statement;
  /** The iteration of an outer loop, or of a caller's, that it runs in. */
  readonly around: Iteration | null;
  /** Iterations that ran; the check that ends the loop is none. */
  total: number;
}

interface OpenLoop {
  readonly run: LoopRun;
  current: Iteration;
  /** Something after the header ran in the current iteration. */
  bodyRan: boolean;
}

interface FrameLoops {
  /** The caller's iteration. */
  readonly base: Iteration | null;
  readonly open: OpenLoop[];
  last: Statement | undefined;
}

/** By event, the innermost iteration that it happened in. */
export function iterationsOf(trace: Trace, statements: SourceStatements): (Iteration | null)[] {
  const { decoder } = trace;
  const { index } = decoder;
  const frames: (FrameLoops | undefined)[] = [];
  const iterations: (Iteration | null)[] = new Array(index.eventTag.length);
  for (let event = 0; event < iterations.length; event++) {
    const id = index.eventFrame.at(event);
    let frame = frames[id];
    if (frame === undefined) {
      const parent = index.frameParent.at(id);
      const caller = parent === 0 ? undefined : frames[parent - 1];
      frame = { base: caller === undefined ? null : current(caller), open: [], last: undefined };
      frames[id] = frame;
    }
    const kind = index.eventTag.at(event) & EVENT_KIND_MASK;
    const code = index.frameCode.at(id);
    if (kind === EVENT.line && hasOwnLoops(index.codeFlags.at(code), decoder.codeName(code))) {
      step(frame, statements.at(index.eventLine.at(event)));
    }
    iterations[event] = current(frame);
    if (kind === EVENT.return) {
      closeFrom(frame, 0);
      frames[id] = { ...frame, open: [] };
    }
  }
  for (const frame of frames) if (frame !== undefined) closeFrom(frame, 0);
  return iterations;
}

/** Comprehensions and lambdas run on lines whose statements belong to the function around them. */
function hasOwnLoops(flags: number, name: string): boolean {
  return (flags & CODE_FLAGS.library) === 0 && !(name.endsWith(">") && !name.endsWith("<module>"));
}

function current(frame: FrameLoops): Iteration | null {
  return frame.open.at(-1)?.current ?? frame.base;
}

/** A line of `statement` runs in the frame. */
function step(frame: FrameLoops, statement: Statement | undefined): void {
  const path = statement?.loops ?? [];
  let same = 0;
  while (same < path.length && frame.open[same]?.run.header === path[same]) same += 1;
  closeFrom(frame, same);
  for (const open of frame.open) if (open.run.header !== statement) open.bodyRan = true;
  const again = same === path.length ? frame.open.at(-1) : undefined;
  for (const header of path.slice(same)) {
    const run: LoopRun = { header, around: current(frame), total: 0 };
    frame.open.push({ run, current: { loop: run, number: 1 }, bodyRan: header !== statement });
  }
  if (again !== undefined && again.run.header === statement) {
    // The lines of one header may run in any order before the first of its body does.
    if (frame.last !== statement || statement.first === statement.last) nextIteration(again);
  }
  frame.last = statement;
}

function nextIteration(open: OpenLoop): void {
  open.current = { loop: open.run, number: open.current.number + 1 };
  open.bodyRan = false;
}

/** The frame left the loops from `depth` inwards. */
function closeFrom(frame: FrameLoops, depth: number): void {
  while (frame.open.length > depth) {
    const open = frame.open.pop() as OpenLoop;
    const { run, current: last, bodyRan } = open;
    run.total = bodyRan ? last.number : last.number - 1;
  }
}

export interface Hidden {
  /** By event, 1 for what is left out. */
  readonly events: Uint8Array;
  /** By event, the first one of a frame that is left out. */
  readonly elisions: ReadonlyMap<number, Elision>;
  /** The outermost iteration around, or this one, that is left out. */
  readonly hiddenIn: (iteration: Iteration | null) => Iteration | null;
}

/** What is left out when only the first `head` and the last `tail` iterations of every loop are shown. */
export function hideIterations(
  iterations: readonly (Iteration | null)[],
  trace: Trace,
  { head, tail }: { readonly head: number; readonly tail: number },
): Hidden {
  const { eventFrame } = trace.decoder.index;
  const known = new Map<Iteration, Iteration | null>();
  const hiddenIn = (iteration: Iteration | null): Iteration | null => {
    if (iteration === null) return null;
    const before = known.get(iteration);
    if (before !== undefined) return before;
    const { loop, number } = iteration;
    const own = number > head && number <= loop.total - tail ? iteration : null;
    const hidden = hiddenIn(loop.around) ?? own;
    known.set(iteration, hidden);
    return hidden;
  };
  const events = new Uint8Array(iterations.length);
  const elisions = new Map<number, Elision>();
  /** By frame, the loop whose iterations are being left out. */
  const leaving: (LoopRun | null | undefined)[] = [];
  for (const [event, iteration] of iterations.entries()) {
    const hidden = hiddenIn(iteration);
    const frame = eventFrame.at(event);
    // A frame that shows nothing at all needs no word about it.
    const starts = hidden !== null && leaving[frame] !== undefined && leaving[frame] !== hidden.loop;
    if (hidden === null || leaving[frame] !== undefined) leaving[frame] = hidden?.loop ?? null;
    if (hidden === null) continue;
    events[event] = 1;
    if (!starts) continue;
    const { header, total } = hidden.loop;
    elisions.set(event, { line: header.first, from: head + 1, to: total - tail });
  }
  return { events, elisions, hiddenIn };
}
