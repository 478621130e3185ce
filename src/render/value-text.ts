import type { Value } from "../record/value.ts";
import type { View } from "./renderer.ts";

/** A value as a view shows it; a text that is cut, here or when it was recorded, ends in "...". */
export function valueText(value: Value, view: View): string {
  if (value.failed) return shortened(`<unreprable ${value.type}>`, view);
  const text = shortened(value.repr, view);
  return value.cut && text === value.repr ? `${text}...` : text;
}

export function shortened(text: string, { valueChars }: View): string {
  if (valueChars === 0 || text.length <= valueChars + 3) return text;
  // Half a surrogate pair is no character.
  const end = /[\ud800-\udbff]/.test(text[valueChars - 1] as string) ? valueChars - 1 : valueChars;
  return `${text.slice(0, end)}...`;
}
