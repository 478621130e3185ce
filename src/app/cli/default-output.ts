import { basename, extname } from "node:path";

/** In the current folder, after the first input and the format: cruxeval.statelens.jsonl, cruxeval.tmr. */
export function defaultOutput(input: string, format: string, extension: string): string {
  const name = basename(input, extname(input)) || "programs";
  return extension === ".tmr" ? `${name}.tmr` : `${name}.${format}${extension}`;
}
