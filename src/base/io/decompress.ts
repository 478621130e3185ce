import { createGunzip } from "node:zlib";
import { Decompress } from "fzstd";

export type Compression = "gzip" | "zstd";

/** A file that is not what its name says, or ends too early; the message has the cause. */
export class CorruptFileError extends Error {
  override readonly name: string = "CorruptFileError";
}

/** The bytes before compression, as they come. Throws CorruptFileError; errors of the source stay what they are. */
export function decompress(chunks: AsyncIterable<Uint8Array>, how: Compression): AsyncGenerator<Uint8Array> {
  return how === "gzip" ? gunzip(chunks) : unzstd(chunks);
}

async function* gunzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const stream = createGunzip();
  let sourceFault: { readonly error: unknown } | null = null;
  const feed = async (): Promise<void> => {
    try {
      for await (const chunk of chunks) {
        if (!stream.write(chunk)) await new Promise((resolve) => stream.once("drain", resolve));
        if (stream.destroyed) return;
      }
      stream.end();
    } catch (error) {
      sourceFault = { error };
      stream.destroy(error as Error);
    }
  };
  void feed();
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } catch (cause) {
    if (sourceFault !== null) throw (sourceFault as { error: unknown }).error;
    throw new CorruptFileError(`no sound gzip data: ${(cause as Error).message}`, { cause });
  } finally {
    stream.destroy();
    // A source that waits for room must not wait forever.
    stream.emit("drain");
  }
}

/** In JavaScript: Node has Zstandard only from version 22 on. */
async function* unzstd(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  const stream = new Decompress((bytes) => {
    // The decompressor writes over its window: what it hands out does not last.
    if (bytes.length > 0) ready.push(bytes.slice());
  });
  const push = (chunk: Uint8Array, last: boolean): Uint8Array[] => {
    try {
      stream.push(chunk, last);
    } catch (cause) {
      throw new CorruptFileError(`no sound Zstandard data: ${(cause as Error).message}`, { cause });
    }
    const taken = ready;
    ready = [];
    return taken;
  };
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += SLICE_BYTES) yield* push(chunk.subarray(at, at + SLICE_BYTES), false);
  }
  yield* push(new Uint8Array(0), true);
}

/** What is given to the decompressor at once: everything it makes of that is held in memory. */
const SLICE_BYTES = 1 << 16;
