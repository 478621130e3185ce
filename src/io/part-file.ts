import { type FileHandle, open, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** A file that has its name only when it is complete; until then it is `NAME.part`. */
export class PartFile implements AsyncDisposable {
  readonly path: string;
  readonly #handle: FileHandle;
  #length: number;

  private constructor(path: string, handle: FileHandle, length: number) {
    this.path = path;
    this.#handle = handle;
    this.#length = length;
  }

  /** Starts an empty one, over what an earlier run left. */
  static async create(path: string): Promise<PartFile> {
    return new PartFile(path, await open(partPath(path), "w"), 0);
  }

  /** Goes on with one, keeping its first `length` bytes. */
  static async reopen(path: string, length: number): Promise<PartFile> {
    const handle = await open(partPath(path), "r+");
    await handle.truncate(length);
    return new PartFile(path, handle, length);
  }

  get length(): number {
    return this.#length;
  }

  async append(bytes: Uint8Array | string): Promise<void> {
    const buffer = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
    for (let done = 0; done < buffer.length; ) {
      const { bytesWritten } = await this.#handle.write(buffer, done, buffer.length - done, this.#length);
      done += bytesWritten;
      this.#length += bytesWritten;
    }
  }

  /** Makes the bytes survive a power cut. */
  async sync(): Promise<void> {
    await this.#handle.sync();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}

export function partPath(path: string): string {
  return `${path}.part`;
}

/** Gives a synced, closed part file its name, and makes the name survive a power cut. */
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
    await part.sync();
  }
  await publishPart(path);
}
