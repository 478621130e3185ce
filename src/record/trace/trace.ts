import { RecordError } from "../../base/errors.ts";
import { ByteCursor } from "./byte-cursor.ts";
import { concatenate } from "./concatenate.ts";
import { TraceCursor } from "./cursor.ts";
import { Decoder } from "./decoder.ts";
import { EVENT, OUTCOME_FLAGS, STREAM, TAG } from "./format.ts";
import { FrameState } from "./frame-state.ts";
import { type RecordIndex, readHeader, readRecord } from "./reader.ts";
import { skipRef } from "./ref.ts";
import { decodable, decodeBytes, decodeText } from "./text.ts";
import { indexOfThread, threadsOf } from "./threads.ts";
import {
  type Elision,
  EVENT_KINDS,
  type EventKind,
  type Outcome,
  STATUSES,
  type TraceEvent,
  type TraceFrame,
  type Value,
} from "./value.ts";

const NO_CHANGES: ReadonlyMap<string, Value | null> = new Map();

/**
 * One recorded run. The constructor looks at the header only; the rest is checked and indexed when it is first asked
 * for, which throws RecordError for bytes that are no record. The bytes are kept, not copied.
 */
export class Trace {
  readonly pythonMinor: number;
  readonly loopsSkipped: boolean;
  readonly bytes: Uint8Array;
  #decoder: Decoder | null = null;
  #outcome: Outcome | null = null;
  #threads: readonly number[] | null = null;
  #nextInFrame: Uint32Array | null = null;
  /** By frame: its state and the event whose changes were applied last. */
  readonly #walked: Map<number, { event: number; state: FrameState }> = new Map();

  constructor(record: Uint8Array) {
    const header = readHeader(record);
    this.pythonMinor = header.pythonMinor;
    this.loopsSkipped = header.loopsSkipped;
    this.bytes = record;
  }

  /** @internal */
  get decoder(): Decoder {
    this.#decoder ??= new Decoder(readRecord(this.bytes));
    return this.#decoder;
  }

  /** Whether the record was finished; one without an outcome belongs to a run that nobody saw end. */
  get complete(): boolean {
    return this.decoder.index.outcome !== 0;
  }

  get outcome(): Outcome {
    if (!this.complete) {
      throw new RecordError("incomplete", "the record ends without an outcome: trace the program again");
    }
    this.#outcome ??= readOutcome(this.decoder);
    return this.#outcome;
  }

  /** What reached the program's stdout; bytes that are no UTF-8 show as `\xNN`. */
  get stdout(): string {
    return this.#output(STREAM.stdout);
  }

  get stderr(): string {
    return this.#output(STREAM.stderr);
  }

  get eventCount(): number {
    return this.decoder.index.eventTag.length;
  }

  get frameCount(): number {
    return this.decoder.index.frameCode.length;
  }

  frame(id: number): TraceFrame {
    const { index } = this.decoder;
    if (!(Number.isInteger(id) && id >= 0 && id < index.frameCode.length)) {
      throw new RangeError(`There is no frame ${id}; the trace has ${index.frameCode.length}.`);
    }
    const code = index.frameCode.at(id);
    return {
      id,
      parent: parentOf(index, id),
      functionName: this.decoder.codeName(code),
      firstLine: index.codeFirstLine.at(code),
      flags: index.codeFlags.at(code),
    };
  }

  /** Of the threads that have frames, in rising order. */
  get threads(): readonly number[] {
    this.#threads ??= threadsOf(this.decoder.index);
    return this.#threads;
  }

  /** The same run with the events of one thread's frames only, and all output. */
  ofThread(thread: number): Trace {
    const trace = new Trace(this.bytes);
    trace.#decoder = new Decoder(indexOfThread(this.decoder.index, thread));
    trace.#threads = [thread];
    return trace;
  }

  /** Walks the events without an object for each. */
  cursor(): TraceCursor {
    return new TraceCursor(this.decoder);
  }

  /** The events in execution order, each made when it is asked for. */
  *events(): IterableIterator<TraceEvent> {
    const cursor = this.cursor();
    while (cursor.next()) yield describe(cursor);
  }

  /** The iterations that ran and were not recorded, in order. */
  *elisions(): IterableIterator<Elision> {
    const { index } = this.decoder;
    const cursor = new ByteCursor(index.bytes);
    for (let i = 0; i < index.asideTag.length; i++) {
      if (index.asideTag.at(i) !== TAG.elided) continue;
      cursor.at = index.asideOffset.at(i);
      yield {
        before: index.asideEvent.at(i),
        frame: cursor.number("a frame id"),
        loopLine: cursor.number("a line"),
        first: cursor.number("the first elided iteration"),
        count: cursor.number("the count of elided iterations"),
        events: cursor.number("the count of elided events"),
      };
    }
  }

  /** What was bound in the event's frame when the event fired: for a line event, before its line ran. */
  stateAt(i: number): ReadonlyMap<string, Value> {
    return this.#stateOf(i).values(this.decoder);
  }

  /** What was bound when the frame's next event fired; after its last event, the state at that one. */
  stateAfter(i: number): ReadonlyMap<string, Value> {
    this.#checkEvent(i);
    return this.stateAt(this.#next()[i] || i);
  }

  /** In time linear in the frame's events, and constant per event when asked in rising order. */
  #stateOf(i: number): FrameState {
    this.#checkEvent(i);
    const { decoder } = this;
    const next = this.#next();
    const frame = decoder.index.eventFrame.at(i);
    let walked = this.#walked.get(frame);
    if (walked === undefined || walked.event > i) {
      walked = { event: decoder.index.frameFirstEvent.at(frame) - 1, state: new FrameState() };
      walked.state.apply(decoder, walked.event);
      this.#walked.set(frame, walked);
    }
    while (walked.event < i) {
      walked.event = next[walked.event] as number;
      walked.state.apply(decoder, walked.event);
    }
    return walked.state;
  }

  #checkEvent(i: number): void {
    if (!(Number.isInteger(i) && i >= 0 && i < this.eventCount)) {
      throw new RangeError(`There is no event ${i}; the trace has ${this.eventCount}.`);
    }
  }

  /** By event: the same frame's next event, 0 when there is none. */
  #next(): Uint32Array {
    if (this.#nextInFrame === null) {
      const { eventFrame } = this.decoder.index;
      const next = new Uint32Array(eventFrame.length);
      const seen = new Uint32Array(this.frameCount);
      for (let i = eventFrame.length - 1; i >= 0; i--) {
        const frame = eventFrame.at(i);
        next[i] = seen[frame] as number;
        seen[frame] = i;
      }
      this.#nextInFrame = next;
    }
    return this.#nextInFrame;
  }

  #output(stream: number): string {
    const reached = this.#spans(TAG.streamBytes, stream).at(-1);
    if (reached !== undefined) return decodeBytes(reached);
    const parts = this.#spans(TAG.output, stream);
    const text = decodable(parts.length === 1 ? (parts[0] as Uint8Array) : concatenate(parts));
    return decodeText(text, 0, text.length);
  }

  /** Of one stream, the bytes of every operation with this tag. */
  #spans(tag: number, stream: number): Uint8Array[] {
    const { index } = this.decoder;
    const spans: Uint8Array[] = [];
    const cursor = new ByteCursor(index.bytes);
    for (let i = 0; i < index.asideTag.length; i++) {
      if (index.asideTag.at(i) !== tag) continue;
      cursor.at = index.asideOffset.at(i);
      if (cursor.byte("a stream") !== stream) continue;
      const start = cursor.span("bytes");
      spans.push(index.bytes.subarray(start, cursor.at));
    }
    return spans;
  }
}

/** The event a cursor stands at, as an object. */
function describe(cursor: TraceCursor): TraceEvent {
  const { decoder, payload } = cursor;
  const kind = EVENT_KINDS[cursor.kind] as EventKind;
  const raised = cursor.kind === EVENT.exception && payload >= 0;
  return {
    index: cursor.index,
    kind,
    frame: cursor.frame,
    parent: parentOf(decoder.index, cursor.frame),
    function: decoder.codeName(cursor.code),
    line: cursor.line,
    thread: cursor.thread,
    changes: changesOf(cursor),
    value: payload >= 0 && !raised ? decoder.ref(payload) : null,
    unwound: cursor.unwound,
    exception: raised ? decoder.exceptionAt(payload) : null,
  };
}

function changesOf(cursor: TraceCursor): ReadonlyMap<string, Value | null> {
  if (cursor.changeCount === 0) return NO_CHANGES;
  const changes = new Map<string, Value | null>();
  for (let i = 0; i < cursor.changeCount; i++) {
    changes.set(cursor.decoder.name(cursor.changeName(i)), cursor.decoder.ref(cursor.changeRef(i)));
  }
  return changes;
}

function parentOf(index: RecordIndex, frame: number): number | null {
  const parent = index.frameParent.at(frame);
  return parent === 0 ? null : parent - 1;
}

function readOutcome(decoder: Decoder): Outcome {
  const { bytes, outcome } = decoder.index;
  const cursor = new ByteCursor(bytes, outcome);
  const status = STATUSES[cursor.byte("the status")] as Outcome["status"];
  const flags = cursor.byte("the outcome's flags");
  let result: Outcome["result"] = null;
  if ((flags & OUTCOME_FLAGS.hasResult) !== 0) {
    const at = cursor.at;
    skipRef(cursor);
    result = decoder.ref(at);
  }
  let exception: Outcome["exception"] = null;
  if ((flags & OUTCOME_FLAGS.hasException) !== 0) {
    const type = decoder.type(cursor.number("a type id"));
    const message = decoder.textAt(cursor.at);
    cursor.span("a message");
    const line = cursor.number("a line");
    exception = { type, message, line: line === 0 ? null : line, value: decoder.ref(cursor.at) };
    skipRef(cursor);
  }
  let detail: string | null = null;
  if ((flags & OUTCOME_FLAGS.hasDetail) !== 0) {
    detail = decoder.textAt(cursor.at);
    cursor.span("the detail");
  }
  return {
    status,
    result,
    exception,
    detail,
    events: cursor.number("events"),
    lines: cursor.number("lines"),
    stdoutBytes: cursor.number("stdout bytes"),
    stderrBytes: cursor.number("stderr bytes"),
    cpuNs: cursor.number("CPU time"),
    wallNs: cursor.number("wall time"),
  };
}
