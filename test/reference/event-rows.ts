// Rows of the format `events` with what it does not show and the reference does: which object a value is.

import type { Program } from "../../src/base/schema/program.ts";
import type { Trace } from "../../src/record/trace/trace.ts";
import type { TraceEvent, Value } from "../../src/record/trace/value.ts";
import { type EventsEvent, type EventsRow, renderEvents } from "../../src/views/formats/events.ts";

/** The first `count` events; with less, the outcome is that of the whole. */
export function eventsWithIdentities(
  program: Program,
  trace: Trace,
  count: number = Number.POSITIVE_INFINITY,
): EventsRow {
  const row = renderEvents(program, firstEvents(trace, count));
  for (const [index, event] of row.events.entries()) {
    for (const [name, value] of trace.stateAt(index)) identify(event.locals[name], value);
  }
  for (const { index, value } of trace.events()) {
    if (index >= row.events.length) break;
    if (value !== null) identify((row.events[index] as EventsEvent).value, value);
  }
  return row;
}

function identify(shown: object | undefined, { identity }: Value): void {
  if (shown !== undefined && identity !== null) Object.assign(shown, { id: identity });
}

/** The trace as the renderer reads it, ending after so many events. */
function firstEvents(trace: Trace, count: number): Trace {
  function* events(): Generator<TraceEvent> {
    for (const event of trace.events()) {
      if (event.index >= count) return;
      yield event;
    }
  }
  return new Proxy(trace, {
    get(whole, name) {
      if (name === "events") return events;
      const member: unknown = Reflect.get(whole, name, whole);
      return typeof member === "function" ? member.bind(whole) : member;
    },
  });
}
