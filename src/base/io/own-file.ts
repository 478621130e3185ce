import { type FileHandle, open, stat } from "node:fs/promises";
import { OutputError } from "../errors.ts";

/** What the system's error codes mean for whoever runs the program, and what to do. */
const CAUSES: Readonly<Record<string, readonly [cause: string, fix: string]>> = {
  ENOSPC: ["no space is left on its disk", "Free space there"],
  EDQUOT: ["the disk quota is used up", "Free space there"],
  EFBIG: ["it may not become larger", "Raise the limit on the size of files (ulimit -f)"],
  EROFS: ["its file system is read-only", "Make that writable, or write elsewhere"],
  EACCES: ["permission is denied", "Make its folder writable, or write elsewhere"],
  EPERM: ["permission is denied", "Make its folder writable, or write elsewhere"],
  ENOENT: ["its folder is missing", "Make that folder"],
  ENOTDIR: ["its folder is a file", "Move that file away, or write elsewhere"],
  EISDIR: ["a folder has its name", "Move that folder away, or write elsewhere"],
  EIO: ["its disk fails", "Look into the system's log"],
};

/**
 * A file that only we write while it is open. Errors name the file, the cause and the fix; a file that somebody else
 * removed, replaced or cut is an error too, at the next write.
 */
export class OwnFile implements AsyncDisposable {
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #device: number;
  readonly #inode: number;
  #length: number;

  private constructor(path: string, handle: FileHandle, found: { dev: number; ino: number }, length: number) {
    this.path = path;
    this.#handle = handle;
    this.#device = found.dev;
    this.#inode = found.ino;
    this.#length = length;
  }

  /** Starts an empty one, over what has the name. */
  static create(path: string): Promise<OwnFile> {
    return OwnFile.#open(path, "w", 0);
  }

  /** Goes on with one, keeping its first `length` bytes; null: all. */
  static reopen(path: string, length: number | null): Promise<OwnFile> {
    return OwnFile.#open(path, "r+", length);
  }

  static async #open(path: string, flags: string, keep: number | null): Promise<OwnFile> {
    let handle: FileHandle | null = null;
    try {
      handle = await open(path, flags);
      const found = await handle.stat();
      const length = keep ?? found.size;
      if (found.size !== length) await handle.truncate(length);
      return new OwnFile(path, handle, found, length);
    } catch (error) {
      await handle?.close();
      throw cannotWrite(path, error);
    }
  }

  get length(): number {
    return this.#length;
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.check();
    try {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, this.#length);
        done += bytesWritten;
        this.#length += bytesWritten;
      }
    } catch (error) {
      throw cannotWrite(this.path, error);
    }
  }

  /** Makes the bytes survive a power cut. */
  async sync(): Promise<void> {
    try {
      await this.#handle.sync();
    } catch (error) {
      throw cannotWrite(this.path, error);
    }
  }

  /** Throws OutputError when the name no longer belongs to this file, or its size is not what was written. */
  async check(): Promise<void> {
    const found = await stat(this.path).catch((error: NodeJS.ErrnoException) => {
      throw changed(this.path, `it cannot be found any more (${error.code})`);
    });
    if (found.dev !== this.#device || found.ino !== this.#inode) {
      throw changed(this.path, found.isDirectory() ? "a folder has its name now" : "another file has its name now");
    }
    if (found.isFile() && found.size !== this.#length) {
      throw changed(this.path, `it has ${found.size} bytes where ${this.#length} were written`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}

export function changed(path: string, what: string): OutputError {
  const fix = "Let nothing else change the files of a run";
  return new OutputError("output-changed", `${path} was changed by somebody else: ${what}. ${fix}.`);
}

/** The error of the system in words, as an OutputError; anything else as it is. */
export function cannotWrite(path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  const [cause, fix] = CAUSES[code] ?? [(error as Error).message];
  const why = `${path} cannot be written: ${cause} (${code})`;
  return new OutputError("output-failed", fix === undefined ? `${why}.` : `${why}. ${fix}.`, { cause: error });
}
