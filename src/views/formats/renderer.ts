import type { Program } from "../../base/schema/program.ts";
import type { Trace } from "../../record/trace/trace.ts";
import { type Said, saidText } from "./said.ts";

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

/** What a program's record can be written as; rendered or not. */
export interface Format {
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
}

/** A row of JSON, and what it says. */
export interface Rendered<Row extends object = object> {
  readonly row: Row;
  said(): Said;
}

/** One representation of a trace, as rows. */
export interface Renderer extends Format {
  readonly extension: ".jsonl";
  /** A program may have any number of rows, each with its number in its id; otherwise it has one, with the program's id. */
  readonly many?: true;
  /** Rows only ask: what a model should say is not in them. */
  readonly asks?: true;
  /** Throws RenderError, whose code is the reason, for a trace that the format cannot show. */
  render(program: Program, trace: Trace, view?: View): readonly Rendered[];
  /** The same row with its long texts as PartedText, to be written at once (row-json.ts). */
  readonly inParts?: (program: Program, trace: Trace, view: View) => object;
}

/** The row with what its program carries along. */
export function withMeta(row: object, { meta }: Pick<Program, "meta">): object {
  return meta === undefined || "meta" in row ? row : { ...row, meta };
}

/** What a model reads and writes of a row: where tokens are counted. */
export function textOf(rendered: Rendered): string {
  return saidText(rendered.said());
}
