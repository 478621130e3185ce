import { partPath } from "../io/part-file.ts";

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

/** Those that have rows before they have their names. */
export function partFiles(names: JobNames): string[] {
  return rowFiles(names).map(partPath);
}

/** Every path that a job creates, replaces or removes at some time. */
export function allFiles(names: JobNames): string[] {
  return [...rowFiles(names), ...partFiles(names), names.manifest, partPath(names.manifest), names.journal];
}
