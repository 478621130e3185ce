import { type FileHandle, open } from "node:fs/promises";

/** A file whose bytes are read where they are asked for. */
export class ByteFile implements AsyncDisposable {
  readonly #handle: FileHandle;
  /** When it was opened. */
  readonly byteLength: number;

  private constructor(handle: FileHandle, byteLength: number) {
    this.#handle = handle;
    this.byteLength = byteLength;
  }

  /** Throws the system's error. */
  static async open(path: string): Promise<ByteFile> {
    const handle = await open(path, "r");
    try {
      const found = await handle.stat();
      if (found.isDirectory()) throw Object.assign(new Error(`${path} is a folder`), { code: "EISDIR" });
      return new ByteFile(handle, found.size);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Fewer bytes than asked for when the file was cut since. */
  async slice(start: number, end: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(end - start);
    let done = 0;
    while (done < bytes.length) {
      const { bytesRead } = await this.#handle.read(bytes, done, bytes.length - done, start + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return bytes.subarray(0, done);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}
