// The dump language of native/format/dump.md, made straight from the bytes so that nothing JavaScript strings cannot
// tell apart (two lone surrogates from one astral code point) is lost.

import { floatRepr } from "../../python/float-repr.ts";
import { ByteCursor } from "./byte-cursor.ts";
import {
  EVENT,
  EVENT_HAS_CHANGES,
  EVENT_HAS_PAYLOAD,
  EVENT_KIND_MASK,
  FORMAT_VERSION,
  OUTCOME_FLAGS,
  REF,
  STREAM,
  TAG,
  VALUE_FLAGS,
} from "./format.ts";
import { type RecordIndex, readRecord, type TextTable } from "./reader.ts";
import { intAt, skipRef } from "./ref.ts";
import { decodable, decodeText, findInvalidText, forEachCodePoint } from "./text.ts";
import { EVENT_KINDS, STATUSES } from "./value.ts";

const CONSTANTS = ["unbound", "NoneType None", "bool True", "bool False"];
const NAMED_ESCAPES = new Map([
  [0x0a, "\\n"],
  [0x0d, "\\r"],
  [0x09, "\\t"],
]);

/** The record as text, one line per operation that happens. */
export function dump(record: Uint8Array): string {
  return [...dumpLines(record)].join("");
}

/** As `dump`, line by line, each with its line feed. */
export function* dumpLines(record: Uint8Array): IterableIterator<string> {
  const index = readRecord(record);
  const { header } = index;
  yield `record ${FORMAT_VERSION} python 3.${header.pythonMinor}${header.loopsSkipped ? " loops skip" : ""}\n`;
  const printer = new Printer(index);
  let aside = 0;
  for (let event = 0; event <= index.eventTag.length; event++) {
    while (aside < index.asideTag.length && index.asideEvent.at(aside) === event) yield `${printer.aside(aside++)}\n`;
    if (event < index.eventTag.length) yield `${printer.event(event)}\n`;
  }
  yield index.outcome === 0 ? "incomplete\n" : `${printer.outcome()}\n`;
}

class Printer {
  readonly #index: RecordIndex;
  readonly #bytes: Uint8Array;
  readonly #cursor: ByteCursor;

  constructor(index: RecordIndex) {
    this.#index = index;
    this.#bytes = index.bytes;
    this.#cursor = new ByteCursor(index.bytes);
  }

  event(event: number): string {
    const index = this.#index;
    const tag = index.eventTag.at(event);
    const kind = tag & EVENT_KIND_MASK;
    const frame = index.eventFrame.at(event);
    const place = `${this.#plain(index.codes, index.frameCode.at(frame))}:${index.eventLine.at(event)}`;
    const parent = index.frameFirstEvent.at(frame) === event + 1 ? index.frameParent.at(frame) : 0;
    const head = `${EVENT_KINDS[kind]} #${frame} ${place}${parent === 0 ? "" : ` parent #${parent - 1}`}`;
    const changes = (tag & EVENT_HAS_CHANGES) !== 0 ? this.#changes(index.eventChanges.at(event)) : "";
    if ((tag & EVENT_HAS_PAYLOAD) === 0) return `${head}${changes}${kind === EVENT.return ? " unwound" : ""}`;
    this.#cursor.at = index.eventPayload.at(event);
    const payload =
      kind === EVENT.exception ? ` !! ${this.#exception()}${this.#exceptionValue()}` : ` -> ${this.#ref()}`;
    return head + changes + payload;
  }

  aside(aside: number): string {
    const index = this.#index;
    const cursor = this.#cursor;
    cursor.at = index.asideOffset.at(aside);
    const tag = index.asideTag.at(aside);
    if (tag === TAG.thread) return `thread ${cursor.number("a thread")}`;
    if (tag !== TAG.elided) {
      const stream = cursor.byte("a stream") === STREAM.stdout ? "stdout" : "stderr";
      return tag === TAG.output ? `output ${stream} ${this.#quotedText()}` : `stream ${stream} ${this.#quotedBytes()}`;
    }
    const frame = cursor.number("a frame id");
    const line = cursor.number("a line");
    const first = cursor.big("the first iteration");
    const last = first + cursor.big("the count of iterations") - 1n;
    return `elided #${frame} loop ${line} iterations ${first} to ${last} events ${cursor.big("the count of events")}`;
  }

  outcome(): string {
    const cursor = this.#cursor;
    cursor.at = this.#index.outcome;
    const status = STATUSES[cursor.byte("the status")];
    const flags = cursor.byte("the flags");
    let tail = "";
    if ((flags & OUTCOME_FLAGS.hasResult) !== 0) tail += ` | result: ${this.#ref()}`;
    if ((flags & OUTCOME_FLAGS.hasException) !== 0) {
      tail += ` | exception: ${this.#exception()} line ${cursor.number("a line")}${this.#exceptionValue()}`;
    }
    if ((flags & OUTCOME_FLAGS.hasDetail) !== 0) tail += ` | detail: ${this.#quotedText()}`;
    const counts = ["events", "lines", "stdout", "stderr", "cpu", "wall"].map((what) => `${what} ${cursor.big(what)}`);
    return `outcome ${status} ${counts.join(" ")}${tail}`;
  }

  #changes(offset: number): string {
    const cursor = this.#cursor;
    cursor.at = offset;
    let text = "";
    for (let left = cursor.number("the count of changes"); left > 0; left--) {
      const name = this.#plain(this.#index.names, cursor.number("a name id"));
      text += ` | ${name}: ${this.#ref()}`;
    }
    return text;
  }

  /** The reference at the cursor; steps over it. */
  #ref(): string {
    const cursor = this.#cursor;
    const at = cursor.at;
    const word = cursor.number("a reference");
    const after = cursor.at;
    switch ((cursor.bytes[at] as number) & 3) {
      case REF.value: {
        const text = this.#value(Math.floor(word / 4));
        cursor.at = after;
        return text;
      }
      case REF.int:
        return `int ${intAt(cursor.bytes, at)}`;
      case REF.float:
        cursor.at = at;
        skipRef(cursor);
        return `float ${floatRepr(new DataView(cursor.bytes.buffer, cursor.bytes.byteOffset).getFloat64(after, true))}`;
      default:
        return CONSTANTS[Math.floor(word / 4)] as string;
    }
  }

  #value(id: number): string {
    const { types, values, valueType, valueFlags } = this.#index;
    const flags = valueFlags.at(id);
    const cursor = this.#cursor;
    cursor.at = values.end.at(id);
    let text = `${this.#plain(types, valueType.at(id))} ${this.#plain(values, id)}`;
    if ((flags & VALUE_FLAGS.cut) !== 0) text += " cut";
    if ((flags & VALUE_FLAGS.hasEnd) !== 0) text += " end";
    if ((flags & VALUE_FLAGS.failed) !== 0) text += " failed";
    if ((flags & VALUE_FLAGS.hasLength) !== 0) text += ` len=${cursor.signedBig("a length")}`;
    if ((flags & VALUE_FLAGS.hasIdentity) !== 0) text += ` id=${cursor.big("an identity")}`;
    return text;
  }

  #exception(): string {
    const type = this.#plain(this.#index.types, this.#cursor.number("a type id"));
    return `${type} ${this.#quotedText()}`;
  }

  /** The exception itself, where it is known. */
  #exceptionValue(): string {
    const value = this.#ref();
    return value === "unbound" ? "" : ` -> ${value}`;
  }

  #plain(table: TextTable, id: number): string {
    return escaped(this.#bytes, table.start.at(id), table.end.at(id), false);
  }

  /** Bytes that are no generalised UTF-8 are escaped one by one. */
  #quotedBytes(): string {
    let start = this.#cursor.span("bytes");
    const end = this.#cursor.at;
    const parts: string[] = [];
    for (let invalid = findInvalidText(this.#bytes, start, end); invalid >= 0; ) {
      parts.push(escaped(this.#bytes, start, invalid, true), escapedByte(this.#bytes[invalid] as number));
      start = invalid + 1;
      invalid = findInvalidText(this.#bytes, start, end);
    }
    return `"${parts.join("")}${escaped(this.#bytes, start, end, true)}"`;
  }

  #quotedText(): string {
    const start = this.#cursor.span("a text");
    return `"${escaped(this.#bytes, start, this.#cursor.at, true)}"`;
  }
}

function escapedByte(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, "0")}`;
}

function escaped(bytes: Uint8Array, start: number, end: number, quoted: boolean): string {
  if (isPlain(bytes, start, end)) return decodeText(decodable(bytes), start, end);
  const parts: string[] = [];
  forEachCodePoint(bytes, start, end, (point) => parts.push(escapePoint(point, quoted)));
  return parts.join("");
}

/** Printable ASCII that needs no escape anywhere. */
function isPlain(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte < 0x20 || byte > 0x7e || byte === 0x22 || byte === 0x5c) return false;
  }
  return true;
}

function escapePoint(point: number, quoted: boolean): string {
  const named = NAMED_ESCAPES.get(point);
  if (named !== undefined) return named;
  if (point < 0x20 || point === 0x7f) return escapedByte(point);
  if (point >= 0xd800 && point <= 0xdfff) return `\\u${point.toString(16)}`;
  if (quoted && (point === 0x22 || point === 0x5c)) return `\\${String.fromCharCode(point)}`;
  return String.fromCodePoint(point);
}
