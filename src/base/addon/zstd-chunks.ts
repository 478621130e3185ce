import { CorruptFileError } from "../io/corrupt-file.ts";
import { loadAddon } from "./load.ts";

/**
 * The bytes before Zstandard's compression, as they come; all before damage are given. Throws CorruptFileError, also where
 * a frame's checksum differs; errors of the source stay what they are.
 */
export async function* zstdChunks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { ZstdStream } = loadAddon();
  const stream = new ZstdStream();
  let begun = false;
  for await (const chunk of chunks) {
    begun = true;
    stream.push(chunk);
    for (;;) {
      const piece = sound(() => stream.pull());
      if (piece === null) break;
      yield piece;
    }
  }
  if (!begun || !stream.ended) throw new CorruptFileError("no sound Zstandard data: the file ends too early");
}

function sound<T>(pull: () => T): T {
  try {
    return pull();
  } catch (cause) {
    throw new CorruptFileError(`no sound Zstandard data: ${(cause as Error).message}`, { cause });
  }
}
