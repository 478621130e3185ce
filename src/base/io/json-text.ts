/**
 * JSON read without loss: numbers keep their text, objects their keys' order (also of keys such as "10"), and the
 * NaN, Infinity and -Infinity that Python's json module writes are accepted.
 */
export type JsonNode =
  | { readonly kind: "null" | "true" | "false" | "nan" | "infinity" | "-infinity" }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "array"; readonly items: readonly JsonNode[] }
  /** A key that is written twice has its last value, as in Python and in JSON.parse. */
  | { readonly kind: "object"; readonly members: ReadonlyMap<string, JsonNode> };

/** Deeper text is refused: this parser recurses, and so does whatever writes the value again. */
export const MAX_DEPTH = 1_000;

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const KEYWORD = /null|true|false|NaN|Infinity|-Infinity/y;

const KEYWORDS: Readonly<Record<string, JsonNode>> = {
  null: { kind: "null" },
  true: { kind: "true" },
  false: { kind: "false" },
  NaN: { kind: "nan" },
  Infinity: { kind: "infinity" },
  "-Infinity": { kind: "-infinity" },
};

/** Throws SyntaxError, which names the position, for text that is no JSON value. */
export function parseJsonText(text: string): JsonNode {
  const parser = new JsonTextParser(text);
  return parser.document();
}

class JsonTextParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonNode {
    const node = this.#value(0);
    if (this.#at < this.#text.length) throw this.#unexpected("the end");
    return node;
  }

  /** Leaves `#at` behind the value and the space after it. */
  #value(depth: number): JsonNode {
    if (depth > MAX_DEPTH) throw new SyntaxError(`JSON nested deeper than ${MAX_DEPTH} at position ${this.#at}`);
    this.#match(SPACE);
    let node: JsonNode;
    switch (this.#text[this.#at]) {
      case "{":
        node = this.#object(depth);
        break;
      case "[":
        node = this.#array(depth);
        break;
      case '"':
        node = { kind: "string", value: this.#string() };
        break;
      default:
        node = this.#scalar();
    }
    this.#match(SPACE);
    return node;
  }

  #object(depth: number): JsonNode {
    const members = new Map<string, JsonNode>();
    this.#at++;
    this.#match(SPACE);
    if (this.#take("}")) return { kind: "object", members };
    do {
      this.#match(SPACE);
      if (this.#text[this.#at] !== '"') throw this.#unexpected("a key in double quotes");
      const key = this.#string();
      this.#match(SPACE);
      if (!this.#take(":")) throw this.#unexpected("':'");
      members.set(key, this.#value(depth + 1));
    } while (this.#take(","));
    if (!this.#take("}")) throw this.#unexpected("',' or '}'");
    return { kind: "object", members };
  }

  #array(depth: number): JsonNode {
    const items: JsonNode[] = [];
    this.#at++;
    this.#match(SPACE);
    if (this.#take("]")) return { kind: "array", items };
    do items.push(this.#value(depth + 1));
    while (this.#take(","));
    if (!this.#take("]")) throw this.#unexpected("',' or ']'");
    return { kind: "array", items };
  }

  /** Whether the string is well formed inside the quotes is JSON.parse's business. */
  #string(): string {
    const text = this.#text;
    const start = this.#at;
    let end = text.indexOf('"', start + 1);
    while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
    if (end < 0) throw new SyntaxError(`the string that starts at position ${start} is not closed`);
    this.#at = end + 1;
    return JSON.parse(text.slice(start, end + 1)) as string;
  }

  #scalar(): JsonNode {
    const keyword = this.#match(KEYWORD);
    if (keyword !== null) return KEYWORDS[keyword] as JsonNode;
    const number = this.#match(NUMBER);
    if (number !== null) return { kind: "number", text: number };
    throw this.#unexpected("a value");
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return null;
    this.#at = pattern.lastIndex;
    return found[0];
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #unexpected(expected: string): SyntaxError {
    const found = this.#at < this.#text.length ? JSON.stringify(this.#text[this.#at]) : "the end";
    return new SyntaxError(`expected ${expected} but found ${found} at position ${this.#at}`);
  }
}

/** Whether an odd number of backslashes stands before the place. */
function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text[first - 1] === "\\") first--;
  return (at - first) % 2 === 1;
}

/** The value as JavaScript has it: numbers become doubles. */
export function toPlainValue(node: JsonNode): unknown {
  switch (node.kind) {
    case "null":
      return null;
    case "true":
    case "false":
      return node.kind === "true";
    case "nan":
      return Number.NaN;
    case "infinity":
      return Number.POSITIVE_INFINITY;
    case "-infinity":
      return Number.NEGATIVE_INFINITY;
    case "number":
      return Number(node.text);
    case "string":
      return node.value;
    case "array":
      return node.items.map(toPlainValue);
    case "object":
      // fromEntries defines "__proto__" as a property like any other.
      return Object.fromEntries(Array.from(node.members, ([key, member]) => [key, toPlainValue(member)]));
  }
}

/** Whether arrays and objects are nested deeper; nothing below that depth is looked at. */
export function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (depth === 0) return true;
  const children: unknown[] = Array.isArray(value) ? value : Object.values(value);
  return children.some((child) => isDeeperThan(child, depth - 1));
}
