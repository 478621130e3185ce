import type { Trace } from "../record/trace.ts";
import type { Program } from "../schema/program.ts";
import { type Renderer, type View, WHOLE } from "./renderer.ts";

/** What the formats need that are texts. Of skipped loops they show one iteration less than is recorded (gaps.ts). */
export const TEXT_IMPLIES = { maxValueChars: 0, loopHead: 3 } as const;

/** A trace as text, with what it is a trace of. */
export interface TextRow {
  id: string;
  code: string;
  entry: string | null;
  /** `repr` of the result; null: there is none. */
  result: string | null;
  text: string;
}

/** A format whose rows are a text each, with the program beside it. */
export function textRenderer(
  about: Pick<Renderer, "name" | "title" | "example" | "corrects" | "skips">,
  text: (program: Program, trace: Trace, view: View) => string,
): Renderer {
  return {
    ...about,
    implies: TEXT_IMPLIES,
    extension: ".jsonl",
    render(program: Program, trace: Trace, view: View = WHOLE): TextRow {
      const { result } = trace.outcome;
      const { id, code, entry } = program;
      return { id, code, entry, result: result?.repr ?? null, text: text(program, trace, view) };
    },
    text: (row) => (row as TextRow).text,
  };
}
