// Text in records is generalised UTF-8: lone surrogates are encoded like any other code point, because Python strings
// may contain them. TextDecoder and Buffer replace those, hence the slow paths below.

const REPLACEMENT = "\ufffd";
const SURROGATE = /[\ud800-\udfff]/;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

// Browsers have no Buffer; Node's decodes short texts several times as fast as TextDecoder does.
const HAS_BUFFER = typeof Buffer === "function";
const LENIENT = new TextDecoder("utf-8", { ignoreBOM: true });
const STRICT = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });

/** The same bytes in the form that decodes fastest here; shares the memory. */
export function decodable(bytes: Uint8Array): Uint8Array {
  if (!HAS_BUFFER || Buffer.isBuffer(bytes)) return bytes;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** `bytes` are `decodable`. */
export function decodeText(bytes: Uint8Array, start: number, end: number): string {
  const text = HAS_BUFFER ? (bytes as Buffer).toString("utf8", start, end) : LENIENT.decode(bytes.subarray(start, end));
  return text.includes(REPLACEMENT) ? decodeGeneralised(bytes, start, end) : text;
}

/** Bytes of which nobody says that they are text: what is no UTF-8 shows as `\xNN`, as with Python's backslashreplace. */
export function decodeBytes(bytes: Uint8Array): string {
  const text = strictText(bytes);
  if (text !== null) return text;
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = sequenceLength(bytes, at, bytes.length);
    const point = size === 0 ? -1 : codePoint(bytes, at, size);
    const isText = point >= 0 && (point < 0xd800 || point > 0xdfff);
    parts.push(isText ? String.fromCodePoint(point) : `\\x${(bytes[at] as number).toString(16).padStart(2, "0")}`);
    at += isText ? size : 1;
  }
  return parts.join("");
}

/** Null: it is no UTF-8. */
function strictText(bytes: Uint8Array): string | null {
  try {
    return STRICT.decode(bytes);
  } catch {
    return null;
  }
}

export function encodeText(text: string): Uint8Array {
  return SURROGATE.test(text) && LONE_SURROGATE.test(text) ? encodeGeneralised(text) : Buffer.from(text, "utf8");
}

/**
 * Calls `visit` for every code point; bytes that are not generalised UTF-8 come one by one as U+FFFD. Two lone
 * surrogates that follow each other stay two code points.
 */
export function forEachCodePoint(bytes: Uint8Array, start: number, end: number, visit: (point: number) => void): void {
  let at = start;
  while (at < end) {
    const size = sequenceLength(bytes, at, end);
    visit(size === 0 ? 0xfffd : codePoint(bytes, at, size));
    at += size === 0 ? 1 : size;
  }
}

/** Offset of the first byte that is not generalised UTF-8, -1 when there is none. */
export function findInvalidText(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end) {
    if ((bytes[at] as number) < 0x80) {
      at += 1;
      continue;
    }
    const size = sequenceLength(bytes, at, end);
    if (size === 0) return at;
    at += size;
  }
  return -1;
}

/** Bytes of the code point that starts at `at`; 0 when there is none. */
function sequenceLength(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at] as number;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (at + size > end) return 0;
  for (let i = 1; i < size; i++) {
    if (((bytes[at + i] as number) & 0xc0) !== 0x80) return 0;
  }
  const second = bytes[at + 1] as number;
  if (lead === 0xe0 && second < 0xa0) return 0;
  if (lead === 0xf0 && second < 0x90) return 0;
  if (lead === 0xf4 && second > 0x8f) return 0;
  return size;
}

function codePoint(bytes: Uint8Array, at: number, size: number): number {
  const lead = bytes[at] as number;
  if (size === 1) return lead;
  let point = lead & (0x7f >> size);
  for (let i = 1; i < size; i++) point = (point << 6) | ((bytes[at + i] as number) & 0x3f);
  return point;
}

function decodeGeneralised(bytes: Uint8Array, start: number, end: number): string {
  const parts: string[] = [];
  forEachCodePoint(bytes, start, end, (point) => parts.push(String.fromCodePoint(point)));
  return parts.join("");
}

function encodeGeneralised(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0) as number;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 0x3f));
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f));
    else {
      bytes.push(
        0xf0 | (point >> 18),
        0x80 | ((point >> 12) & 0x3f),
        0x80 | ((point >> 6) & 0x3f),
        0x80 | (point & 0x3f),
      );
    }
  }
  return Uint8Array.from(bytes);
}
