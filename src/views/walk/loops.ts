// Which iteration of which loop every event belongs to. Loops are found by statement, tied to frames, so that recursion
// does not mix them; what a function does that an iteration calls belongs to that iteration.

import type { SourceStatements, Statement } from "../../python/statements.ts";
import { CODE_FLAGS, EVENT, EVENT_KIND_MASK } from "../../record/trace/format.ts";
import type { Trace } from "../../record/trace/trace.ts";
import { type Gap, gapsOf } from "./gaps.ts";

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
  /** Iterations that ran and were not recorded. */
  gap: Gap | null;
}

/** The loops of a trace. */
export interface LoopWalk {
  /** By event, the innermost iteration that it happened in. */
  readonly iterations: readonly (Iteration | null)[];
  /** By event, the iteration that its frame was called, or went on, in. */
  readonly callers: readonly (Iteration | null)[];
  /** Gaps of loops that are no statements (comprehensions), by the frame's next event. */
  readonly otherGaps: ReadonlyMap<number, readonly Gap[]>;
}

/** The iteration around the loop that is one of the same function; null: it is in none there. */
export function iterationWithin({ header, around }: LoopRun): Iteration | null {
  return header.loops.length > 1 ? around : null;
}

/** The numbers of the iterations around, those of the same function, outermost first. */
export function iterationPath(iteration: Iteration): number[] {
  const around = iterationWithin(iteration.loop);
  return [...(around === null ? [] : iterationPath(around)), iteration.number];
}

/** The innermost iteration of the event's own function that it happened in. */
export function ownIteration(
  iterations: LoopWalk["iterations"],
  callers: LoopWalk["callers"],
  event: number,
): Iteration | null {
  const iteration = iterations[event] ?? null;
  return iteration === callers[event] ? null : iteration;
}

interface OpenLoop {
  readonly run: LoopRun;
  current: Iteration;
  /** Of the first line of the header that ran. */
  readonly firstLine: number;
  /** Something after the header ran in the current iteration. */
  bodyRan: boolean;
}

interface FrameLoops {
  /** The caller's iteration. */
  base: Iteration | null;
  readonly open: OpenLoop[];
}

export function walkLoops(trace: Trace, statements: SourceStatements): LoopWalk {
  const { decoder } = trace;
  const { index } = decoder;
  const gaps = gapsOf(trace);
  const countable = countableLoops(statements, trace.pythonMinor);
  const frames: (FrameLoops | undefined)[] = [];
  const iterations: (Iteration | null)[] = new Array(index.eventTag.length);
  const callers: (Iteration | null)[] = new Array(index.eventTag.length);
  const otherGaps = new Map<number, Gap[]>();
  for (let event = 0; event < iterations.length; event++) {
    const id = index.eventFrame.at(event);
    const kind = index.eventTag.at(event) & EVENT_KIND_MASK;
    let frame = frames[id];
    // What resumed a generator may be in a gap of its loop.
    if (frame === undefined || kind === EVENT.resume || gaps.has(event)) {
      const parent = index.frameParent.at(id);
      const caller = parent === 0 ? undefined : frames[parent - 1];
      const base = caller === undefined ? null : current(caller);
      frame = { open: [], ...frame, base };
      frames[id] = frame;
    }
    for (const gap of gaps.get(event) ?? []) {
      if (!passGap(frame, gap)) otherGaps.set(event, [...(otherGaps.get(event) ?? []), gap]);
    }
    const code = index.frameCode.at(id);
    if (kind === EVENT.line && hasOwnLoops(index.codeFlags.at(code), decoder.codeName(code))) {
      const line = index.eventLine.at(event);
      step(frame, statements.at(line), line, countable);
    }
    iterations[event] = current(frame);
    callers[event] = frame.base;
    if (kind === EVENT.return) {
      closeFrom(frame, 0);
      frames[id] = { ...frame, open: [] };
    }
  }
  for (const frame of frames) if (frame !== undefined) closeFrom(frame, 0);
  return { iterations, callers, otherGaps };
}

/** Counts the iterations of the gap; false when the frame is in no such loop. */
function passGap(frame: FrameLoops, gap: Gap): boolean {
  const at = frame.open.findLastIndex(
    ({ run, current }) => run.header.first === gap.line && current.number === gap.first - 1,
  );
  const open = frame.open[at];
  if (open === undefined) return false;
  closeFrom(frame, at + 1);
  open.run.gap = gap;
  open.current = { loop: open.run, number: gap.first + gap.count - 1 };
  open.bodyRan = true;
  return true;
}

/** Comprehensions and lambdas run on lines whose statements belong to the function around them. */
function hasOwnLoops(flags: number, name: string): boolean {
  return (flags & CODE_FLAGS.library) === 0 && !(name.endsWith(">") && !name.endsWith("<module>"));
}

function current(frame: FrameLoops): Iteration | null {
  return frame.open.at(-1)?.current ?? frame.base;
}

/**
 * Whether lines tell the iterations of a loop. Where all of it is on one line they do not: an inlined comprehension runs
 * that line too, and a loop that is left in its first iteration looks like one that has none.
 */
function countableLoops(statements: SourceStatements, pythonMinor: number): (loop: Statement) => boolean {
  const unclear = pythonMinor >= 12 ? /[[{].*\bfor\b|\b(?:break|return)\b/ : /\b(?:break|return)\b/;
  const known = new Map<Statement, boolean>();
  return (loop) => {
    if (!loop.inline) return true;
    const countable = known.get(loop) ?? !unclear.test(statements.text(loop));
    known.set(loop, countable);
    return countable;
  };
}

/** The line, one of `statement`, runs in the frame. */
function step(
  frame: FrameLoops,
  statement: Statement | undefined,
  line: number,
  countable: (loop: Statement) => boolean,
): void {
  const path = statement?.loops.filter(countable) ?? [];
  let same = 0;
  while (same < path.length && frame.open[same]?.run.header === path[same]) same += 1;
  closeFrom(frame, same);
  for (const open of frame.open) if (open.run.header !== statement) open.bodyRan = true;
  const again = same === path.length ? frame.open.at(-1) : undefined;
  for (const header of path.slice(same)) {
    const run: LoopRun = { header, around: current(frame), total: 0, gap: null };
    frame.open.push({ run, current: { loop: run, number: 1 }, firstLine: line, bodyRan: header !== statement });
  }
  if (again === undefined || again.run.header !== statement) return;
  // A header's lines may run several times before the first of its body does: for an inlined comprehension, say.
  if (statement.inline ? line === again.firstLine : again.bodyRan) nextIteration(again);
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
