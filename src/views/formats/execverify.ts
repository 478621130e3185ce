import { ParseError } from "../../base/errors.ts";
import type { Program } from "../../base/schema/program.ts";
import { SourceStatements } from "../../python/statements.ts";
import { CODE_FLAGS } from "../../record/trace/format.ts";
import type { Trace } from "../../record/trace/trace.ts";
import type { Value } from "../../record/trace/value.ts";
import { answerText } from "../text/answer.ts";
import { exceptionRepr } from "../text/exception-repr.ts";
import { RowSize } from "../text/row-size.ts";
import { shortened } from "../text/value-text.ts";
import { type ShownEvent, shownEvents } from "../walk/shown-events.ts";
import { callParts } from "../walk/target.ts";
import { type Rendered, type Renderer, type View, WHOLE } from "./renderer.ts";
import { traceAlone } from "./said.ts";

const MOST_CHARS = 200;
const TRUNCATED = "...<truncated>";

export interface ExecverifyEvent {
  event: string;
  func?: string;
  line_no?: number;
  /** Of one activation that is shown, in their order; published ones are addresses, which come again. */
  frame_id?: number;
  locals?: Record<string, string>;
  return?: string;
  exception?: { type: string; value: string };
  success?: boolean;
  /** Of `elided`: iterations left out of a loop. */
  iterations?: [from: number, to: number];
}

export interface ExecverifyRow {
  id: string;
  test_case: {
    func_str: string;
    func_name: string | null;
    func_args: string | null;
    result: string | null;
    code_to_run: string;
  };
  trace_events: ExecverifyEvent[];
}

export const execverifyRenderer: Renderer = {
  name: "execverify",
  title: "ExecVerify's trace events: the state before every line, of every function",
  example: `{"id":"a","test_case":{"func_name":"f","func_args":"1",...},"trace_events":[{"event":"line","func":"f","line_no":2,
"frame_id":1,"locals":{"n":"1"}},{"event":"return",...,"return":"1"},{"event":"program_end","success":true}]}`,
  corrects: "values are whole (the published ones end after 200 characters)",
  skips: `"event":"elided"`,
  extension: ".jsonl",
  render(program: Program, trace: Trace, view: View = WHOLE): [Rendered<ExecverifyRow>] {
    const call = callParts(program.entry);
    const row: ExecverifyRow = {
      id: program.id,
      test_case: {
        func_str: program.code,
        func_name: call?.name ?? null,
        func_args: call?.args ?? null,
        result: answerText(trace),
        code_to_run: `${program.code}\n\n${program.entry ?? ""}\n`,
      },
      trace_events: execverifyEvents(program, trace, view),
    };
    return [{ row, said: () => traceAlone(JSON.stringify(row.trace_events), row.test_case.result) }];
  },
};

export function execverifyEvents(program: Program, trace: Trace, view: View): ExecverifyEvent[] {
  const { decoder, outcome } = trace;
  const { index } = decoder;
  const size = new RowSize();
  const states = new Map<number, Map<string, string>>();
  const frameIds = new Map<number, number>();
  const events: ExecverifyEvent[] = [];
  for (const event of shownEvents(trace, new SourceStatements(program.code), view)) {
    const frameId = frameIds.get(event.frame) ?? frameIds.size;
    frameIds.set(event.frame, frameId);
    if ((index.codeFlags.at(index.frameCode.at(event.frame)) & CODE_FLAGS.module) !== 0) continue;
    const state = states.get(event.frame) ?? new Map<string, string>();
    states.set(event.frame, state);
    for (const [name, value] of event.changes) {
      if (value === null) state.delete(name);
      else state.set(name, safeRepr(value, view));
    }
    const json = jsonEvent(event, frameId, state, view);
    size.add(96 + Array.from(state).reduce((sum, [name, text]) => sum + name.length + text.length + 8, 0));
    events.push(json);
    if (event.kind === "return") states.delete(event.frame);
  }
  if (outcome.exception !== null) {
    const exception = { type: outcome.exception.type, value: cut(exceptionRepr(outcome.exception), view) };
    events.push({ event: "unhandled_exception", func: "<module>", exception });
  }
  events.push({ event: "program_end", success: outcome.status === "ok" });
  return events;
}

function jsonEvent(
  event: ShownEvent,
  frameId: number,
  state: ReadonlyMap<string, string>,
  view: View,
): ExecverifyEvent {
  const func = event.function.slice(event.function.lastIndexOf(".") + 1);
  // The interpreter reports yields as returns, and what goes on after one as a call.
  const kind = event.kind === "yield" ? "return" : event.kind === "resume" ? "call" : event.kind;
  const json: ExecverifyEvent = { event: kind, func, line_no: event.line, frame_id: frameId };
  if (event.elided !== null) {
    const { line, from, to } = event.elided;
    return { ...json, event: "elided", line_no: line, iterations: [from, to], locals: Object.fromEntries(state) };
  }
  if (kind === "call" || kind === "line") json.locals = Object.fromEntries(state);
  if (kind === "return") json.return = event.value === null ? "None" : safeRepr(event.value, view);
  if (event.exception !== null) {
    json.exception = { type: event.exception.type, value: cut(exceptionRepr(event.exception), view) };
  }
  return json;
}

function safeRepr(value: Value, view: View): string {
  return cut(value.failed ? `<unrepr ${value.type}>` : value.repr, view);
}

/** Counted in code points, as Python does. */
function cut(text: string, view: View): string {
  if (view.valueChars !== 0) return shortened(text, view);
  if (view.correct || text.length <= MOST_CHARS) return text;
  const points = Array.from(text);
  return points.length <= MOST_CHARS ? text : `${points.slice(0, MOST_CHARS).join("")}${TRUNCATED}`;
}

const KINDS: ReadonlySet<unknown> = new Set([
  "call",
  "line",
  "return",
  "exception",
  "elided",
  "unhandled_exception",
  "program_end",
]);

/** The events of a row in JSON. Throws ParseError for anything else. */
export function parseExecverify(json: string): ExecverifyEvent[] {
  let row: unknown;
  try {
    row = JSON.parse(json);
  } catch (cause) {
    throw new ParseError("no-json", "the row is no JSON", { cause });
  }
  const events: unknown = isObject(row) ? row["trace_events"] : undefined;
  if (!Array.isArray(events)) throw new ParseError("no-events", "the row has no list of trace_events");
  for (const [i, event] of events.entries()) {
    if (!isObject(event) || !KINDS.has(event["event"]))
      throw new ParseError("no-event", `event ${i} has no known kind`);
    const { locals, line_no: line } = event;
    const texts = locals === undefined ? [] : isObject(locals) ? Object.values(locals) : [null];
    if (!texts.every((text) => typeof text === "string")) {
      throw new ParseError("no-locals", `the locals of event ${i} are no texts`);
    }
    if (line !== undefined && !Number.isInteger(line))
      throw new ParseError("no-line", `event ${i} has no whole line_no`);
  }
  return events as ExecverifyEvent[];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
