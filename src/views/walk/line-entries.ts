// What SemEnhance's formats show of a run: per line of the target function the names that it changed, in the words of
// the debugger that they were published with (changed means: the text of the value did).

import type { Program } from "../../base/schema/program.ts";
import { SourceStatements } from "../../python/statements.ts";
import type { Trace } from "../../record/trace/trace.ts";
import type { View } from "../formats/renderer.ts";
import { RowSize } from "../text/row-size.ts";
import { shortened, valueText } from "../text/value-text.ts";
import type { Elision } from "./hidden-loops.ts";
import { type ShownEvent, shownEvents } from "./shown-events.ts";
import { targetCodes } from "./target.ts";

export interface LineEntry {
  /** `init`: arguments; `locals`: what the line changed; `return`: or a yield; `elided`: iterations left out. */
  readonly kind: "init" | "locals" | "return" | "exception" | "elided";
  readonly line: number;
  /** Which activation of the function, from 1. */
  readonly call: number;
  /** Place among the entries with changes, from 1. */
  readonly order: number;
  readonly names: ReadonlyMap<string, string>;
  /** What was returned or raised. */
  readonly text: string;
  readonly elision: Elision | null;
}

interface EntryFrame {
  readonly call: number;
  /** That ran last; 0: none. */
  line: number;
  readonly texts: Map<string, string>;
  elision: Elision | null;
}

export function lineEntries(program: Program, trace: Trace, view: View): LineEntry[] {
  const { decoder } = trace;
  const targets = targetCodes(program, trace);
  const frames = new Map<number, EntryFrame>();
  const entries: LineEntry[] = [];
  const size = new RowSize();
  let calls = 0;
  let order = 0;
  const add = (entry: Partial<LineEntry> & Pick<LineEntry, "kind" | "line" | "call">): void => {
    const whole = { order: 0, names: new Map<string, string>(), text: "", elision: null, ...entry };
    size.add(whole.text.length + 32);
    for (const [name, text] of whole.names) size.add(name.length + text.length);
    entries.push(whole);
  };
  for (const event of shownEvents(trace, new SourceStatements(program.code), view)) {
    if (targets[decoder.index.frameCode.at(event.frame)] !== 1) continue;
    let frame = frames.get(event.frame);
    if (frame === undefined) {
      frame = { call: ++calls, line: 0, texts: new Map(), elision: null };
      frames.set(event.frame, frame);
    }
    const { call } = frame;
    const names = changedTexts(frame.texts, event, view);
    const line = frame.line === 0 ? event.line : frame.line;
    if (frame.elision !== null) {
      add({ kind: "elided", line: frame.elision.line, call, order: ++order, names, elision: frame.elision });
    } else if (names.size > 0) {
      add({ kind: frame.line === 0 ? "init" : "locals", line, call, order: ++order, names });
    }
    frame.elision = event.elided;
    frame.line = event.line;
    if (event.elided !== null) continue;
    if (event.value !== null) add({ kind: "return", line: event.line, call, text: valueText(event.value, view) });
    if (event.exception !== null) {
      const { type, message } = event.exception;
      const text = shortened(message === "" ? type : `${type}: ${message}`, view);
      add({ kind: "exception", line: event.line, call, text });
    }
    if (event.kind === "return") frames.delete(event.frame);
  }
  return entries;
}

/** The names whose texts differ from those known before, which become known. */
function changedTexts(texts: Map<string, string>, { changes }: ShownEvent, view: View): Map<string, string> {
  const changed = new Map<string, string>();
  for (const [name, value] of changes) {
    if (value === null) {
      texts.delete(name);
      continue;
    }
    const text = valueText(value, view);
    if (texts.get(name) === text) continue;
    texts.set(name, text);
    changed.set(name, text);
  }
  return changed;
}

/** "n = 3" for every name. */
export function assignments(names: ReadonlyMap<string, string>): string[] {
  return Array.from(names, ([name, text]) => `${name} = ${text}`);
}

/** How many activations the entries are of. */
export function callsIn(entries: readonly LineEntry[]): number {
  return new Set(entries.map((entry) => entry.call)).size;
}
