export { RecordError } from "./base/errors.ts";
export type { Program, ProgramInput } from "./base/schema/program.ts";
export { type ByteRanges, RecordFileReader, type RecordRow } from "./record/store/container.ts";
export type { Codec } from "./record/store/container-format.ts";
export { RecordFileWriter } from "./record/store/container-writer.ts";
export { dump } from "./record/trace/dump.ts";
export { Trace } from "./record/trace/trace.ts";
export type {
  Elision,
  EventKind,
  Outcome,
  ProgramException,
  RaisedException,
  Status,
  TraceEvent,
  TraceFrame,
  Value,
} from "./record/trace/value.ts";
