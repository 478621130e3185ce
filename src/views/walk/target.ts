// Which function a trace is about, for formats that show one function and no other.

import { RenderError } from "../../base/errors.ts";
import type { Program } from "../../base/schema/program.ts";
import type { Decoder } from "../../record/trace/decoder.ts";
import { CODE_FLAGS } from "../../record/trace/format.ts";
import type { RecordIndex } from "../../record/trace/reader.ts";
import type { Trace } from "../../record/trace/trace.ts";
import { unfinished } from "./unfinished.ts";

/** By code id, 1 for the code of the function that the entry calls. Throws RenderError when none was called. */
export function targetCodes(program: Program, trace: Trace): Uint8Array {
  const { decoder } = trace;
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
      if (trace.outcome.status !== "ok") throw unfinished(trace.outcome);
      throw new RenderError("no-target", "The entry calls no function of the program: there is nothing to show.");
    }
    targets[code] = 1;
  }
  return targets;
}

/** The function's name and the text of the arguments, of an entry that is a plain call; null otherwise. */
export function callParts(entry: string | null): { name: string; args: string } | null {
  const match = /^\s*([\p{L}_][\p{L}\p{N}_.]*)\s*\(([\s\S]*)\)\s*$/u.exec(entry ?? "");
  return match === null ? null : { name: match[1] as string, args: match[2] as string };
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
