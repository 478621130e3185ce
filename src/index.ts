export { buildDataset, type DatasetRequest } from "./dataset/build.ts";
export type { DatasetManifest } from "./dataset/card.ts";
export type { ProgramTrace, RenderedBatch, RenderOptions, RunOptions, Tracer, TracerOptions } from "./engine/tracer.ts";
export { openTracer } from "./engine/tracer.ts";
export {
  ArtefactError,
  EngineError,
  OutputError,
  ParseError,
  PythonError,
  RecordError,
  RenderError,
  SourceError,
  TracemillError,
  UsageError,
} from "./errors.ts";
export { listFilters } from "./filters/registry.ts";
export type { Facts, FactsError, InspectRow } from "./inspect/facts.ts";
export { type InspectOptions, inspect } from "./inspect/inspect.ts";
export { ByteFile } from "./io/byte-file.ts";
export { zstdCodec } from "./native/codec.ts";
export { type ByteRanges, RecordFileReader } from "./record/container.ts";
export type { Codec } from "./record/container-format.ts";
export { RecordFileWriter } from "./record/container-writer.ts";
export { dump } from "./record/dump.ts";
export { Trace } from "./record/trace.ts";
export type { Outcome, ProgramException, Status, TraceEvent, TraceFrame, Value } from "./record/value.ts";
export { findRenderer, listFormats, listRenderers } from "./render/registry.ts";
export { render } from "./render/render.ts";
export type { Format, Rendered, Renderer, View } from "./render/renderer.ts";
export type { Said } from "./render/said.ts";
export type { Manifest, RunCounts } from "./schema/manifest.ts";
export type { TraceOptions, TraceOptionsInput } from "./schema/options.ts";
export type { Program, ProgramInput } from "./schema/program.ts";
export type { RenderSettings } from "./schema/render-settings.ts";
export type { Sandbox } from "./schema/sandbox.ts";
export { generatePrograms } from "./sources/generate.ts";
export type { GenerateInput, GenerateOptions, Knobs } from "./sources/generate-options.ts";
export type { ReadItem, ReadOptions } from "./sources/read.ts";
export { readPrograms } from "./sources/read.ts";
export { findSource, listSources } from "./sources/registry.ts";
export type { RejectedRow, RowPlace, SourceAdapter, SourceListing } from "./sources/source.ts";
