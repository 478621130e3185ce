import { literalOf } from "./value-answer.ts";

// What stands in a reply where a line, lines, or a yes or no are asked for. Each answers null for everything else.

const LINE = /^(?:line\s{1,8}|L)?(-?\d{1,15})\.?$/i;
const WORD = /^["'`]?([A-Za-z][A-Za-z -]*?)["'`]?\.?$/;
/** What stands between the numbers of lines. */
const BETWEEN = /->|→|[,;]/g;
/** Characters of the name of an edge, and of an edge. */
const MOST_EDGE = 1_000;

/** A line's number as text without zeros before it, or a word such as `end` in small letters. */
export function lineAnswer(text: string): string | null {
  const number = LINE.exec(text)?.[1];
  if (number !== undefined) return String(Number(number));
  return WORD.exec(text)?.[1]?.toLowerCase() ?? null;
}

/** Numbers of lines in their order: a list, or numbers with commas, arrows, spaces or line ends between them. */
export function linesAnswer(text: string): string[] | null {
  if (text === "[]" || text === "") return [];
  const literal = /^[[(]/.test(text) ? literalOf(text) : null;
  if (literal !== null) {
    if (literal.type !== "list" && literal.type !== "tuple") return null;
    const lines = literal.items.map((item) => (item.type === "int" ? String(item.value) : null));
    return lines.every((line) => line !== null) ? lines : null;
  }
  const numbers = text.match(/-?\d{1,15}/g);
  if (numbers === null) return null;
  const between = text.split(/-?\d{1,15}/);
  const isPlain = between.slice(1, -1).every((part) => part !== "" && part.replace(BETWEEN, "").trim() === "");
  const atEnds = `${between[0]}${between.at(-1)}`.trim();
  return isPlain && (atEnds === "" || atEnds === ".") ? numbers.map((number) => String(Number(number))) : null;
}

const YES: ReadonlySet<string> = new Set(["yes", "true", "y"]);
const NO: ReadonlySet<string> = new Set(["no", "false", "n"]);

export function yesNoAnswer(text: string): "yes" | "no" | null {
  const word = WORD.exec(text)?.[1]?.toLowerCase() ?? "";
  return YES.has(word) ? "yes" : NO.has(word) ? "no" : null;
}

/** Type and message of an error, `none` where there is none; null for what is neither. */
export function errorAnswer(text: string): { readonly type: string; readonly message: string | null } | null {
  const named = /^["'`]?([\p{L}_][\p{L}\p{N}_.]*)["'`]?(?:\((.*)\)|:([\s\S]*))?$/u.exec(text.trim());
  if (named === null) return /^no (?:error|exception)\.?$/i.test(text) ? { type: "none", message: null } : null;
  const [, type = "", called, said] = named;
  if (/^(?:none|nothing|completion)$/i.test(type)) return { type: "none", message: null };
  const literal = called === undefined || called === "" ? null : literalOf(called);
  const message = said ?? (literal?.type === "str" ? literal.value : called);
  return { type: type.replace(/^builtins\./, ""), message: message?.trim().replace(/\s+/g, " ") ?? null };
}

/** Edges `a -> b` of calls, each once, sorted; as lines or as a list or set of pairs. */
export function edgesAnswer(text: string): string[] | null {
  const literal = /^[[({]/.test(text) ? literalOf(text) : null;
  if (literal !== null) {
    if (literal.type !== "list" && literal.type !== "set" && literal.type !== "tuple") {
      return literal.type === "dict" && literal.entries.length === 0 ? [] : null;
    }
    const edges: string[] = [];
    for (const pair of literal.items) {
      const [from, to] = pair.type === "tuple" || pair.type === "list" ? pair.items : [];
      if (from?.type !== "str" || to?.type !== "str") return null;
      edges.push(`${from.value} -> ${to.value}`);
    }
    return [...new Set(edges)].sort();
  }
  const edges: string[] = [];
  for (const line of text.split(/[\n,;]/)) {
    if (line.trim() === "") continue;
    if (line.length > MOST_EDGE) return null;
    const [, from, to] = /^[\s*-]*(\S+?)\s*(?:->|→)\s*(\S+)\s*$/.exec(line) ?? [];
    if (from === undefined || to === undefined) return null;
    edges.push(`${from} -> ${to}`);
  }
  return [...new Set(edges)].sort();
}
