import type { Trace } from "../record/trace.ts";
import type { Program } from "../schema/program.ts";

/** What a rendering shows of a trace. */
export interface View {
  /** Right text where the published one has a fault. */
  readonly correct: boolean;
  /** Iterations of a loop that are shown, from its first and to its last; null: all. */
  readonly loops: { readonly head: number; readonly tail: number } | null;
  /** Characters of a value that are shown; 0: all. */
  readonly valueChars: number;
}

/** The whole trace, as published. */
export const WHOLE: View = { correct: false, loops: null, valueChars: 0 };

/** One representation of a trace. */
export interface Renderer {
  /** As `--as` names it. */
  readonly name: string;
  readonly title: string;
  /** Two lines that show what comes out. */
  readonly example: string;
  /** What `--correct` changes; null: nothing, the text has no fault. */
  readonly corrects: string | null;
  /** What stands where iterations are left out, by `--loops skip` or a budget. */
  readonly skips: string;
  readonly extension: ".jsonl" | ".tmr";
  /** `render` returns an array with several rows of one program. */
  readonly many?: true;
  /** The JSON row; throws RenderError, whose code is the reason, for a trace that the format cannot show. */
  render(program: Program, trace: Trace, view?: View): unknown;
  /** The same row with its long texts as PartedText, to be written at once (row-json.ts). */
  readonly inParts?: (program: Program, trace: Trace, view: View) => unknown;
  /** What a model reads and writes of a row: where tokens are counted. */
  text(row: unknown): string;
}
