import { ParseError } from "../../../base/errors.ts";
import { type CwmFrame, parseCwm } from "../../formats/cwm.ts";
import { aligned } from "./counts.ts";

const FRAME = "<|frame_sep|>";
const END = "<|end_of_text|>";

/** How a predicted trace in CWM's frames stands to the true one; all are parts of the true trace, 0 to 1. */
export interface CwmScore {
  readonly exact: boolean;
  /** Published: frames that are equal as they are written, at the same place. */
  readonly frames: number;
  /** Frames that are equal with ".." put back to the values meant, aligned. */
  readonly alignedFrames: number;
  /** Cells (a name's value, a source line, what is returned or raised) of aligned frames that are right. */
  readonly cells: number;
}

/**
 * @param truth as the format `cwm` writes it
 * @param predicted the whole of it, or cut off anywhere behind the source: what was finished counts
 */
export function cwmScore(truth: string, predicted: string): CwmScore {
  const actual = parseCwm(truth).frames;
  const given = finishedFrames(predicted);
  if (actual.length === 0) return { exact: truth === predicted, frames: 1, alignedFrames: 1, cells: 1 };
  const written = actual.filter((frame, i) => {
    const other = given[i];
    return other !== undefined && textOf(frame) === textOf(other);
  }).length;
  const [whole, others] = [putBack(actual), putBack(given)];
  const same = aligned(whole.map(textOf), others.map(textOf)).length;
  const places = aligned(whole.map(placeOf), others.map(placeOf));
  let right = 0;
  for (const [i, j] of places) right += sameCells(whole[i] as CwmFrame, others[j] as CwmFrame);
  const cells = whole.reduce((sum, frame) => sum + cellsOf(frame).length, 0);
  return {
    exact: truth === predicted,
    frames: written / actual.length,
    alignedFrames: same / actual.length,
    cells: right / cells,
  };
}

function finishedFrames(text: string): readonly CwmFrame[] {
  const last = text.lastIndexOf(FRAME);
  if (last < 0) return [];
  try {
    return parseCwm(`${text.slice(0, last + FRAME.length)}${END}`).frames;
  } catch (error) {
    if (error instanceof ParseError) return [];
    throw error;
  }
}

/** ".." means the value of the frame's activation before; frames are a stack of calls. */
function putBack(frames: readonly CwmFrame[]): CwmFrame[] {
  const stack: ReadonlyMap<string, string>[] = [];
  return frames.map((frame) => {
    if (frame.event === "call") stack.push(new Map());
    const known = stack.at(-1) ?? new Map<string, string>();
    const locals = frame.locals === null ? null : new Map<string, string>();
    for (const [name, value] of frame.locals ?? []) {
      locals?.set(name, value === ".." ? (known.get(name) ?? value) : value);
    }
    if (locals !== null && stack.length > 0) stack[stack.length - 1] = locals;
    if (frame.event === "return") stack.pop();
    return { ...frame, locals };
  });
}

function textOf({ event, locals, source, arg }: CwmFrame): string {
  return JSON.stringify([event, locals === null ? null : Array.from(locals), source, arg]);
}

function placeOf({ event, source }: CwmFrame): string {
  return `${event} ${source}`;
}

function cellsOf({ locals, source, arg }: CwmFrame): string[] {
  const names = Array.from(locals ?? [], ([name, value]) => `${name} ${value}`);
  return [source, ...(arg === null ? [] : [`= ${arg}`]), ...names];
}

function sameCells(one: CwmFrame, other: CwmFrame): number {
  const found = new Set(cellsOf(other));
  return cellsOf(one).filter((cell) => found.has(cell)).length;
}
