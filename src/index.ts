export { zstdCodec } from "./base/addon/codec.ts";
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
} from "./base/errors.ts";
export { ByteFile } from "./base/io/byte-file.ts";
export type { Manifest, RunCounts } from "./base/schema/manifest.ts";
export type { TraceOptions, TraceOptionsInput } from "./base/schema/options.ts";
export type { Program, ProgramInput } from "./base/schema/program.ts";
export type { RenderSettings } from "./base/schema/render-settings.ts";
export type { Sandbox } from "./base/schema/sandbox.ts";
export type { ProgramTrace, RenderedBatch, RenderOptions, RunOptions, Tracer, TracerOptions } from "./engine/tracer.ts";
export { openTracer } from "./engine/tracer.ts";
export { listFilters } from "./prepare/filters/registry.ts";
export type { Facts, FactsError, InspectRow } from "./prepare/inspect/facts.ts";
export { type InspectOptions, inspect } from "./prepare/inspect/inspect.ts";
export { buildDataset, type DatasetRequest } from "./products/dataset/build.ts";
export type { DatasetManifest } from "./products/dataset/card.ts";
export { generatePrograms } from "./programs/generate/generate.ts";
export type { GenerateInput, GenerateOptions, Knobs } from "./programs/generate/generate-options.ts";
export type { ReadItem, ReadOptions } from "./programs/sources/read.ts";
export { readPrograms } from "./programs/sources/read.ts";
export { findSource, listSources } from "./programs/sources/registry.ts";
export type { RejectedRow, RowPlace, SourceAdapter, SourceListing } from "./programs/sources/source.ts";
export { type ByteRanges, RecordFileReader } from "./record/store/container.ts";
export type { Codec } from "./record/store/container-format.ts";
export { RecordFileWriter } from "./record/store/container-writer.ts";
export { dump } from "./record/trace/dump.ts";
export { Trace } from "./record/trace/trace.ts";
export type { Outcome, ProgramException, Status, TraceEvent, TraceFrame, Value } from "./record/trace/value.ts";
export { findRenderer, listFormats, listRenderers } from "./views/formats/registry.ts";
export { render } from "./views/formats/render.ts";
export type { Format, Rendered, Renderer, View } from "./views/formats/renderer.ts";
export type { Said } from "./views/formats/said.ts";
