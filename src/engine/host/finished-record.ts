import { RecordError } from "../../base/errors.ts";
import { Trace } from "../../record/trace/trace.ts";
import { RecordWriter } from "../../record/trace/writer.ts";

/** The record of a program that left none. `detail` is one line of text. */
export function crashRecord(pythonMinor: number, detail: string): Uint8Array {
  const writer = new RecordWriter(pythonMinor);
  writer.outcome({ status: "crash", detail });
  return writer.bytes();
}

/** The trace of a record that a tracer process returned; one that the program damaged becomes a crash. */
export function finishedTrace(record: Uint8Array, pythonMinor: number): Trace {
  try {
    const trace = new Trace(record);
    if (trace.complete) return trace;
    return new Trace(crashRecord(pythonMinor, "left a record without an outcome"));
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return new Trace(crashRecord(pythonMinor, `left a damaged record: ${error.message}`));
  }
}
