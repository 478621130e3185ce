import type { Trace } from "../record/trace.ts";
import type { Program } from "../schema/program.ts";
import { answerText } from "./answer.ts";
import { type Renderer, type View, WHOLE } from "./renderer.ts";

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
    extension: ".jsonl",
    render(program: Program, trace: Trace, view: View = WHOLE): TextRow {
      const { id, code, entry } = program;
      return { id, code, entry, result: answerText(trace), text: text(program, trace, view) };
    },
    text: (row) => (row as TextRow).text,
  };
}
