import type { SourceStatements } from "../../python/statements.ts";
import type { Trace } from "../../record/trace/trace.ts";
import type { TraceEvent, Value } from "../../record/trace/value.ts";
import type { View } from "../formats/renderer.ts";
import { type Elision, hideLoops } from "./hidden-loops.ts";

export interface ShownEvent extends TraceEvent {
  /**
   * Set where iterations are left out: the event is the first that is not shown, and its changes are those of the line
   * before it. What the iterations changed comes with the frame's next event.
   */
  readonly elided: Elision | null;
}

const NO_CHANGES: ReadonlyMap<string, Value | null> = new Map();

/** The events that the view shows, in execution order. */
export function* shownEvents(trace: Trace, statements: SourceStatements, view: View): Generator<ShownEvent> {
  if (view.loops === null && !trace.loopsSkipped) {
    for (const event of trace.events()) yield Object.assign(event, { elided: null });
    return;
  }
  const { events, elisions, marks } = hideLoops(trace, statements, view);
  /** By frame, what changed in iterations that are not shown. */
  const changed: (Map<string, Value | null> | undefined)[] = [];
  for (const event of trace.events()) {
    const { frame } = event;
    const before = changed[frame];
    if (events[event.index] === 1) {
      const elided = elisions.get(event.index);
      if (elided !== undefined) yield Object.assign(event, { changes: merged(before, event.changes), elided });
      changed[frame] = elided === undefined ? merged(before, event.changes) : new Map();
    } else {
      for (const { elision, last } of marks.get(event.index) ?? []) {
        const nothing = { kind: "line", changes: NO_CHANGES, value: null, unwound: false, exception: null } as const;
        yield { ...event, ...nothing, index: last < 0 ? event.index : last, elided: elision };
      }
      changed[frame] = undefined;
      yield Object.assign(event, { changes: merged(before, event.changes), elided: null });
    }
  }
}

/** The earlier map takes the later changes; it belongs to the caller. */
function merged(
  earlier: Map<string, Value | null> | undefined,
  later: ReadonlyMap<string, Value | null>,
): Map<string, Value | null> {
  const all = earlier ?? new Map<string, Value | null>();
  for (const [name, value] of later) all.set(name, value);
  return all;
}
