import { hashText } from "../../base/io/hash.ts";

export type Split = "train" | "validation" | "test";
export const SPLITS: readonly Split[] = ["train", "validation", "test"];

/** Where everything of one key goes: decided by a hash, so that other rows coming or going move nothing. */
export function splitOf(
  key: string,
  { validation, test, seed }: { validation: number; test: number; seed: number },
): Split {
  const place = Number.parseInt(hashText(`${seed}\n${key}`).slice(0, 12), 16) / 2 ** 48;
  if (place < test) return "test";
  return place < test + validation ? "validation" : "train";
}
