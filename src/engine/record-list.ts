import type { RecordSink } from "./runner.ts";

/** Keeps the records of a run. */
export class RecordList implements RecordSink {
  readonly records: Uint8Array[] = [];

  add(record: Uint8Array): void {
    this.records.push(record);
  }

  keep(count: number): void {
    this.records.length = count;
  }
}
