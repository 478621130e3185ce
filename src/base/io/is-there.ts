import { stat } from "node:fs/promises";

/** Whether anything has the name, as far as it can be looked at. */
export async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
