import type { Value } from "../../record/trace/value.ts";
import type { View } from "../formats/renderer.ts";

/** A value as a view shows it; a text that is cut here ends in "...", as one does that was cut when it was recorded. */
export function valueText(value: Value, view: View): string {
  const text = value.failed ? `<unreprable ${value.type}>` : value.repr;
  return shortened(text, view);
}

export function shortened(text: string, { valueChars }: View): string {
  if (valueChars === 0 || text.length <= valueChars + 3) return text;
  // Half a surrogate pair is no character.
  const end = /[\ud800-\udbff]/.test(text[valueChars - 1] as string) ? valueChars - 1 : valueChars;
  return `${text.slice(0, end)}...`;
}
