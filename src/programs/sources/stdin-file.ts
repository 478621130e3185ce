import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { UsageError } from "../../base/errors.ts";
import { hashFile } from "../../base/io/hash.ts";
import type { Compression, InputFile, InputKind } from "./file-kinds.ts";

/** The name of standard input on a command line. */
export const STDIN = "-";

let spooled: Promise<InputFile> | null = null;

/** Rows are read more than once, so standard input is kept in a file until the process ends. Throws UsageError. */
export function spooledStdin(): Promise<InputFile> {
  spooled ??= spool();
  return spooled;
}

async function spool(): Promise<InputFile> {
  if (process.stdin.isTTY) {
    throw new UsageError("bad-input", "The input - is a terminal; send rows to it, or name a file.");
  }
  const folder = mkdtempSync(join(tmpdir(), "tracemill-stdin-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const location = join(folder, "rows");
  await pipeline(process.stdin, createWriteStream(location, { mode: 0o600 }));
  const { bytes, sha256 } = await hashFile(location);
  // A job goes on with the same rows only: they have no time, so what tells them apart is made of what they are.
  const modified = Number.parseInt(sha256.slice(0, 12), 16);
  return { path: STDIN, location, ...(await kindOfBytes(location)), id: "stdin", split: null, bytes, modified };
}

/** By what the file begins with; an array is told from lines when it is read. */
async function kindOfBytes(path: string): Promise<{ kind: InputKind; compression: Compression | null }> {
  const file = await open(path, "r");
  try {
    const head = Buffer.alloc(6);
    await file.read(head, 0, head.length, 0);
    const begins = (...bytes: number[]): boolean => bytes.every((byte, i) => head[i] === byte);
    if (begins(0x50, 0x41, 0x52, 0x31)) return { kind: "parquet", compression: null };
    if (begins(0x41, 0x52, 0x52, 0x4f, 0x57, 0x31) || begins(0xff, 0xff, 0xff, 0xff)) {
      return { kind: "arrow", compression: null };
    }
    if (begins(0x1f, 0x8b)) return { kind: "array", compression: "gzip" };
    return { kind: "array", compression: begins(0x28, 0xb5, 0x2f, 0xfd) ? "zstd" : null };
  } finally {
    await file.close();
  }
}
