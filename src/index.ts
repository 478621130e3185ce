export { zstdCodec } from "./base/addon/codec.ts";
export {
  ArtefactError,
  EngineError,
  OutputError,
  PythonError,
  TracemillError,
  UsageError,
} from "./base/errors.ts";
export { ByteFile } from "./base/io/byte-file.ts";
export type { Manifest, RunCounts } from "./base/schema/manifest.ts";
export type { TraceOptions, TraceOptionsInput } from "./base/schema/options.ts";
export type { RenderSettings } from "./base/schema/render-settings.ts";
export type { Sandbox } from "./base/schema/sandbox.ts";
export type { ProgramTrace, RenderedBatch, RenderOptions, RunOptions, Tracer, TracerOptions } from "./engine/tracer.ts";
export { openTracer } from "./engine/tracer.ts";
export * from "./formats.ts";
export { listFilters } from "./prepare/filters/registry.ts";
export type { Facts, FactsError, InspectRow } from "./prepare/inspect/facts.ts";
export { type InspectOptions, inspect } from "./prepare/inspect/inspect.ts";
export { buildDataset, type DatasetRequest } from "./products/dataset/build.ts";
export type { DatasetManifest } from "./products/dataset/card.ts";
export * from "./record.ts";
export * from "./sources.ts";
