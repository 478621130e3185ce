// What terminals obey, or show as something else than it is, never reaches one raw.

/** Controls but line feed and tab; formats (right-to-left marks and overrides); line and paragraph separators; surrogates. */
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** The text with such characters written as `\\u202e`. */
export function printable(text: string): string {
  return text.replace(UNSEEN, (character) => {
    const code = (character.codePointAt(0) as number).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, "0")}` : `\\u${code.padStart(4, "0")}`;
  });
}
