// How rows of a Parquet file, as its decoder gives them, are written as JSON texts: as those of Arrow are (arrow/cells.ts).

import type { FileMetaData, ParquetParsers, parquetSchema } from "hyparquet";
import { bytesText, dateText, decimalText, floatText, instantText, numberText } from "./cell-text.ts";

export type SchemaTree = ReturnType<typeof parquetSchema>;

/** A cell of a string column whose bytes are no UTF-8. */
export class NotUtf8Error extends Error {
  override readonly name: string = "NotUtf8Error";
}

// The decoder makes objects of maps, whose keys JavaScript would put in another order where they look like numbers, and it
// has no way to say that a string is no UTF-8: so every string begins with a mark.
const TEXT = "=";
const NO_TEXT = "!";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function marked(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined || bytes === null) return undefined;
  try {
    return TEXT + utf8.decode(bytes);
  } catch {
    return NO_TEXT;
  }
}

const instant = (perSecond: bigint) => (count: bigint) => {
  const text = instantText(BigInt(count), perSecond);
  return text === "null" ? null : TEXT + (JSON.parse(text) as string);
};

/** What the decoder makes of values; only {@link rowText} understands it. */
export const PARSERS: Partial<ParquetParsers> = {
  stringFromBytes: marked,
  jsonFromBytes: marked,
  uuidFromBytes: (bytes: Uint8Array | undefined) => bytes,
  timestampFromMilliseconds: instant(1_000n),
  timestampFromMicroseconds: instant(1_000_000n),
  timestampFromNanoseconds: instant(1_000_000_000n),
};

/** The same without the decimals' types: the decoder would make doubles of them. */
export function withPlainDecimals(metadata: FileMetaData): FileMetaData {
  const schema = metadata.schema.map((element) => {
    if (!isDecimal(element)) return element;
    const { converted_type: _, logical_type: __, ...plain } = element;
    return plain;
  });
  return { ...metadata, schema };
}

/** Throws NotUtf8Error. */
export function rowText(value: Record<string, unknown>, schema: SchemaTree): string {
  const children = new Map(schema.children.map((child) => [child.element.name, child]));
  const members = Object.entries(value).map(([name, item]) => {
    return `${JSON.stringify(name)}:${valueText(item, children.get(name) ?? schema)}`;
  });
  return `{${members.join(",")}}`;
}

function valueText(value: unknown, schema: SchemaTree): string {
  if (value === null || value === undefined) return "null";
  if (isDecimal(schema.element)) {
    const text = scaled(value, schema.element.scale ?? 0);
    if (text !== null) return text;
  }
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return isFloat(schema) ? floatText(value) : numberText(value);
  if (value instanceof Uint8Array) return bytesText(value);
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    const element = elementOf(schema);
    return `[${Array.from(value as unknown as unknown[], (item) => valueText(item, element)).join(",")}]`;
  }
  if (value instanceof Date) return dateText(value);
  if (typeof value === "string") return JSON.stringify(unmarked(value));
  if (typeof value !== "object") return JSON.stringify(value);
  const member = isMap(schema) ? (schema.children[0]?.children[1] ?? schema) : null;
  return member === null ? rowText(value as Record<string, unknown>, schema) : mapText(value, member);
}

function mapText(map: object, schema: SchemaTree): string {
  const members = Object.entries(map).map(([key, item]) => {
    const name = key.startsWith(TEXT) || key === NO_TEXT ? unmarked(key) : key;
    return `${JSON.stringify(name)}:${valueText(item, schema)}`;
  });
  return `{${members.join(",")}}`;
}

function unmarked(text: string): string {
  if (text === NO_TEXT) throw new NotUtf8Error("no UTF-8");
  return text.slice(TEXT.length);
}

/** Null for what is no cell of decimals, such as a list of them. */
function scaled(value: unknown, scale: number): string | null {
  if (typeof value === "bigint" || typeof value === "number") return decimalText(BigInt(value), scale);
  if (!(value instanceof Uint8Array) || value.length === 0) return null;
  const hex = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex");
  return decimalText(BigInt.asIntN(8 * value.length, BigInt(`0x${hex}`)), scale);
}

function elementOf(schema: SchemaTree): SchemaTree {
  const repeated = schema.children[0];
  if (schema.element.converted_type !== "LIST" || repeated === undefined) return schema;
  return repeated.children.length === 1 ? (repeated.children[0] as SchemaTree) : repeated;
}

type SchemaElement = SchemaTree["element"];

function isMap({ element }: SchemaTree): boolean {
  return element.converted_type === "MAP";
}

function isDecimal({ converted_type, logical_type }: SchemaElement): boolean {
  return converted_type === "DECIMAL" || logical_type?.type === "DECIMAL";
}

function isFloat({ element }: SchemaTree): boolean {
  return element.type === "DOUBLE" || element.type === "FLOAT" || element.logical_type?.type === "FLOAT16";
}
