// Single steps: a line of a function, what was bound before and after it, and which line of the function came next.

import type { SourceStatements } from "../../python/statements.ts";
import { CODE_FLAGS } from "../../record/trace/format.ts";
import type { Trace } from "../../record/trace/trace.ts";
import type { View } from "../formats/renderer.ts";
import { valueText } from "../text/value-text.ts";
import { shownEvents } from "./shown-events.ts";

export interface LineStep {
  readonly line: number;
  readonly before: ReadonlyMap<string, string>;
  readonly after: ReadonlyMap<string, string>;
  /** The type of the exception that left the function here. */
  readonly error: string | null;
  /** null: the function is complete. */
  readonly next: number | null;
}

interface StepFrame {
  state: Map<string, string>;
  line: number;
  before: ReadonlyMap<string, string>;
  raised: string | null;
}

/** The steps of every function of the program, in the order in which they end. Each has states of its own. */
export function* lineSteps(trace: Trace, statements: SourceStatements, view: View): Generator<LineStep> {
  const { decoder } = trace;
  const { index } = decoder;
  const frames = new Map<number, StepFrame>();
  for (const event of shownEvents(trace, statements, view)) {
    const code = index.frameCode.at(event.frame);
    const others = CODE_FLAGS.module | CODE_FLAGS.classBody | CODE_FLAGS.library;
    if ((index.codeFlags.at(code) & others) !== 0 || event.function.endsWith(">")) continue;
    let frame = frames.get(event.frame);
    frame ??= { state: new Map(), line: 0, before: new Map(), raised: null };
    frames.set(event.frame, frame);
    // States that were handed out stay as they are.
    if (event.changes.size > 0) frame.state = new Map(frame.state);
    for (const [name, value] of event.changes) {
      if (value === null) frame.state.delete(name);
      else frame.state.set(name, valueText(value, view));
    }
    if (event.kind === "exception") frame.raised = event.exception?.type ?? "Exception";
    if (event.elided !== null) {
      frame.line = 0;
    } else if (event.kind === "line" || event.kind === "return") {
      if (frame.line !== 0) yield step(frame, event.kind === "line" ? event.line : null, event.unwound);
      frame.line = event.kind === "line" ? event.line : 0;
      frame.before = frame.state;
      frame.raised = null;
    }
    if (event.kind === "return") frames.delete(event.frame);
  }
}

function step({ line, before, state, raised }: StepFrame, next: number | null, unwound: boolean): LineStep {
  return { line, before, after: state, error: unwound ? (raised ?? "Exception") : null, next };
}
