import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { type FileHash, hashFile, READ_CHUNK_BYTES } from "./hash.ts";
import { changed, OwnFile } from "./own-file.ts";

/** A file that has its name only when it is complete; until then it is `NAME.part`. */
export class PartFile implements AsyncDisposable {
  readonly #file: OwnFile;
  /** Of everything in it. */
  readonly #hash: Hash;

  private constructor(file: OwnFile, hash: Hash) {
    this.#file = file;
    this.#hash = hash;
  }

  /** Starts an empty one, over what an earlier run left. */
  static async create(path: string): Promise<PartFile> {
    return new PartFile(await OwnFile.create(partPath(path)), createHash("sha256"));
  }

  /** Goes on with one, keeping its first bytes; throws OutputError when they are not those of `kept`. */
  static async reopen(path: string, kept: FileHash): Promise<PartFile> {
    const part = partPath(path);
    const hash = createHash("sha256");
    if (kept.bytes > 0) {
      const stream = createReadStream(part, { end: kept.bytes - 1, highWaterMark: READ_CHUNK_BYTES });
      for await (const chunk of stream) hash.update(chunk);
    }
    if (digest(hash) !== kept.sha256) throw changed(part, "it does not begin with what was written to it");
    const file = kept.bytes === 0 ? await OwnFile.create(part) : await OwnFile.reopen(part, kept.bytes);
    return new PartFile(file, hash);
  }

  get length(): number {
    return this.#file.length;
  }

  /** What was written so far. */
  get written(): FileHash {
    return { bytes: this.#file.length, sha256: digest(this.#hash) };
  }

  async append(bytes: Uint8Array | string): Promise<void> {
    const buffer = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
    if (buffer.length === 0) return;
    await this.#file.append(buffer);
    this.#hash.update(buffer);
  }

  /** Makes the bytes survive a power cut, and reads them back; throws OutputError when others were written. */
  async seal(): Promise<FileHash> {
    await this.#file.sync();
    await this.#file.check();
    const { written } = this;
    const found = await hashFile(this.#file.path);
    if (found.sha256 !== written.sha256) throw changed(this.#file.path, "it does not hold what was written to it");
    return written;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]();
  }
}

export function partPath(path: string): string {
  return `${path}.part`;
}

/** Gives a sealed, closed part file its name, and makes the name survive a power cut. */
export async function publishPart(path: string): Promise<void> {
  await rename(partPath(path), path);
  const folder = await open(dirname(path), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Writes a small file in one step: readers see the old content or the new. */
export async function writeWhole(path: string, text: string): Promise<void> {
  {
    await using part = await PartFile.create(path);
    await part.append(text);
    await part.seal();
  }
  await publishPart(path);
}

function digest(hash: Hash): string {
  return hash.copy().digest("hex");
}
