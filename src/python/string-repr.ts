// What str.isprintable() calls unprintable: everything in Unicode's "other" and "separator" groups but the space.
const ESCAPED = /(?! )[\\\p{C}\p{Z}]/gu;
const NEEDS_ESCAPE = /(?! )[\\'\p{C}\p{Z}]/u;

const SHORT: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** `repr` of a str, by this engine's Unicode: a character that Python's does not know yet is escaped there. */
export function stringRepr(text: string): string {
  if (!NEEDS_ESCAPE.test(text)) return `'${text}'`;
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(ESCAPED, (character) => SHORT[character] ?? escapeCode(character));
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}

function escapeCode(character: string): string {
  const code = character.codePointAt(0) as number;
  const digits = code.toString(16);
  if (code <= 0xff) return `\\x${digits.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${digits.padStart(4, "0")}` : `\\U${digits.padStart(8, "0")}`;
}
