import { asItems, bitsOf, roundedTo } from "./numpy-number.ts";
import { isNumber, keyOf, type PythonValue } from "./python-value.ts";
import { readString } from "./string-literal.ts";

/** As deep as Python's own parser goes. */
const MOST_DEPTH = 200;
/** As many decimal digits as Python reads. */
const MOST_DIGITS = 4300;

const BLANK = 0x20;
const HASH = 0x23;
const BACKSLASH = 0x5c;
const SPACE = /(?:[ \t\f\r\n]|\\\r?\n(?=[\s\S])|#[^\n]*)*/y;
const NUMBER =
  /(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|((?:[0-9](?:_?[0-9])*)?\.[0-9](?:_?[0-9])*(?:[eE][+-]?[0-9](?:_?[0-9])*)?|[0-9](?:_?[0-9])*\.?(?:[eE][+-]?[0-9](?:_?[0-9])*)?)([jJ]?))(?![\w.])/y;
const WORD = /[\p{ID_Start}_][\p{ID_Continue}]*/uy;
const STRING = /(?:[rR][bB]?|[bB][rR]?|[uU])?["']/y;
const SHAPE = /, shape=\([\d, ]*\)/y;
const DTYPE = /, dtype=(?:(\w+)|'([<>|]?\w+)')/y;
const NAMED_FLOAT = /^\s*([+-]?)(nan|inf|infinity)\s*$/i;
const NUMPY_TYPE = /\.(\w+)/y;

export class LiteralError extends Error {}

/**
 * The value of a Python literal, by the rules of `ast.literal_eval`. Never runs anything.
 * Throws LiteralError for everything else, also for what Python's parser takes and its compiler refuses.
 * @param asRepr also what repr() writes of such values and no literal can: nan, inf, Ellipsis, frozenset(), and the
 * calls that make them in source: float('nan').
 * @param arrays also NumPy's arrays and numbers in the text of a value that is recorded so: see `Value.arrays`. An array
 * is the list that its tolist() gives.
 */
export function parseLiteral(
  text: string,
  asRepr: boolean = false,
  arrays: "exact" | "rounded" | null = null,
): PythonValue {
  const parser = new Parser(text, asRepr, arrays);
  return parser.whole();
}

/** Whether `ast.literal_eval` takes the text. */
export function isLiteral(text: string): boolean {
  try {
    parseLiteral(text);
    return true;
  } catch (error) {
    if (error instanceof LiteralError) return false;
    throw error;
  }
}

class Parser {
  readonly #text: string;
  readonly #asRepr: boolean;
  readonly #arrays: "exact" | "rounded" | null;
  #at = 0;
  #depth = 0;
  /** Of the last number, however many brackets are around it: what Python lets stand in an operation. */
  #form: "plain" | "signed" | "other" = "plain";

  constructor(text: string, asRepr: boolean, arrays: "exact" | "rounded" | null) {
    this.#text = text;
    this.#asRepr = asRepr;
    this.#arrays = arrays;
  }

  whole(): PythonValue {
    const first = this.#element();
    this.#space();
    const value = this.#peek() === "," ? this.#restOfTuple(first, "") : first;
    if (this.#at !== this.#text.length) throw this.#error("more than one literal");
    return value;
  }

  #element(): PythonValue {
    this.#space();
    const first = this.#signed();
    this.#space();
    const sign = this.#peek();
    if (sign !== "+" && sign !== "-") return first;
    // The only operation that a literal may have: a real number and an imaginary one.
    const isReal = this.#form !== "other" && (first.type === "int" || first.type === "float");
    this.#at++;
    this.#space();
    const second = this.#term();
    if (!isReal || this.#form !== "plain" || second.type !== "complex") {
      throw this.#error("an operation that is no complex number");
    }
    this.#form = "other";
    const imaginary = sign === "-" ? -second.imaginary : second.imaginary;
    return { type: "complex", real: Number(first.value), imaginary };
  }

  #signed(): PythonValue {
    const sign = this.#peek();
    if (sign !== "+" && sign !== "-") return this.#term();
    this.#at++;
    this.#space();
    const value = this.#term();
    if (this.#form !== "plain" || !isNumber(value) || value.type === "bool")
      throw this.#error("a sign before no number");
    this.#form = "signed";
    if (sign === "+") return value;
    if (value.type === "int") return { type: "int", value: -value.value };
    if (value.type === "float") return { type: "float", value: -value.value };
    return { type: "complex", real: -value.real, imaginary: -value.imaginary };
  }

  #term(): PythonValue {
    const next = this.#peek();
    if (next !== "(") this.#form = "plain";
    if (next === "[") return this.#deeper(() => ({ type: "list", items: this.#items("]") }));
    if (next === "(") return this.#deeper(() => this.#parenthesised());
    if (next === "{") return this.#deeper(() => this.#braced());
    return this.#strings() ?? this.#number() ?? this.#word();
  }

  #deeper(read: () => PythonValue): PythonValue {
    if (++this.#depth > MOST_DEPTH) throw this.#error(`brackets more than ${MOST_DEPTH} deep`);
    const value = read();
    this.#depth--;
    return value;
  }

  /** Behind an opening bracket, which is still to come, up to and with the closing one. */
  #items(close: string): PythonValue[] {
    this.#at++;
    const items: PythonValue[] = [];
    while (!this.#takes(close)) {
      items.push(this.#element());
      if (!this.#takes(",") && this.#peek() !== close) throw this.#error(`neither "," nor "${close}"`);
    }
    return items;
  }

  #parenthesised(): PythonValue {
    this.#at++;
    if (this.#takes(")")) return { type: "tuple", items: [] };
    const first = this.#element();
    if (this.#takes(")")) return first;
    return this.#restOfTuple(first, ")");
  }

  #restOfTuple(first: PythonValue, close: string): PythonValue {
    const items = [first];
    for (;;) {
      if (this.#ends(close)) return { type: "tuple", items };
      if (!this.#takes(",")) throw this.#error("no end of a tuple");
      if (this.#ends(close)) return { type: "tuple", items };
      items.push(this.#element());
    }
  }

  #ends(close: string): boolean {
    this.#space();
    return close === "" ? this.#at === this.#text.length : this.#takes(close);
  }

  #braced(): PythonValue {
    const start = this.#at++;
    if (this.#takes("}")) return { type: "dict", entries: [] };
    const first = this.#element();
    if (!this.#takes(":")) {
      this.#at = start;
      return { type: "set", items: this.#hashable(this.#items("}")) };
    }
    const entries: [PythonValue, PythonValue][] = [[first, this.#element()]];
    for (;;) {
      if (this.#takes("}")) break;
      if (!this.#takes(",")) throw this.#error("no end of a dict");
      if (this.#takes("}")) break;
      const key = this.#element();
      if (!this.#takes(":")) throw this.#error("a key without a value");
      entries.push([key, this.#element()]);
    }
    this.#hashable(entries.map(([key]) => key));
    return { type: "dict", entries };
  }

  #hashable(keys: PythonValue[]): PythonValue[] {
    for (const key of keys) if (keyOf(key) === null) throw this.#error(`a ${key.type} cannot be hashed`);
    return keys;
  }

  /** Strings side by side are one. */
  #strings(): PythonValue | null {
    let type: "str" | "bytes" | null = null;
    let value = "";
    while (this.#matches(STRING) !== null) {
      const read = readString(this.#text, this.#at);
      if (typeof read === "string") throw this.#error(read);
      if (type !== null && type !== read.type) throw this.#error("bytes beside a string");
      type = read.type;
      value += read.value;
      this.#at = read.end;
      this.#space();
    }
    return type === null ? null : { type, value };
  }

  #number(): PythonValue | null {
    const match = this.#matches(NUMBER);
    if (match === null) return null;
    const [text, decimal, imaginary] = match;
    const digits = text.replaceAll("_", "").replace(/[jJ]$/, "");
    this.#at += text.length;
    if (imaginary) return { type: "complex", real: 0, imaginary: Number(digits) };
    if (decimal !== undefined && /[.eE]/.test(digits)) return { type: "float", value: Number(digits) };
    if (/^0+[1-9]/.test(digits)) throw this.#error("a number with leading zeros");
    if (decimal !== undefined && digits.length > MOST_DIGITS) {
      throw this.#error(`an integer of more than ${MOST_DIGITS} digits`);
    }
    return { type: "int", value: BigInt(digits) };
  }

  #word(): PythonValue {
    const word = this.#matches(WORD)?.[0] ?? "";
    this.#at += word.length;
    if (word === "None") return { type: "NoneType" };
    if (word === "True" || word === "False") return { type: "bool", value: word === "True" };
    if (word === "" && this.#text.startsWith("...", this.#at)) {
      if (this.#arrays !== null) throw this.#error("the items of an array that are left out");
      this.#at += 3;
      return { type: "ellipsis" };
    }
    if (word === "set" && this.#takes("(") && this.#takes(")")) return { type: "set", items: [] };
    const value = this.#asRepr ? this.#onlyInRepr(word) : null;
    if (value !== null) return value;
    throw this.#error(word === "" ? "no literal" : `the name ${JSON.stringify(word)}`);
  }

  #onlyInRepr(word: string): PythonValue | null {
    if (word === "Ellipsis") return { type: "ellipsis" };
    if (word === "nan" || word === "inf") return { type: "float", value: word === "nan" ? Number.NaN : Infinity };
    if (word === "nanj" || word === "infj") {
      return { type: "complex", real: 0, imaginary: word === "nanj" ? Number.NaN : Infinity };
    }
    if (word === "float") return this.#namedFloat();
    if (this.#arrays !== null && word === "array") return this.#array();
    if (this.#arrays !== null && word === "np") return this.#numpyNumber();
    // How an array of objects tells a list among them from a row of its own.
    if (this.#arrays !== null && word === "list") return this.#bracketed();
    if (word !== "frozenset" || !this.#takes("(")) return null;
    if (this.#takes(")")) return { type: "frozenset", items: [] };
    const set = this.#element();
    return set.type === "set" && this.#takes(")") ? { type: "frozenset", items: set.items } : null;
  }

  /** Behind the name of the type: a call with the word for a number that no literal has. */
  #namedFloat(): PythonValue {
    const name = this.#bracketed();
    const [, sign, word] = name.type === "str" ? (NAMED_FLOAT.exec(name.value) ?? []) : [];
    if (word === undefined) throw this.#error("a call of float() that a literal can do without");
    this.#form = "plain";
    const value = word.toLowerCase() === "nan" ? Number.NaN : Infinity;
    return { type: "float", value: sign === "-" ? -value : value };
  }

  #bracketed(): PythonValue {
    if (!this.#takes("(")) throw this.#error('no "("');
    const value = this.#deeper(() => this.#element());
    if (!this.#takes(")")) throw this.#error('no ")"');
    return value;
  }

  #array(): PythonValue {
    const start = this.#at;
    if (!this.#takes("(")) throw this.#error('no "("');
    const items = this.#deeper(() => this.#element());
    const text = this.#text.slice(start, this.#at);
    this.#at += this.#matches(SHAPE)?.[0].length ?? 0;
    const dtype = this.#matches(DTYPE);
    this.#at += dtype?.[0].length ?? 0;
    if (!this.#takes(")")) throw this.#error("no end of an array");
    return asItems(items, dtype?.[1] ?? dtype?.[2] ?? "", this.#arrays === "rounded" ? text : null);
  }

  #numpyNumber(): PythonValue {
    const type = this.#matches(NUMPY_TYPE)?.[1] ?? "";
    this.#at += 1 + type.length;
    if (type === "True_" || type === "False_") return { type: "bool", value: type === "True_" };
    const value = this.#bracketed();
    if (!isNumber(value)) throw this.#error("a type of NumPy that is no number");
    this.#form = "other";
    const bits = bitsOf(type);
    return value.type === "float" && bits !== 64 ? { type: "float", value: roundedTo(bits, value.value), bits } : value;
  }

  #space(): void {
    const next = this.#text.charCodeAt(this.#at);
    if (next > BLANK && next !== BACKSLASH && next !== HASH) return;
    SPACE.lastIndex = this.#at;
    SPACE.exec(this.#text);
    this.#at = SPACE.lastIndex;
  }

  #peek(): string {
    return this.#text[this.#at] ?? "";
  }

  /** Whether this comes next, past space; then it is passed. */
  #takes(token: string): boolean {
    this.#space();
    if (this.#peek() !== token) return false;
    this.#at++;
    return true;
  }

  #matches(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text);
  }

  #error(what: string): LiteralError {
    return new LiteralError(`${what} at character ${this.#at + 1}`);
  }
}
