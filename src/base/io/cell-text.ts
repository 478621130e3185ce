// How cells of tables, of Parquet and of Arrow, are written as JSON.

const FRACTION = /[.eEnN]/;

/** As Python's json module writes it: a float is never without its point. */
export function floatText(value: number): string {
  const text = numberText(value);
  return FRACTION.test(text) ? text : `${text}.0`;
}

export function numberText(value: number): string {
  return Number.isNaN(value) ? "NaN" : Object.is(value, -0) ? "-0" : String(value);
}

/** Bytes that are no text. */
export function bytesText(bytes: Uint8Array): string {
  return JSON.stringify(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64"));
}

/** Null for a time that no calendar has. */
export function dateText(date: Date): string {
  return JSON.stringify(Number.isNaN(date.getTime()) ? null : date.toISOString());
}
