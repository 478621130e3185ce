import { RecordError } from "../../base/errors.ts";
import { ByteSink } from "./byte-sink.ts";
import { TAG } from "./format.ts";
import { readRecord } from "./reader.ts";
import { encodeText } from "./text.ts";
import { type OutcomeInput, writeOutcome } from "./writer.ts";

/** Finishes the record of a program that was killed: whole operations and no outcome yet. */
export function appendOutcome(record: Uint8Array, outcome: OutcomeInput): Uint8Array {
  const index = readRecord(record);
  if (index.outcome !== 0) {
    throw new RecordError("after-outcome", "the record already has an outcome", index.outcome - 1);
  }
  const sink = new ByteSink().raw(record);
  // A second definition of a type is valid and saves the search for the first.
  if (outcome.exception !== undefined) sink.byte(TAG.type).prefixed(encodeText(outcome.exception.type));
  writeOutcome(sink, outcome, index.types.size);
  return sink.bytes();
}
