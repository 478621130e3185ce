import type { Format } from "./renderer.ts";

/** Stored recordings are no rows: blocks of a record file. */
export const RECORDINGS: Format = {
  name: "record",
  title: "stored recordings, to be rendered later into any other format",
  example:
    "out.tmr: zstd frames of programs with their trace records, and an index\ntracemill render out.tmr -o out.jsonl --as events",
  corrects: null,
  skips: "they stay left out",
  extension: ".tmr",
};
