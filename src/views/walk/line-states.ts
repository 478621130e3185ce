// What StateLens records of a run: after every line of the target function, the line and the names bound then.

import type { Program } from "../../base/schema/program.ts";
import { compareCodePoints } from "../../record/trace/code-points.ts";
import type { TraceCursor } from "../../record/trace/cursor.ts";
import type { Decoder } from "../../record/trace/decoder.ts";
import { EVENT } from "../../record/trace/format.ts";
import type { Trace } from "../../record/trace/trace.ts";
import type { View } from "../formats/renderer.ts";
import { RowSize } from "../text/row-size.ts";
import { shortened, valueText } from "../text/value-text.ts";
import { targetCodes } from "./target.ts";

/** Characters of a value that is a part of its own. */
const LONG_PART = 128;

/** A line that ran in the target function. */
export interface RanLine {
  readonly line: number;
  /** The names bound after it: a text in parts, so that a long value is the same one for as long as it is bound. */
  readonly locals: readonly string[];
  /** Which activation of the function, from 1. */
  readonly call: number;
  /** Of the line: its index in the trace. */
  readonly event: number;
}

/** Calls `record` with every line that ran in the target function. */
export function forEachLineState(program: Program, trace: Trace, view: View, record: (ran: RanLine) => void): void {
  const { decoder } = trace;
  const targets = targetCodes(program, trace);
  const frames = new Map<number, TracedFrame>();
  const cursor = trace.cursor();
  const size = new RowSize();
  let calls = 0;
  while (cursor.next()) {
    if (targets[cursor.code] !== 1) continue;
    let frame = frames.get(cursor.frame);
    if (frame === undefined) {
      frame = new TracedFrame(decoder, view, ++calls);
      frames.set(cursor.frame, frame);
    }
    frame.apply(cursor);
    switch (cursor.kind) {
      case EVENT.line:
      case EVENT.return:
      case EVENT.yield:
        if (frame.line !== 0) {
          const { line, call, event } = frame;
          const locals = frame.locals();
          size.add(frame.chars);
          record({ line, locals, call, event });
        }
        frame.line = cursor.kind === EVENT.line ? cursor.line : 0;
        frame.event = cursor.index;
        break;
      case EVENT.call:
      case EVENT.resume:
        frame.line = cursor.line;
        frame.event = cursor.index;
        break;
      default:
        break;
    }
    if (cursor.kind === EVENT.return) frames.delete(cursor.frame);
  }
}

/** One active frame: the line that is running, and the text of its names. */
class TracedFrame {
  /** 0: none. */
  line: number = 0;
  /** Of that line. */
  event: number = 0;
  readonly call: number;
  readonly #decoder: Decoder;
  readonly #view: View;
  /** Sorted by name. */
  readonly #names: string[] = [];
  readonly #texts: string[] = [];
  #locals: readonly string[] | null = null;
  #chars: number = 0;

  constructor(decoder: Decoder, view: View, call: number) {
    this.#decoder = decoder;
    this.#view = view;
    this.call = call;
  }

  apply(cursor: TraceCursor): void {
    for (let i = 0; i < cursor.changeCount; i++) {
      const name = this.#decoder.name(cursor.changeName(i));
      if (!name.startsWith("__") && !name.startsWith(".")) this.#set(name, cursor.changeRef(i));
    }
  }

  locals(): readonly string[] {
    this.#locals ??= this.#join();
    return this.#locals;
  }

  /** Of the last `locals()`. */
  get chars(): number {
    return this.#chars;
  }

  #join(): string[] {
    const parts: string[] = [];
    let short = "";
    let before = "";
    for (const text of this.#texts) {
      if (text.length >= LONG_PART) {
        parts.push(short + before, text);
        short = "";
      } else {
        short += before + text;
      }
      before = ", ";
    }
    if (short !== "") parts.push(short);
    this.#chars = parts.reduce((sum, part) => sum + part.length, 0);
    return parts;
  }

  #set(name: string, ref: number): void {
    this.#locals = null;
    const names = this.#names;
    let at = 0;
    while (at < names.length && names[at] !== name && compareCodePoints(names[at] as string, name) < 0) at++;
    const known = names[at] === name;
    const text = refText(this.#decoder, ref, this.#view);
    if (text === null) {
      if (known) {
        names.splice(at, 1);
        this.#texts.splice(at, 1);
      }
    } else if (known) {
      this.#texts[at] = `${name}=${text}`;
    } else {
      names.splice(at, 0, name);
      this.#texts.splice(at, 0, `${name}=${text}`);
    }
  }
}

/** null: unbound. */
function refText(decoder: Decoder, ref: number, view: View): string | null {
  if (decoder.isInt(ref)) return shortened(decoder.refText(ref) ?? "", view);
  const value = decoder.ref(ref);
  return value === null ? null : valueText(value, view);
}
