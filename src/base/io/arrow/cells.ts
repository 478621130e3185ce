import {
  type Data,
  type Decimal,
  type Field,
  type FixedSizeBinary,
  type FixedSizeList,
  type RecordBatch,
  type Timestamp,
  TimeUnit,
  Type,
} from "apache-arrow";
import { bytesText, dateText, decimalText, floatText, instantText } from "../cell-text.ts";
import { CorruptFileError } from "../corrupt-file.ts";

/** JSON of the row, or of the column's cell, of that number. */
export type TextAt = (index: number) => string;

/** A cell of a string column whose bytes are no UTF-8. */
export class NotUtf8Error extends Error {
  override readonly name: string = "NotUtf8Error";
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const DAY_MS = 86_400_000;
/** How many of a unit are a second. */
const PER_SECOND: Readonly<Record<number, bigint>> = {
  [TimeUnit.SECOND]: 1n,
  [TimeUnit.MILLISECOND]: 1_000n,
  [TimeUnit.MICROSECOND]: 1_000_000n,
  [TimeUnit.NANOSECOND]: 1_000_000_000n,
};

/**
 * The rows of a batch as JSON texts, which keep whole numbers of any size, and the difference between 1 and 1.0. What the
 * batch says of its columns is checked first, in time that its bytes bound. Throws CorruptFileError that names the column.
 */
export function rowTexts(batch: RecordBatch): TextAt {
  return structText(batch.data.children, batch.schema.fields, batch.numRows);
}

function structText(children: readonly Data[], fields: readonly Field[], length: number): TextAt {
  const members = fields.map((field, i) => {
    const child = children[i];
    // Null where a stream gives a column none.
    const name = (field.name as string | null) ?? "";
    if (child === undefined || child.length < length) throw new CorruptFileError(`the column "${name}" is too short`);
    return { key: `${JSON.stringify(name)}:`, text: named(name, () => cellTexts(child)) };
  });
  return (index) => `{${members.map(({ key, text }) => key + text(index)).join(",")}}`;
}

function named<T>(column: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof CorruptFileError)) throw cause;
    throw new CorruptFileError(`the column "${column}": ${cause.message}`, { cause });
  }
}

function cellTexts(data: Data): TextAt {
  const text = valueTexts(data);
  const { nullBitmap, length } = data;
  if (nullBitmap === undefined || nullBitmap === null || nullBitmap.length === 0) return text;
  hasAtLeast(nullBitmap.length * 8, length);
  return (index) => (bitAt(nullBitmap, index) ? text(index) : "null");
}

function valueTexts(data: Data): TextAt {
  const { type, length } = data;
  switch (type.typeId) {
    case Type.Null:
      return () => "null";
    case Type.Bool: {
      const bits = data.values as Uint8Array;
      hasAtLeast(bits.length * 8, length);
      return (index) => String(bitAt(bits, index));
    }
    case Type.Int:
    case Type.Time:
    case Type.Duration: {
      const values = numbersOf(data);
      return (index) => String(values[index]);
    }
    case Type.Float: {
      const values = numbersOf(data);
      // Without its type, a float of 16 bits is only its bits.
      if (values instanceof Uint16Array) return (index) => floatText(halfFloat(values[index] as number));
      return (index) => floatText(values[index] as number);
    }
    case Type.Decimal:
      return decimalTexts(data);
    case Type.Date: {
      const values = numbersOf(data);
      // Days are numbers of 32 bits, milliseconds of 64.
      const ms = values instanceof Int32Array ? DAY_MS : 1;
      return (index) => dateText(new Date(Number(values[index]) * ms));
    }
    case Type.Timestamp: {
      const values = numbersOf(data);
      const perSecond = PER_SECOND[(type as Timestamp).unit];
      if (perSecond === undefined) throw new CorruptFileError("its times are of no known unit");
      return (index) => instantText(BigInt(values[index] as number | bigint), perSecond);
    }
    case Type.Utf8:
    case Type.LargeUtf8: {
      const bytes = slicesOf(data);
      return (index) => stringText(bytes(index));
    }
    case Type.Binary:
    case Type.LargeBinary: {
      const bytes = slicesOf(data);
      return (index) => bytesText(bytes(index));
    }
    case Type.FixedSizeBinary: {
      const values = data.values as Uint8Array;
      const width = (type as FixedSizeBinary).byteWidth;
      hasAtLeast(values.length, width * length);
      return (index) => bytesText(values.subarray(width * index, width * (index + 1)));
    }
    case Type.List:
    case Type.LargeList:
    case Type.FixedSizeList:
      return listTexts(data);
    case Type.Map:
      return mapTexts(data);
    case Type.Struct:
      return structText(data.children, type.children, length);
    case Type.Dictionary:
      return dictionaryTexts(data);
    default:
      throw new CorruptFileError(`its type ${type} cannot be read; write it as another type`);
  }
}

function listTexts(data: Data): TextAt {
  const [start, end] = rangesOf(data);
  const text = cellTexts(onlyChild(data));
  return (index) => {
    const items: string[] = [];
    for (let at = start(index); at < end(index); at++) items.push(text(at));
    return `[${items.join(",")}]`;
  };
}

/** An object, whose keys are strings. */
function mapTexts(data: Data): TextAt {
  const [start, end] = rangesOf(data);
  const [keys, values] = onlyChild(data).children;
  if (keys === undefined || values === undefined) throw new CorruptFileError("its map has no keys or no values");
  const entries = onlyChild(data).length;
  hasAtLeast(Math.min(keys.length, values.length), entries);
  const [key, value] = [cellTexts(keys), cellTexts(values)];
  const keyText = (text: string): string => (text.startsWith('"') ? text : JSON.stringify(text));
  return (index) => {
    const members: string[] = [];
    for (let at = start(index); at < end(index); at++) members.push(`${keyText(key(at))}:${value(at)}`);
    return `{${members.join(",")}}`;
  };
}

function dictionaryTexts(data: Data): TextAt {
  const indices = numbersOf(data);
  // Later batches add to a dictionary.
  const parts = (data.dictionary?.data ?? []).map((part: Data) => ({ length: part.length, text: cellTexts(part) }));
  return (index) => {
    let at = Number(indices[index]);
    for (const { length, text } of parts) {
      if (at >= 0 && at < length) return text(at);
      at -= length;
    }
    throw new CorruptFileError("it names a value that its dictionary does not have");
  };
}

function decimalTexts(data: Data): TextAt {
  const words = data.values as Uint32Array;
  const { scale, bitWidth } = data.type as Decimal;
  const width = bitWidth / 32;
  hasAtLeast(words.length, width * data.length);
  return (index) => {
    let bits = 0n;
    for (let word = width - 1; word >= 0; word--) bits = (bits << 32n) | BigInt(words[width * index + word] as number);
    const whole = BigInt.asIntN(bitWidth, bits);
    return decimalText(whole, scale);
  };
}

type Numbers = Readonly<Record<number, number | bigint>> & { readonly length: number };

function numbersOf(data: Data): Numbers {
  const values = data.values as Numbers;
  hasAtLeast(values.length, data.length);
  return values;
}

function slicesOf(data: Data): (index: number) => Uint8Array {
  const values = data.values as Uint8Array;
  const offsets = offsetsOf(data, values.length);
  return (index) => values.subarray(offsets[index], offsets[index + 1]);
}

/** Where the items of a list start and end in its child. */
function rangesOf(data: Data): [start: Bound, end: Bound] {
  const child = onlyChild(data);
  if (data.type.typeId === Type.FixedSizeList) {
    const size = (data.type as FixedSizeList).listSize;
    if (!(size >= 0)) throw new CorruptFileError("its lists have an impossible length");
    hasAtLeast(child.length, size * data.length);
    return [(index) => size * index, (index) => size * (index + 1)];
  }
  const offsets = offsetsOf(data, child.length);
  return [(index) => offsets[index] as number, (index) => offsets[index + 1] as number];
}

type Bound = (index: number) => number;

/** Ascending and within bounds, so that no byte is in two cells, and reading all of them ends. */
function offsetsOf(data: Data, most: number): Float64Array {
  const { length } = data;
  if (length === 0) return new Float64Array(1);
  const raw = data.valueOffsets as unknown as Int32Array;
  hasAtLeast(raw.length, length + 1);
  const offsets = Float64Array.from(raw.subarray(0, length + 1), Number);
  for (let i = 0; i <= length; i++) {
    const offset = offsets[i] as number;
    if (offset < (offsets[i - 1] ?? 0) || offset > most) throw new CorruptFileError("its offsets are out of order");
  }
  return offsets;
}

function onlyChild(data: Data): Data {
  const [child] = data.children;
  if (child === undefined) throw new CorruptFileError("its lists have no items");
  return child;
}

function hasAtLeast(found: number, needed: number): void {
  if (!(found >= needed)) throw new CorruptFileError("its values are fewer than its rows");
}

function bitAt(bits: Uint8Array, index: number): boolean {
  return (((bits[index >> 3] as number) >> (index & 7)) & 1) === 1;
}

function stringText(bytes: Uint8Array): string {
  try {
    return JSON.stringify(utf8.decode(bytes));
  } catch (cause) {
    throw new NotUtf8Error("no UTF-8", { cause });
  }
}

function halfFloat(bits: number): number {
  const sign = bits >> 15 === 1 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
