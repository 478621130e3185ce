// What StateLens records of a run: after every line of the target function, the line and the names bound then.

import { RenderError } from "../errors.ts";
import { compareCodePoints } from "../record/code-points.ts";
import type { TraceCursor } from "../record/cursor.ts";
import type { Decoder } from "../record/decoder.ts";
import { CODE_FLAGS, EVENT } from "../record/format.ts";
import type { RecordIndex } from "../record/reader.ts";
import type { Trace } from "../record/trace.ts";
import type { Program } from "../schema/program.ts";
import { RowSize } from "./row-size.ts";

/** Calls `record` with every line that ran in the target function and the text of the names bound after it. */
export function forEachLineState(program: Program, trace: Trace, record: (line: number, locals: string) => void): void {
  const { decoder } = trace;
  const targets = targetCodes(program, decoder);
  const frames = new Map<number, TracedFrame>();
  const cursor = trace.cursor();
  const size = new RowSize();
  while (cursor.next()) {
    if (targets[cursor.code] !== 1) continue;
    let frame = frames.get(cursor.frame);
    if (frame === undefined) {
      frame = new TracedFrame(decoder);
      frames.set(cursor.frame, frame);
    }
    frame.apply(cursor);
    switch (cursor.kind) {
      case EVENT.line:
      case EVENT.return:
      case EVENT.yield:
        if (frame.line !== 0) {
          size.add(frame.text().length);
          record(frame.line, frame.text());
        }
        frame.line = cursor.kind === EVENT.line ? cursor.line : 0;
        break;
      case EVENT.call:
      case EVENT.resume:
        frame.line = cursor.line;
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
  readonly #decoder: Decoder;
  /** Sorted by name. */
  readonly #names: string[] = [];
  readonly #texts: string[] = [];
  #joined: string | null = null;

  constructor(decoder: Decoder) {
    this.#decoder = decoder;
  }

  apply(cursor: TraceCursor): void {
    for (let i = 0; i < cursor.changeCount; i++) {
      const name = this.#decoder.name(cursor.changeName(i));
      if (!name.startsWith("__") && !name.startsWith(".")) this.#set(name, cursor.changeRef(i));
    }
  }

  text(): string {
    this.#joined ??= this.#texts.join(", ");
    return this.#joined;
  }

  #set(name: string, ref: number): void {
    this.#joined = null;
    const names = this.#names;
    let at = 0;
    while (at < names.length && names[at] !== name && compareCodePoints(names[at] as string, name) < 0) at++;
    const known = names[at] === name;
    const text = valueText(this.#decoder, ref);
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
function valueText(decoder: Decoder, ref: number): string | null {
  if (decoder.isInt(ref)) return decoder.refText(ref);
  const value = decoder.ref(ref);
  if (value === null) return null;
  return value.failed ? `<unreprable ${value.type}>` : value.repr;
}

/** By code id, 1 for the code of the function that the entry calls. */
function targetCodes(program: Program, decoder: Decoder): Uint8Array {
  const { index } = decoder;
  const targets = new Uint8Array(index.codes.size);
  let found = false;
  for (let code = 0; code < targets.length; code++) {
    if ((index.codeFlags.at(code) & CODE_FLAGS.entry) === 0) continue;
    targets[code] = 1;
    found = true;
  }
  if (!found) {
    const code = calledCode(program, decoder, index);
    if (code < 0) {
      throw new RenderError("no-target", "The entry calls no function of the program: there is nothing to show.");
    }
    targets[code] = 1;
  }
  return targets;
}

/** The code of the first frame that has the name of the function in the call; -1: none. */
function calledCode(program: Program, decoder: Decoder, index: RecordIndex): number {
  const name = /^\s*([\p{L}_][\p{L}\p{N}_]*)\s*\(/u.exec(program.entry ?? "")?.[1];
  if (name === undefined) return -1;
  for (let frame = 0; frame < index.frameCode.length; frame++) {
    const code = index.frameCode.at(frame);
    if ((index.codeFlags.at(code) & CODE_FLAGS.module) === 0 && decoder.codeName(code) === name) return code;
  }
  return -1;
}
