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

/**
 * A point in time as JSON text, with the digits that it has: three, six or nine of a second. Null for one that no calendar
 * has.
 */
export function instantText(count: bigint, perSecond: bigint): string {
  const rest = ((count % perSecond) + perSecond) % perSecond;
  const date = new Date(Number((count - rest) / perSecond) * 1_000);
  if (Number.isNaN(date.getTime())) return "null";
  const nanos = String(rest * (1_000_000_000n / perSecond)).padStart(9, "0");
  const digits = nanos.endsWith("000000") ? 3 : nanos.endsWith("000") ? 6 : 9;
  return JSON.stringify(`${date.toISOString().slice(0, -4)}${nanos.slice(0, digits)}Z`);
}

/** A number of that many digits behind its point. */
export function decimalText(unscaled: bigint, scale: number): string {
  if (scale <= 0) return String(unscaled * 10n ** BigInt(-scale));
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  return `${unscaled < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
