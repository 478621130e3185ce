// One pass over the bytes of a record: everything is checked here, so that whoever reads through the index afterwards
// meets no surprise. Nothing is decoded that need not be: the index holds offsets.

import { RecordError } from "../../base/errors.ts";
import { ByteCursor } from "./byte-cursor.ts";
import { U8Column, U32Column } from "./columns.ts";
import {
  CODE_FLAGS,
  EVENT,
  EVENT_BIT,
  EVENT_HAS_CHANGES,
  EVENT_HAS_PAYLOAD,
  EVENT_KIND_COUNT,
  EVENT_KIND_MASK,
  EVENT_OTHER_FRAME,
  FORMAT_VERSION,
  MAX_THREAD,
  OUTCOME_FLAGS,
  RECORD_FLAGS,
  RECORD_HEADER_SIZE,
  RECORD_MAGIC,
  REF,
  REF_CONSTANT_COUNT,
  STREAM,
  TAG,
  VALUE_FLAGS,
} from "./format.ts";
import { findInvalidText } from "./text.ts";
import { STATUSES } from "./value.ts";

const MAX_LINE = 0x7fff_ffff;
const MAX_U64 = 0xffff_ffff_ffff_ffffn;
const EVENT_BITS = EVENT_BIT | EVENT_KIND_MASK | EVENT_OTHER_FRAME | EVENT_HAS_CHANGES | EVENT_HAS_PAYLOAD;

export interface RecordHeader {
  readonly pythonMinor: number;
  readonly loopsSkipped: boolean;
}

/** Byte ranges of texts, by id. */
export class TextTable {
  readonly start: U32Column = new U32Column();
  readonly end: U32Column = new U32Column();

  get size(): number {
    return this.start.length;
  }
}

/** Where everything in a record is. All columns of a group have one length; offsets are into `bytes`. */
export class RecordIndex {
  readonly bytes: Uint8Array;
  readonly header: RecordHeader;
  readonly names: TextTable = new TextTable();
  readonly types: TextTable = new TextTable();
  /** Of a value: the repr; length and identity follow its end when the flags say so. */
  readonly values: TextTable = new TextTable();
  readonly valueType: U32Column = new U32Column();
  readonly valueFlags: U8Column = new U8Column();
  readonly codes: TextTable = new TextTable();
  readonly codeFirstLine: U32Column = new U32Column();
  readonly codeFlags: U8Column = new U8Column();
  readonly frameCode: U32Column = new U32Column();
  /** Parent id + 1; 0: none. */
  readonly frameParent: U32Column = new U32Column();
  /** Index + 1 of the frame's first event; 0: none. */
  readonly frameFirstEvent: U32Column = new U32Column();
  readonly eventTag: U8Column;
  readonly eventFrame: U32Column;
  readonly eventLine: U32Column;
  /** Offset of the count of changes when the tag says that there are any, else of what follows. */
  readonly eventChanges: U32Column;
  /** Offset of the payload when the tag says that there is one, else of what follows the changes. */
  readonly eventPayload: U32Column;
  /** Changes of thread: the event that comes next, and its thread. Before the first it is thread 0. */
  readonly threadEvent: U32Column = new U32Column();
  readonly threadNumber: U32Column = new U32Column();
  /** Outputs, streams, elisions and changes of thread: the tag, the offset of what follows it, and the event that comes next. */
  readonly asideTag: U8Column = new U8Column();
  readonly asideOffset: U32Column = new U32Column();
  readonly asideEvent: U32Column = new U32Column();
  /** Offset of what follows the outcome's tag; 0: no outcome. */
  outcome: number = 0;

  constructor(bytes: Uint8Array, header: RecordHeader) {
    this.bytes = bytes;
    this.header = header;
    const guess = Math.max(16, bytes.length >>> 4);
    this.eventTag = new U8Column(guess);
    this.eventFrame = new U32Column(guess);
    this.eventLine = new U32Column(guess);
    this.eventChanges = new U32Column(guess);
    this.eventPayload = new U32Column(guess);
  }

  addEvent(tag: number, frame: number, line: number, changes: number, payload: number): void {
    if (this.frameFirstEvent.at(frame) === 0) this.frameFirstEvent.set(frame, this.eventTag.length + 1);
    this.eventTag.push(tag);
    this.eventFrame.push(frame);
    this.eventLine.push(line);
    this.eventChanges.push(changes);
    this.eventPayload.push(payload);
  }

  addAside(tag: number, offset: number): void {
    this.asideTag.push(tag);
    this.asideOffset.push(offset);
    this.asideEvent.push(this.eventTag.length);
  }

  /** What is defined and how the run ended, and nothing between. */
  withoutEvents(): RecordIndex {
    const { names, types, values, valueType, valueFlags, codes, codeFirstLine, codeFlags } = this;
    const { frameCode, frameParent, outcome } = this;
    const definitions = { names, types, values, valueType, valueFlags, codes, codeFirstLine, codeFlags };
    const index = new RecordIndex(this.bytes, this.header);
    for (let frame = 0; frame < frameCode.length; frame++) index.frameFirstEvent.push(0);
    return Object.assign(index, definitions, { frameCode, frameParent, outcome });
  }
}

export function readHeader(bytes: Uint8Array): RecordHeader {
  const magic = RECORD_MAGIC.every((byte, i) => bytes[i] === byte);
  if (!magic) throw new RecordError("bad-magic", 'this is no trace record: it does not start with "TMRC"', 0);
  const version = bytes[4];
  if (version !== undefined && version !== FORMAT_VERSION) {
    throw new RecordError(
      "bad-version",
      `the record has format version ${version}, this reader knows version ${FORMAT_VERSION}: ` +
        "use the version of tracemill that wrote it, or trace the programs again",
      4,
    );
  }
  if (bytes.length < RECORD_HEADER_SIZE) {
    throw new RecordError("truncated", "the bytes end inside the header", bytes.length);
  }
  const flags = bytes[6] as number;
  if ((flags & ~RECORD_FLAGS.loopsSkipped) !== 0) {
    throw new RecordError("bad-flags", `unknown record flags 0x${flags.toString(16)}`, 6);
  }
  return { pythonMinor: bytes[5] as number, loopsSkipped: (flags & RECORD_FLAGS.loopsSkipped) !== 0 };
}

export function readRecord(bytes: Uint8Array): RecordIndex {
  const index = new RecordIndex(bytes, readHeader(bytes));
  const cursor = new ByteCursor(bytes, RECORD_HEADER_SIZE);
  const lastLine = new U32Column();
  let eventFrame = -1;
  while (cursor.at < bytes.length) {
    const at = cursor.at;
    const tag = cursor.byte("a tag");
    if ((tag & EVENT_BIT) !== 0) {
      eventFrame = readEvent(index, cursor, tag, eventFrame, lastLine);
    } else if (tag === TAG.outcome) {
      readOutcome(index, cursor);
      if (cursor.at < bytes.length) {
        throw new RecordError("after-outcome", "there are operations after the outcome", cursor.at);
      }
    } else {
      readOperation(index, cursor, tag, at, lastLine);
    }
  }
  return index;
}

function readOperation(index: RecordIndex, cursor: ByteCursor, tag: number, at: number, lastLine: U32Column): void {
  switch (tag) {
    case TAG.name:
      addText(index.names, cursor, "a name");
      return;
    case TAG.type:
      addText(index.types, cursor, "a type");
      return;
    case TAG.value:
      readValue(index, cursor);
      return;
    case TAG.code:
      readCode(index, cursor);
      return;
    case TAG.frame:
      readFrame(index, cursor, lastLine);
      return;
    case TAG.output:
    case TAG.streamBytes:
    case TAG.elided:
    case TAG.thread:
      index.addAside(tag, cursor.at);
      if (tag === TAG.output) readOutput(cursor);
      else if (tag === TAG.streamBytes) readStreamBytes(cursor);
      else if (tag === TAG.elided) readElided(index, cursor);
      else readThread(index, cursor);
      return;
    default:
      throw new RecordError("bad-tag", `unknown tag 0x${tag.toString(16).padStart(2, "0")}`, at);
  }
}

function readEvent(
  index: RecordIndex,
  cursor: ByteCursor,
  tag: number,
  previousFrame: number,
  lastLine: U32Column,
): number {
  const at = cursor.at - 1;
  const kind = tag & EVENT_KIND_MASK;
  if ((tag & ~EVENT_BITS) !== 0 || kind >= EVENT_KIND_COUNT) {
    throw new RecordError("bad-tag", `unknown event tag 0x${tag.toString(16)}`, at);
  }
  let frame = previousFrame;
  if ((tag & EVENT_OTHER_FRAME) !== 0) frame = readId(cursor, index.frameCode.length, "frame");
  else if (frame < 0) throw new RecordError("no-frame", "the first event names no frame", at);

  const lineAt = cursor.at;
  const line = lastLine.at(frame) + cursor.signedNumber("a line");
  if (!(line >= 0 && line <= MAX_LINE)) throw new RecordError("bad-line", `line ${line} is out of range`, lineAt);
  lastLine.set(frame, line);

  const changesAt = cursor.at;
  if ((tag & EVENT_HAS_CHANGES) !== 0) {
    for (let left = cursor.number("the count of changes"); left > 0; left--) {
      readId(cursor, index.names.size, "name");
      checkRef(index, cursor);
    }
  }
  const payloadAt = cursor.at;
  if ((tag & EVENT_HAS_PAYLOAD) !== 0) {
    if (kind === EVENT.exception) {
      readId(cursor, index.types.size, "type");
      checkText(cursor, "an exception's message");
      checkRef(index, cursor);
    } else if (kind === EVENT.return || kind === EVENT.yield) {
      checkRef(index, cursor);
    } else {
      throw new RecordError("bad-tag", "this kind of event has no payload", at);
    }
  } else if (kind === EVENT.exception || kind === EVENT.yield) {
    throw new RecordError("bad-tag", "this kind of event needs a payload", at);
  }
  index.addEvent(tag, frame, line, changesAt, payloadAt);
  return frame;
}

function readValue(index: RecordIndex, cursor: ByteCursor): void {
  index.valueType.push(readId(cursor, index.types.size, "type"));
  const flags = readFlags(cursor, VALUE_FLAGS.mask, "value");
  index.valueFlags.push(flags);
  addText(index.values, cursor, "a value");
  if ((flags & VALUE_FLAGS.hasLength) !== 0) cursor.number("a value's length");
  if ((flags & VALUE_FLAGS.hasIdentity) !== 0) cursor.number("a value's identity");
}

function readCode(index: RecordIndex, cursor: ByteCursor): void {
  addText(index.codes, cursor, "a code's name");
  index.codeFirstLine.push(readLine(cursor));
  index.codeFlags.push(readFlags(cursor, CODE_FLAGS.mask, "code"));
}

function readFrame(index: RecordIndex, cursor: ByteCursor, lastLine: U32Column): void {
  const code = readId(cursor, index.codes.size, "code");
  index.frameParent.push(readId(cursor, index.frameCode.length + 1, "parent frame"));
  index.frameCode.push(code);
  index.frameFirstEvent.push(0);
  lastLine.push(index.codeFirstLine.at(code));
}

function readOutput(cursor: ByteCursor): void {
  checkStream(cursor);
  checkText(cursor, "an output");
}

function readStreamBytes(cursor: ByteCursor): void {
  checkStream(cursor);
  cursor.span("the bytes of a stream");
}

function checkStream(cursor: ByteCursor): void {
  const at = cursor.at;
  const stream = cursor.byte("a stream");
  if (stream !== STREAM.stdout && stream !== STREAM.stderr) {
    throw new RecordError("bad-stream", `there is no output stream ${stream}`, at);
  }
}

function readElided(index: RecordIndex, cursor: ByteCursor): void {
  readId(cursor, index.frameCode.length, "frame");
  readLine(cursor);
  const at = cursor.at;
  const first = cursor.big("the first elided iteration");
  const count = cursor.big("the count of elided iterations");
  if (first === 0n || count === 0n || first + count - 1n > MAX_U64) {
    throw new RecordError("bad-elision", "iterations are counted from 1, at least one, in 64 bits", at);
  }
  cursor.number("the count of elided events");
}

function readThread(index: RecordIndex, cursor: ByteCursor): void {
  const at = cursor.at;
  const thread = cursor.number("a thread");
  if (thread > MAX_THREAD) throw new RecordError("bad-thread", `thread ${thread} is out of range`, at);
  index.threadEvent.push(index.eventTag.length);
  index.threadNumber.push(thread);
}

function readOutcome(index: RecordIndex, cursor: ByteCursor): void {
  index.outcome = cursor.at;
  const at = cursor.at;
  const status = cursor.byte("the status");
  if (status >= STATUSES.length) throw new RecordError("bad-status", `unknown status ${status}`, at);
  const flags = readFlags(cursor, OUTCOME_FLAGS.mask, "outcome");
  if ((flags & OUTCOME_FLAGS.hasResult) !== 0) checkRef(index, cursor);
  if ((flags & OUTCOME_FLAGS.hasException) !== 0) {
    readId(cursor, index.types.size, "type");
    checkText(cursor, "the exception's message");
    readLine(cursor);
    checkRef(index, cursor);
  }
  if ((flags & OUTCOME_FLAGS.hasDetail) !== 0) checkText(cursor, "the detail");
  for (const what of ["events", "lines", "stdout bytes", "stderr bytes", "CPU time", "wall time"]) {
    cursor.number(`the outcome's ${what}`);
  }
}

function readId(cursor: ByteCursor, count: number, what: string): number {
  const at = cursor.at;
  const id = cursor.number(`a ${what} id`);
  if (id >= count) throw new RecordError("bad-id", `there is no ${what} ${id} here, only ${count}`, at);
  return id;
}

function readFlags(cursor: ByteCursor, mask: number, what: string): number {
  const at = cursor.at;
  const flags = cursor.byte(`the ${what}'s flags`);
  if ((flags & ~mask) !== 0) throw new RecordError("bad-flags", `unknown ${what} flags 0x${flags.toString(16)}`, at);
  return flags;
}

function readLine(cursor: ByteCursor): number {
  const at = cursor.at;
  const line = cursor.number("a line");
  if (line > MAX_LINE) throw new RecordError("bad-line", `line ${line} is out of range`, at);
  return line;
}

function checkText(cursor: ByteCursor, what: string): number {
  const start = cursor.span(what);
  const invalid = findInvalidText(cursor.bytes, start, cursor.at);
  if (invalid >= 0) throw new RecordError("bad-text", `${what} is not generalised UTF-8`, invalid);
  return start;
}

function addText(table: TextTable, cursor: ByteCursor, what: string): void {
  table.start.push(checkText(cursor, what));
  table.end.push(cursor.at);
}

function checkRef(index: RecordIndex, cursor: ByteCursor): void {
  const at = cursor.at;
  const ref = cursor.number("a reference");
  // The two low bits come from the first byte: a number above 2^53 has lost them.
  const kind = (cursor.bytes[at] as number) & 3;
  if (kind === REF.int) return;
  const argument = Math.floor(ref / 4);
  if (kind === REF.value) {
    if (argument < index.values.size) return;
    throw new RecordError("bad-id", `there is no value ${argument} here, only ${index.values.size}`, at);
  }
  if (kind === REF.float) {
    if (argument !== 0) throw new RecordError("bad-ref", "a float's reference has stray bits", at);
    cursor.skip(8, "a float");
    return;
  }
  if (argument >= REF_CONSTANT_COUNT) throw new RecordError("bad-ref", `there is no constant ${argument}`, at);
}
