import type { Program } from "../../base/schema/program.ts";
import type { Trace } from "../../record/trace/trace.ts";
import { answerText } from "../text/answer.ts";
import { type Rendered, type Renderer, type View, WHOLE } from "./renderer.ts";
import { traceAlone } from "./said.ts";

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
    render(program: Program, trace: Trace, view: View = WHOLE): [Rendered<TextRow>] {
      const { id, code, entry } = program;
      const row = { id, code, entry, result: answerText(trace), text: text(program, trace, view) };
      return [{ row, said: () => traceAlone(row.text, row.result) }];
    },
  };
}
