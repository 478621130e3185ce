import { ByteSink, zigzag } from "./byte-sink.ts";
import {
  EVENT,
  EVENT_BIT,
  EVENT_HAS_CHANGES,
  EVENT_HAS_PAYLOAD,
  EVENT_OTHER_FRAME,
  FORMAT_VERSION,
  OUTCOME_FLAGS,
  RECORD_FLAGS,
  RECORD_MAGIC,
  REF,
  REF_CONSTANT,
  REF_INT_MAX,
  REF_INT_MIN,
  STREAM,
  TAG,
  VALUE_FLAGS,
} from "./format.ts";
import { encodeText } from "./text.ts";
import { EVENT_KINDS, type EventKind, STATUSES, type Status } from "./value.ts";

/** A reference to a value, encoded. */
export type Ref = Uint8Array;

const UNBOUND: Ref = new ByteSink().varint(REF_CONSTANT.unbound * 4 + REF.constant).bytes();

export interface ValueInput {
  type: string;
  /** Without the "..." that readers add to a cut text. */
  repr: string;
  cut?: boolean;
  /** Of a cut text with "..." inside, to which readers add nothing. */
  hasEnd?: boolean;
  /** See `Value.literal`. */
  literal?: boolean;
  /** See `Value.arrays`. */
  arrays?: "exact" | "rounded" | null;
  failed?: boolean;
  length?: bigint | number;
  identity?: bigint | number;
}

export interface EventInput {
  kind: EventKind;
  frame: number;
  line: number;
  changes?: Iterable<readonly [name: string, ref: Ref]>;
  /** Of a return or yield; a return without one is a frame that an exception left. */
  value?: Ref;
  exception?: { type: string; message: string; value?: Ref };
}

/** Counts and times default to 0. */
export interface OutcomeInput {
  status: Status;
  result?: Ref;
  exception?: { type: string; message: string; line?: number | null; value?: Ref };
  detail?: string;
  events?: number;
  lines?: number;
  stdoutBytes?: number;
  stderrBytes?: number;
  cpuNs?: number;
  wallNs?: number;
}

/** An exact int that fits a reference; others are VALUEs. */
export function intRef(value: bigint | number): Ref {
  const int = BigInt(value);
  if (int < REF_INT_MIN || int > REF_INT_MAX) throw new RangeError(`${int} does not fit an int reference.`);
  return new ByteSink().varint((zigzag(int) << 2n) | BigInt(REF.int)).bytes();
}

export function floatRef(value: number): Ref {
  return new ByteSink().byte(REF.float).float64(value).bytes();
}

export function constantRef(which: keyof typeof REF_CONSTANT): Ref {
  return Uint8Array.of((REF_CONSTANT[which] << 2) | REF.constant);
}

/** Writes one record. For tests, and for programs whose tracer process did not live to write one. */
export class RecordWriter {
  readonly #sink = new ByteSink();
  readonly #names = new Map<string, number>();
  readonly #types = new Map<string, number>();
  readonly #codeFirstLines: number[] = [];
  readonly #frameLines: number[] = [];
  #values = 0;
  #frame = -1;
  #thread = 0;

  constructor(pythonMinor: number, options: { loopsSkipped?: boolean } = {}) {
    for (const byte of RECORD_MAGIC) this.#sink.byte(byte);
    this.#sink
      .byte(FORMAT_VERSION)
      .byte(pythonMinor)
      .byte(options.loopsSkipped === true ? RECORD_FLAGS.loopsSkipped : 0);
  }

  value(input: ValueInput): Ref {
    const type = this.#intern(this.#types, TAG.type, input.type);
    let flags = 0;
    if (input.cut === true) flags |= VALUE_FLAGS.cut;
    if (input.hasEnd === true) flags |= VALUE_FLAGS.hasEnd;
    if (input.literal === true || input.arrays === "exact") flags |= VALUE_FLAGS.literal;
    if (input.arrays) flags |= VALUE_FLAGS.arrays;
    if (input.failed === true) flags |= VALUE_FLAGS.failed;
    if (input.length !== undefined) flags |= VALUE_FLAGS.hasLength;
    if (input.identity !== undefined) flags |= VALUE_FLAGS.hasIdentity;
    this.#sink.byte(TAG.value).varint(type).byte(flags).prefixed(encodeText(input.repr));
    if (input.length !== undefined) this.#sink.varint(zigzag(BigInt(input.length)));
    if (input.identity !== undefined) this.#sink.varint(input.identity);
    return new ByteSink().varint((BigInt(this.#values++) << 2n) | BigInt(REF.value)).bytes();
  }

  /** `flags` are CODE_FLAGS. */
  code(qualifiedName: string, firstLine: number, flags: number = 0): number {
    this.#sink.byte(TAG.code).prefixed(encodeText(qualifiedName)).varint(firstLine).byte(flags);
    return this.#codeFirstLines.push(firstLine) - 1;
  }

  frame(code: number, parent: number | null = null): number {
    const firstLine = this.#codeFirstLines[code];
    if (firstLine === undefined) throw new RangeError(`There is no code ${code}.`);
    this.#sink
      .byte(TAG.frame)
      .varint(code)
      .varint(parent === null ? 0 : parent + 1);
    return this.#frameLines.push(firstLine) - 1;
  }

  event(input: EventInput): void {
    const lastLine = this.#frameLines[input.frame];
    if (lastLine === undefined) throw new RangeError(`There is no frame ${input.frame}.`);
    const changes = Array.from(input.changes ?? [], ([name, ref]) => ({
      name: this.#intern(this.#names, TAG.name, name),
      ref,
    }));
    const payload = this.#payload(input);
    let tag = EVENT_BIT | EVENT_KINDS.indexOf(input.kind);
    if (input.frame !== this.#frame) tag |= EVENT_OTHER_FRAME;
    if (changes.length > 0) tag |= EVENT_HAS_CHANGES;
    if (payload !== null) tag |= EVENT_HAS_PAYLOAD;
    this.#sink.byte(tag);
    if (input.frame !== this.#frame) this.#sink.varint(input.frame);
    this.#sink.varint(zigzag(BigInt(input.line - lastLine)));
    if (changes.length > 0) {
      this.#sink.varint(changes.length);
      for (const { name, ref } of changes) this.#sink.varint(name).raw(ref);
    }
    if (payload !== null) this.#sink.raw(payload);
    this.#frame = input.frame;
    this.#frameLines[input.frame] = input.line;
  }

  /** What happens from here on, happens on this thread. */
  thread(number: number): void {
    if (number === this.#thread) return;
    this.#thread = number;
    this.#sink.byte(TAG.thread).varint(number);
  }

  output(stream: keyof typeof STREAM, text: string): void {
    this.#sink.byte(TAG.output).byte(STREAM[stream]).prefixed(encodeText(text));
  }

  /** All that reached the stream, where that is not what its outputs say together. */
  streamBytes(stream: keyof typeof STREAM, bytes: Uint8Array): void {
    this.#sink.byte(TAG.streamBytes).byte(STREAM[stream]).prefixed(bytes);
  }

  elided(frame: number, loopLine: number, firstIteration: number, count: number, events: number): void {
    this.#sink.byte(TAG.elided);
    for (const field of [frame, loopLine, firstIteration, count, events]) this.#sink.varint(field);
  }

  /** Last, and once. */
  outcome(input: OutcomeInput): void {
    const type = input.exception && this.#intern(this.#types, TAG.type, input.exception.type);
    writeOutcome(this.#sink, input, type);
  }

  /** The record so far. */
  bytes(): Uint8Array {
    return this.#sink.bytes();
  }

  #payload(input: EventInput): Uint8Array | null {
    if (EVENT_KINDS.indexOf(input.kind) !== EVENT.exception) return input.value ?? null;
    const { type, message, value } = input.exception ?? { type: "Exception", message: "" };
    return new ByteSink()
      .varint(this.#intern(this.#types, TAG.type, type))
      .prefixed(encodeText(message))
      .raw(value ?? UNBOUND)
      .bytes();
  }

  #intern(table: Map<string, number>, tag: number, text: string): number {
    let id = table.get(text);
    if (id === undefined) {
      id = table.size;
      table.set(text, id);
      this.#sink.byte(tag).prefixed(encodeText(text));
    }
    return id;
  }
}

/** `exceptionType` is the type id of the outcome's exception, when it has one. */
export function writeOutcome(sink: ByteSink, input: OutcomeInput, exceptionType: number | undefined): void {
  let flags = 0;
  if (input.result !== undefined) flags |= OUTCOME_FLAGS.hasResult;
  if (input.exception !== undefined) flags |= OUTCOME_FLAGS.hasException;
  if (input.detail !== undefined) flags |= OUTCOME_FLAGS.hasDetail;
  sink.byte(TAG.outcome).byte(STATUSES.indexOf(input.status)).byte(flags);
  if (input.result !== undefined) sink.raw(input.result);
  if (input.exception !== undefined) {
    sink
      .varint(exceptionType ?? 0)
      .prefixed(encodeText(input.exception.message))
      .varint(input.exception.line ?? 0)
      .raw(input.exception.value ?? UNBOUND);
  }
  if (input.detail !== undefined) sink.prefixed(encodeText(input.detail));
  sink.varint(input.events ?? 0).varint(input.lines ?? 0);
  sink.varint(input.stdoutBytes ?? 0).varint(input.stderrBytes ?? 0);
  sink.varint(input.cpuNs ?? 0).varint(input.wallNs ?? 0);
}
