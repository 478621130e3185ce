export { SourceError } from "./base/errors.ts";
export type { Program, ProgramInput } from "./base/schema/program.ts";
export { generatePrograms } from "./programs/generate/generate.ts";
export type { GenerateInput, GenerateOptions, Knobs } from "./programs/generate/generate-options.ts";
export type { ReadItem, ReadOptions } from "./programs/sources/read.ts";
export { readPrograms } from "./programs/sources/read.ts";
export { findSource, listSources } from "./programs/sources/registry.ts";
export type { RejectedRow, RowPlace, SourceAdapter, SourceListing } from "./programs/sources/source.ts";
