// Every line that ran in the target function, with what was bound after it.

import type { Program } from "../../base/schema/program.ts";
import type { SourceStatements } from "../../python/statements.ts";
import type { Trace } from "../../record/trace/trace.ts";
import type { Value } from "../../record/trace/value.ts";
import type { View } from "../formats/renderer.ts";
import type { Elision } from "./hidden-loops.ts";
import { shownEvents } from "./shown-events.ts";
import { targetCodes } from "./target.ts";

export interface PostLine {
  /** `line`: also that of the call itself; `elided`: iterations left out, with what was bound after them. */
  readonly kind: "line" | "exception" | "elided";
  readonly line: number;
  /** The one that the line began with, or that raised. */
  readonly event: number;
  /** Which activation of the function, from 1. */
  readonly call: number;
  /** In order of first binding; valid until the next line is asked for. */
  readonly state: ReadonlyMap<string, Value>;
  /** Names that the function was called with and that still hold what they were given. */
  readonly untouched: ReadonlySet<string>;
  readonly exception: { readonly type: string; readonly message: string } | null;
  readonly elision: Elision | null;
}

interface PostFrame {
  readonly call: number;
  line: number;
  /** That `line` began with. */
  event: number;
  readonly state: Map<string, Value>;
  readonly untouched: Set<string>;
  elision: Elision | null;
}

export function* postLines(
  program: Program,
  trace: Trace,
  statements: SourceStatements,
  view: View,
): Generator<PostLine> {
  const { decoder } = trace;
  const targets = targetCodes(program, trace);
  const frames = new Map<number, PostFrame>();
  let calls = 0;
  for (const event of shownEvents(trace, statements, view)) {
    if (targets[decoder.index.frameCode.at(event.frame)] !== 1) continue;
    let frame = frames.get(event.frame);
    const starts = frame === undefined;
    frame ??= { call: ++calls, line: 0, event: 0, state: new Map(), untouched: new Set(), elision: null };
    frames.set(event.frame, frame);
    for (const [name, value] of event.changes) {
      if (value === null) frame.state.delete(name);
      else frame.state.set(name, value);
      if (starts) frame.untouched.add(name);
      else frame.untouched.delete(name);
    }
    const { call, state, untouched, elision } = frame;
    const post = { event: frame.event, call, state, untouched, exception: null, elision: null };
    if (elision !== null) yield { ...post, kind: "elided", line: elision.line, elision };
    else if (frame.line !== 0 && event.kind !== "exception") yield { ...post, kind: "line", line: frame.line };
    frame.elision = event.elided;
    if (event.elided === null && event.kind === "exception") {
      yield { ...post, kind: "exception", line: event.line, event: event.index, exception: event.exception };
    }
    // A line that raised is shown as such; the one that handles it comes next. A yield ends its line.
    const runs = event.elided === null && (event.kind === "line" || event.kind === "call");
    frame.line = runs ? event.line : 0;
    frame.event = event.index;
    if (event.kind === "return") frames.delete(event.frame);
  }
}
