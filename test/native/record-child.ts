// A process of its own, because one process can open one Python for inline isolation:
//   record-child.ts REQUEST     REQUEST = a JSON file {programs, runs: [{options, output}]}
// Every run, one after another, writes the records of the programs to the record file that it names.
import { readFileSync } from "node:fs";
import type { Program } from "../../src/base/schema/program.ts";
import type { TracerOptions } from "../../src/engine/tracer.ts";
import { tracedRows, writeRecordFile } from "../helpers/record-rows.ts";

export interface RecordRequest {
  programs: Program[];
  runs: { options: TracerOptions; output: string }[];
}

const request = JSON.parse(readFileSync(process.argv[2] as string, "utf8")) as RecordRequest;
for (const { options, output } of request.runs) {
  await writeRecordFile(output, await tracedRows(options, request.programs));
}
