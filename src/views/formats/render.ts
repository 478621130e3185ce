import type { Program } from "../../base/schema/program.ts";
import type { Trace } from "../../record/trace/trace.ts";
import { findRenderer } from "./registry.ts";
import { type View, WHOLE, withMeta } from "./renderer.ts";

/**
 * The row (of some formats, the rows) that the named format makes of a trace that a tracer ran; throws RenderError when
 * it cannot show it.
 */
export function render(
  trace: Trace & { readonly program: Program },
  format: string,
  view: Partial<View> = {},
): unknown {
  const renderer = findRenderer(format);
  const rows = renderer
    .render(trace.program, trace, { ...WHOLE, ...view })
    .map(({ row }) => withMeta(row, trace.program));
  return renderer.many === true ? rows : rows[0];
}
