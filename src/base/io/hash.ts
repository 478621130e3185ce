import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

export interface FileHash {
  bytes: number;
  sha256: string;
}

/** Bytes of a read: large enough that the main thread is not woken too often, small enough to be reused from cache. */
export const READ_CHUNK_BYTES: number = 1 << 20;

export async function hashFile(path: string): Promise<FileHash> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: READ_CHUNK_BYTES })) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest("hex") };
}

export function hashText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
