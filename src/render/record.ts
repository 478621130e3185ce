import { RenderError } from "../errors.ts";
import type { Renderer } from "./renderer.ts";

/** Stored recordings are bytes, not rows: the command line writes them through a record file, never through `render`. */
export const recordRenderer: Renderer = {
  name: "record",
  title: "stored recordings, to be rendered later into any other format",
  example:
    "out.tmr: zstd frames of programs with their trace records, and an index\ntracemill render out.tmr -o out.jsonl --as events",
  corrects: null,
  skips: "they stay left out",
  extension: ".tmr",
  text: () => "",
  render() {
    throw new RenderError(
      "not-a-row-format",
      "Recordings are no JSON rows: write them to a .tmr file (RecordFileWriter).",
    );
  },
};
