// What terminals obey, or show as something else than it is, never reaches one raw.

/** Controls but line feed and tab; formats, such as right-to-left overrides; separators of lines and paragraphs; surrogates. */
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** The text with such characters written as `\u202e`, as JSON would have them: a row stays the same row. */
export function printable(text: string): string {
  return text.replace(UNSEEN, (character) => {
    const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
  });
}
