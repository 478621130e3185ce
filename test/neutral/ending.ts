// How a run of a program ended: what plain CPython and a recorded run are compared in.

export interface Shown {
  readonly type: string;
  /** By structure, without any of the program's code. */
  readonly repr: string;
  /** An object of the program is in it. */
  readonly structural: boolean;
}

export interface Raised {
  readonly type: string;
  readonly message: string;
  /** The exception by structure; null where the record does not have it. */
  readonly value: string | null;
  /** Of the program; null when none of its lines raised. */
  readonly line: number | null;
}

export interface Ending {
  /** Objects of the program are what their own `__repr__` says: nothing to compare with. */
  readonly ownReprs: boolean;
  readonly status: string;
  readonly result: Shown | null;
  /** `result.repr` is a prefix of the whole text, which ends in "...". */
  readonly resultCut: boolean;
  readonly exception: Raised | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What no two runs share: addresses, and the folder of the program. */
export function comparable(text: string): string {
  return text.replace(/0x[57][0-9a-f]{11}\b/g, "0x@").replace(/(?:\/[\w.-]+)*\/program\.py\b|<program>/g, "program.py");
}

/** Of values, where a record has ordinals for addresses. */
export function comparableValue(text: string): string {
  return comparable(text).replace(/ (?:at 0x@|#\d+)(?=[ >])/g, " @");
}
