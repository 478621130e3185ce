// What the offsets of an index stand for: texts, values, references. Texts and values are decoded once and shared.

import { floatRepr } from "../../python/float-repr.ts";
import { ByteCursor } from "./byte-cursor.ts";
import { REF, REF_CONSTANT, VALUE_FLAGS } from "./format.ts";
import type { RecordIndex, TextTable } from "./reader.ts";
import { intAt } from "./ref.ts";
import { decodable, decodeText } from "./text.ts";
import type { RaisedException, Value } from "./value.ts";

const NONE = constant("NoneType", "None");
const TRUE = constant("bool", "True");
const FALSE = constant("bool", "False");

export class Decoder {
  readonly index: RecordIndex;
  readonly #bytes: Uint8Array;
  readonly #cursor: ByteCursor;
  readonly #view: DataView;
  readonly #names: string[] = [];
  readonly #types: string[] = [];
  readonly #codes: string[] = [];
  readonly #values: Value[] = [];

  constructor(index: RecordIndex) {
    this.index = index;
    this.#bytes = decodable(index.bytes);
    this.#cursor = new ByteCursor(index.bytes);
    this.#view = new DataView(index.bytes.buffer, index.bytes.byteOffset, index.bytes.byteLength);
  }

  name(id: number): string {
    return this.#text(this.#names, this.index.names, id);
  }

  type(id: number): string {
    return this.#text(this.#types, this.index.types, id);
  }

  /** Qualified name. */
  codeName(id: number): string {
    return this.#text(this.#codes, this.index.codes, id);
  }

  value(id: number): Value {
    this.#values[id] ??= this.#decodeValue(id);
    return this.#values[id] as Value;
  }

  /** The value a reference at `offset` stands for; null: unbound. */
  ref(offset: number): Value | null {
    const cursor = this.#cursor;
    cursor.at = offset;
    const word = cursor.number("a reference");
    switch ((this.index.bytes[offset] as number) & 3) {
      case REF.value:
        return this.value(Math.floor(word / 4));
      case REF.int:
        return constant("int", this.#int(offset, word));
      case REF.float:
        return constant("float", floatRepr(this.#view.getFloat64(cursor.at, true)));
      default:
        return constantValue(word >>> 2);
    }
  }

  /** Whether the reference at `offset` holds an int itself. */
  isInt(offset: number): boolean {
    return ((this.index.bytes[offset] as number) & 3) === REF.int;
  }

  /** As `ref(offset)?.repr`, without an object for an int. */
  refText(offset: number): string | null {
    if (!this.isInt(offset)) return this.ref(offset)?.repr ?? null;
    const cursor = this.#cursor;
    cursor.at = offset;
    return this.#int(offset, cursor.number("a reference"));
  }

  isUnbound(offset: number): boolean {
    return ((this.index.bytes[offset] as number) & 3) === REF.constant && this.ref(offset) === null;
  }

  /** A length-prefixed text at `offset`. */
  textAt(offset: number): string {
    const cursor = this.#cursor;
    cursor.at = offset;
    const start = cursor.span("a text");
    return decodeText(this.#bytes, start, cursor.at);
  }

  /** The exception of the event whose payload is at `offset`. */
  exceptionAt(offset: number): RaisedException {
    const cursor = this.#cursor;
    cursor.at = offset;
    const type = cursor.number("a type id");
    const start = cursor.span("a message");
    const message = decodeText(this.#bytes, start, cursor.at);
    return { type: this.type(type), message, value: this.ref(cursor.at) };
  }

  #int(offset: number, word: number): string {
    if (word <= Number.MAX_SAFE_INTEGER) {
      const raw = Math.floor(word / 4);
      return String(raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2);
    }
    return String(intAt(this.index.bytes, offset));
  }

  #text(cache: string[], table: TextTable, id: number): string {
    cache[id] ??= decodeText(this.#bytes, table.start.at(id), table.end.at(id));
    return cache[id] as string;
  }

  #decodeValue(id: number): Value {
    const { values, valueType, valueFlags } = this.index;
    const flags = valueFlags.at(id);
    const text = decodeText(this.#bytes, values.start.at(id), values.end.at(id));
    const cut = (flags & VALUE_FLAGS.cut) !== 0;
    const cursor = this.#cursor;
    cursor.at = values.end.at(id);
    return {
      type: this.type(valueType.at(id)),
      repr: cut && (flags & VALUE_FLAGS.hasEnd) === 0 ? `${text}...` : text,
      cut,
      failed: (flags & VALUE_FLAGS.failed) !== 0,
      literal: (flags & (VALUE_FLAGS.literal | VALUE_FLAGS.arrays)) === VALUE_FLAGS.literal,
      arrays: (flags & VALUE_FLAGS.arrays) === 0 ? null : (flags & VALUE_FLAGS.literal) !== 0 ? "exact" : "rounded",
      length: (flags & VALUE_FLAGS.hasLength) !== 0 ? cursor.signedNumber("a length") : null,
      identity: (flags & VALUE_FLAGS.hasIdentity) !== 0 ? cursor.number("an identity") : null,
    };
  }
}

function constantValue(which: number): Value | null {
  if (which === REF_CONSTANT.none) return NONE;
  if (which === REF_CONSTANT.true) return TRUE;
  return which === REF_CONSTANT.false ? FALSE : null;
}

function constant(type: string, repr: string): Value {
  return { type, repr, cut: false, failed: false, literal: true, arrays: null, length: null, identity: null };
}
