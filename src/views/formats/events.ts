import type { Program } from "../../base/schema/program.ts";
import { SourceStatements } from "../../python/statements.ts";
import type { Trace } from "../../record/trace/trace.ts";
import type { RaisedException, TraceEvent, Value } from "../../record/trace/value.ts";
import { RowSize } from "../text/row-size.ts";
import { shortened } from "../text/value-text.ts";
import { verdictOf } from "../verdict/verdict.ts";
import { type ShownEvent, shownEvents } from "../walk/shown-events.ts";
import { type Rendered, type Renderer, type View, WHOLE } from "./renderer.ts";
import { type Said, traceAlone } from "./said.ts";

/** A value in JSON; the full length is told when the text was cut. */
export interface EventsValue {
  type: string;
  repr: string;
  len?: number;
}

/** `repr` is the exception by its type, arguments and fields. */
interface JsonException {
  type: string;
  message: string;
  repr?: string;
  line?: number;
}

/** One event in JSON; what an event does not have is left out. */
export interface EventsEvent {
  event: string;
  frame: number;
  parent?: number;
  function: string;
  line: number;
  /** On which it happened, where the program has more than one. */
  thread?: number;
  locals: Record<string, EventsValue>;
  value?: EventsValue;
  exception?: JsonException;
  /** Of `elided`: iterations of the loop in its line that are left out, to meet a budget. */
  iterations?: [from: number, to: number];
}

export interface EventsRow {
  id: string;
  outcome: {
    status: string;
    result: EventsValue | null;
    exception: JsonException | null;
    /** Where the row expects a value: whether it is the result, or why that cannot be said. */
    verdict?: boolean;
    notComparable?: string;
    detail?: string;
  };
  stdout: string;
  events: EventsEvent[];
  /** Of records with skipped loops: which iterations ran and are not among the events. */
  elided?: EventsElision[];
}

/** Iterations `first` to `first + count - 1` of a loop, in front of `events[before]`. */
export interface EventsElision {
  before: number;
  frame: number;
  line: number;
  first: number;
  count: number;
  events: number;
}

export const eventsRenderer: Renderer = {
  name: "events",
  title: "every event with the complete state of its frame",
  example: `{"id":"a","outcome":{"status":"ok",...},"stdout":"","events":[{"event":"line","frame":0,"function":"f","line":2,
"locals":{"x":{"type":"int","repr":"1"}}},{"event":"return",...,"value":{"type":"int","repr":"2"}}]}`,
  extension: ".jsonl",
  corrects: null,
  skips: "`elided` tells which, and before which event",
  render(program: Program, trace: Trace, view: View = WHOLE): [Rendered<EventsRow>] {
    const row = renderEvents(program, trace, view);
    return [{ row, said: () => saidOf(row) }];
  },
};

function saidOf({ id: _, ...rest }: EventsRow): Said {
  return traceAlone(JSON.stringify(rest), rest.outcome.result?.repr ?? null);
}

export function renderEvents(program: Program, trace: Trace, view: View = WHOLE): EventsRow {
  const { outcome } = trace;
  const row: EventsRow = {
    id: program.id,
    outcome: {
      status: outcome.status,
      result: outcome.result === null ? null : jsonValue(outcome.result, view),
      exception: outcome.exception === null ? null : jsonException(outcome.exception, view),
    },
    stdout: trace.stdout,
    events: [],
  };
  const verdict = verdictOf(program, outcome, () => trace.stdout);
  if (verdict?.is === "not-comparable") row.outcome.notComparable = verdict.reason;
  else if (verdict !== null) row.outcome.verdict = verdict.is === "yes";
  if (outcome.detail !== null) row.outcome.detail = outcome.detail;
  const size = new RowSize();
  const statements = new SourceStatements(program.code);
  const threaded = trace.threads.some((thread) => thread !== 0);
  const events = view.loops === null ? trace.events() : shownEvents(trace, statements, view);
  for (const event of events) {
    const json = jsonEvent(event, trace.stateAt(event.index), view);
    if (threaded) json.thread = event.thread;
    const elided = "elided" in event ? (event as ShownEvent).elided : null;
    if (elided !== null) {
      const { line, from, to } = elided;
      Object.assign(json, { event: "elided", line, iterations: [from, to] });
    }
    size.add(charsOf(json));
    row.events.push(json);
  }
  if (trace.loopsSkipped && view.loops === null) {
    row.elided = Array.from(trace.elisions(), ({ loopLine, before, frame, first, count, events }) => {
      return { before, frame, line: loopLine, first, count, events };
    });
  }
  return row;
}

function jsonEvent(event: TraceEvent, state: ReadonlyMap<string, Value>, view: View): EventsEvent {
  const json: EventsEvent = {
    event: event.kind,
    frame: event.frame,
    function: event.function,
    line: event.line,
    locals: jsonLocals(state, view),
  };
  if (event.parent !== null) json.parent = event.parent;
  if (event.value !== null) json.value = jsonValue(event.value, view);
  if (event.exception !== null) json.exception = jsonException(event.exception, view);
  return json;
}

/** About what the event adds to the row. */
function charsOf(event: EventsEvent): number {
  const { exception, value } = event;
  let chars = 64 + event.function.length + (value?.repr.length ?? 0);
  chars += (exception?.message.length ?? 0) + (exception?.repr?.length ?? 0);
  for (const name in event.locals) chars += 24 + name.length + (event.locals[name] as EventsValue).repr.length;
  return chars;
}

/** Own properties whatever the names are: a program may call a variable `__proto__`. */
function jsonLocals(state: ReadonlyMap<string, Value>, view: View): Record<string, EventsValue> {
  return Object.fromEntries(Array.from(state, ([name, value]) => [name, jsonValue(value, view)]));
}

function jsonValue(value: Value, view: View): EventsValue {
  const json: EventsValue = { type: value.type, repr: shortened(value.repr, view) };
  if (value.cut && value.length !== null) json.len = value.length;
  return json;
}

function jsonException(exception: RaisedException & { readonly line?: number | null }, view: View): JsonException {
  const json: JsonException = { type: exception.type, message: exception.message };
  if (exception.value !== null) json.repr = shortened(exception.value.repr, view);
  if (exception.line != null) json.line = exception.line;
  return json;
}
