/** What a string literal's text stands for, and where it ends; a text that says what is wrong with it. */
export type ReadString = { readonly type: "str" | "bytes"; readonly value: string; readonly end: number };

const SIMPLE: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

const LINE_FEED = 10;
const RETURN = 13;
const DOUBLE_QUOTE = 34;
const QUOTE = 39;
const BACKSLASH = 92;
const MOST_ASCII = 127;

const OCTAL = /[0-7]{1,3}/y;
const MOST_CODE_POINT = 0x10ffff;

/** The literal of a string or of bytes, prefix and all, that begins at `start`. */
export function readString(text: string, start: number): ReadString | string {
  let at = start;
  while (/[a-zA-Z]/.test(text[at] ?? "")) at++;
  const prefix = text.slice(start, at).toLowerCase();
  const raw = prefix.includes("r");
  const type = prefix.includes("b") ? "bytes" : "str";
  const mark = text[at] as string;
  const triple = text.startsWith(mark.repeat(3), at);
  const close = triple ? mark.repeat(3) : mark;
  at += close.length;
  let value = "";
  while (!text.startsWith(close, at)) {
    const character = text[at];
    if (character === undefined) return "a string without an end";
    if (!triple && character === "\n") return "a line that ends inside a string";
    if (type === "bytes" && character > "\x7f") return "bytes that are not ASCII";
    if (character !== "\\") {
      // Python reads every kind of line end as one line feed.
      if (character === "\r" && text[at + 1] === "\n") at++;
      if (character === "\r") value += "\n";
      const from = character === "\r" ? ++at : at++;
      while (isPlain(text.charCodeAt(at), type)) at++;
      value += text.slice(from, at);
      continue;
    }
    if (raw) {
      const next = text[at + 1];
      if (next === undefined || (type === "bytes" && next > "\x7f")) return "a string without an end";
      value += character + next;
      at += 2;
      continue;
    }
    const escaped = readEscape(text, at + 1, type);
    if (typeof escaped === "string") return escaped;
    value += escaped.value;
    at = escaped.end;
  }
  return { type, value, end: at + close.length };
}

/** Whether a character stands for itself in every string of that type, whatever its quotes. */
function isPlain(code: number, type: "str" | "bytes"): boolean {
  if (code === LINE_FEED || code === RETURN || code === DOUBLE_QUOTE || code === QUOTE || code === BACKSLASH)
    return false;
  return type === "bytes" ? code <= MOST_ASCII : code >= 0;
}

function readEscape(text: string, at: number, type: "str" | "bytes"): { value: string; end: number } | string {
  const kind = text[at];
  if (kind === undefined) return "a string without an end";
  if (kind === "\r") return { value: "", end: at + (text[at + 1] === "\n" ? 2 : 1) };
  const simple = SIMPLE[kind];
  if (simple !== undefined) return { value: simple, end: at + 1 };
  OCTAL.lastIndex = at;
  const octal = OCTAL.exec(text)?.[0];
  if (octal !== undefined) {
    const code = Number.parseInt(octal, 8);
    return { value: String.fromCharCode(type === "bytes" ? code & 0xff : code), end: at + octal.length };
  }
  if (kind === "x") return readCode(text, at + 1, 2);
  if (type === "str" && kind === "u") return readCode(text, at + 1, 4);
  if (type === "str" && kind === "U") return readCode(text, at + 1, 8);
  if (type === "str" && kind === "N") return "a character by its name, which is not read here";
  // Python warns and keeps both.
  if (type === "bytes" && kind > "\x7f") return "bytes that are not ASCII";
  return { value: `\\${kind}`, end: at + 1 };
}

function readCode(text: string, at: number, digits: number): { value: string; end: number } | string {
  const code = text.slice(at, at + digits);
  if (code.length !== digits || !/^[0-9a-fA-F]+$/.test(code)) return "an escape without its digits";
  const point = Number.parseInt(code, 16);
  if (point > MOST_CODE_POINT) return "an escape past the last character";
  return { value: String.fromCodePoint(point), end: at + digits };
}
