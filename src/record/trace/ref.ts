import { ByteCursor, unzigzag } from "./byte-cursor.ts";
import { REF } from "./format.ts";

/** Steps over a reference that was checked before. */
export function skipRef(cursor: ByteCursor): void {
  const { bytes } = cursor;
  const first = bytes[cursor.at] as number;
  while ((bytes[cursor.at++] as number) >= 0x80);
  if ((first & 3) === REF.float) cursor.at += 8;
}

/** The exact int of an int reference at `offset`. */
export function intAt(bytes: Uint8Array, offset: number): bigint {
  return unzigzag(new ByteCursor(bytes, offset).big("a reference") >> 2n);
}
