import type { Program } from "../../base/schema/program.ts";
import type { InputFile } from "../sources/file-kinds.ts";
import type { ReadItem, ReadOptions } from "../sources/read.ts";
import type { SourceListing } from "../sources/source.ts";
import { checkGenerateOptions, describeOptions, type GenerateInput, type GenerateOptions } from "./generate-options.ts";
import { ProgramMaker } from "./program.ts";

export const generateSource: SourceListing = {
  name: "generate",
  title: "programs made from a seed instead of an input: valid, ending, all different, the same on every machine",
  example:
    "tracemill trace --source generate --seed 7 --count 100000 -o generated.tmr\ntracemill trace --source generate --count 1000 --generate depth=3,calls=2,strings=0 -o loops.tmr",
};

/** How far the generating is, in programs. */
export interface GenerateProgress {
  made: number;
}

/** Deterministic programs for tests, benchmarks and training; throws UsageError for options that are none. */
export function* generatePrograms(options: GenerateInput): Generator<Program, void, undefined> {
  const checked = checkGenerateOptions(options);
  const maker = new ProgramMaker(checked);
  for (let index = 0; index < checked.count; index++) yield maker.program(index);
}

/** What takes the place of an input file in manifests and journals: its path says everything. */
export function generatedInput(options: GenerateOptions): InputFile {
  const path = describeOptions(options);
  return { path, location: path, kind: "generated", compression: null, id: "", split: null, bytes: 0, modified: 0 };
}

/** The same as a run reads them, with its shard and limit. Ids need no comparing: none is there twice. */
export async function* generatedItems(
  options: GenerateOptions,
  { shard = { index: 1, count: 1 }, limit = Number.POSITIVE_INFINITY }: Pick<ReadOptions, "shard" | "limit">,
  progress: GenerateProgress,
): AsyncGenerator<ReadItem, void, undefined> {
  const maker = new ProgramMaker(options);
  const file = describeOptions(options);
  let left = limit;
  for (let index = shard.index - 1; index < options.count && left > 0; index += shard.count, left--) {
    yield { program: maker.program(index), place: { file, row: index + 1 } };
    progress.made = index + 1;
  }
}
