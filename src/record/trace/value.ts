/** One value as it was when its event fired. Objects are shared between events: never change them. */
export interface Value {
  /** `type(x).__name__`. */
  readonly type: string;
  /** Text as recorded; that of a cut value has "..." where something is left out: at its end, or between its ends. */
  readonly repr: string;
  /** `repr` is not the whole one. */
  readonly cut: boolean;
  /** `repr` is a stand-in: the program's own `__repr__` raised or took too long. */
  readonly failed: boolean;
  /**
   * `repr` is written with literals alone, and nothing of the program has a part in it, whatever its classes are called:
   * None, Ellipsis, bool, int, float, complex, str, bytes, and list, tuple, dict, set, frozenset of these, exactly.
   */
  readonly literal: boolean;
  /**
   * NumPy's own arrays and numbers are in it, and `repr` is written with them and literals alone, again whatever classes
   * of the program are called: "rounded" where some number of an array has more digits than show. Else null.
   */
  readonly arrays: "exact" | "rounded" | null;
  /** `len(x)`, known for cut values of types that have one. */
  readonly length: number | null;
  /** Ordinal of the object, from 1: equal ordinals at one event are one object. */
  readonly identity: number | null;
}

/** How a run ended, in the order of the record's status byte. */
export const STATUSES = [
  "ok",
  "exception",
  "syntax-error",
  "timeout",
  "memory-limit",
  "output-limit",
  "event-limit",
  "denied",
  "crash",
  "record-limit",
] as const;

export type Status = (typeof STATUSES)[number];

/** `value` is the exception by type, arguments and fields; null where it is not known. */
export interface RaisedException {
  readonly type: string;
  readonly message: string;
  readonly value: Value | null;
}

/** `line` is the program's line that raised, null when none of its lines did. */
export interface ProgramException extends RaisedException {
  readonly line: number | null;
}

export interface Outcome {
  readonly status: Status;
  readonly result: Value | null;
  readonly exception: ProgramException | null;
  /** What a limit or denial was about. */
  readonly detail: string | null;
  /** Events and lines that ran, recorded or not. */
  readonly events: number;
  readonly lines: number;
  /** Bytes written, also past the bound of what was kept. */
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
  /** Zero unless timings were asked for. */
  readonly cpuNs: number;
  readonly wallNs: number;
}

/** In the order of the record's event kinds. */
export const EVENT_KINDS = ["call", "line", "return", "yield", "resume", "exception"] as const;

export type EventKind = (typeof EVENT_KINDS)[number];

export interface TraceEvent {
  readonly index: number;
  readonly kind: EventKind;
  /** Frame id: one activation, never reused. */
  readonly frame: number;
  readonly parent: number | null;
  /** Qualified name. */
  readonly function: string;
  readonly line: number;
  /** On which it happened: 0 is the thread of the module, others follow in the order in which they were started. */
  readonly thread: number;
  /** Names that changed since the frame's previous event; null: unbound. */
  readonly changes: ReadonlyMap<string, Value | null>;
  /** What is returned or yielded. */
  readonly value: Value | null;
  /** A return event of a frame that an exception left. */
  readonly unwound: boolean;
  readonly exception: RaisedException | null;
}

export interface TraceFrame {
  readonly id: number;
  readonly parent: number | null;
  readonly functionName: string;
  readonly firstLine: number;
  /** CodeFlags of the record format. */
  readonly flags: number;
}

/** Iterations of one loop of one frame that ran between two recorded events and left none. */
export interface Elision {
  /** Index of the event that comes next. */
  readonly before: number;
  readonly frame: number;
  readonly loopLine: number;
  /** From 1. */
  readonly first: number;
  readonly count: number;
  /** That happened in these iterations, calls from them included. */
  readonly events: number;
}
