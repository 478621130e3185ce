import type { Trace } from "../record/trace.ts";
import type { TraceOptionsInput } from "../schema/options.ts";
import type { Program } from "../schema/program.ts";

/** One representation of a trace. */
export interface Renderer {
  /** As `--as` names it. */
  readonly name: string;
  readonly title: string;
  /** Two lines that show what comes out. */
  readonly example: string;
  /** Options that the format needs unless the user says otherwise. */
  readonly implies: Partial<TraceOptionsInput>;
  readonly extension: ".jsonl" | ".tmr";
  /** The JSON row; throws RenderError, whose code is the reason, for a trace that the format cannot show. */
  render(program: Program, trace: Trace): unknown;
}
