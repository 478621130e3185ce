import { partPath } from "../base/io/part-file.ts";

/** The names of everything that a job writes. All but the outputs are named after the first of these. */
export interface JobNames {
  readonly outputs: readonly string[];
  readonly rejected: string;
  readonly manifest: string;
  /** There only while the job is unfinished. */
  readonly journal: string;
}

export function jobNames(outputs: readonly [string, ...string[]]): JobNames {
  const [first] = outputs;
  return {
    outputs,
    rejected: `${first}.rejected.jsonl`,
    manifest: `${first}.manifest.json`,
    journal: `${first}.journal.jsonl`,
  };
}

/** The files of rows, in the order in which they get their names: the first output last. */
export function rowFiles({ outputs, rejected }: JobNames): string[] {
  return [rejected, ...outputs.toReversed()];
}

/** What is written before it gets its name. */
export function partFiles(names: JobNames): string[] {
  return [...rowFiles(names), names.manifest].map(partPath);
}

/** Every path that a job creates, replaces or removes at some time. */
export function allFiles(names: JobNames): string[] {
  return [...rowFiles(names), names.manifest, ...partFiles(names), names.journal];
}
