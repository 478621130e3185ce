import { loadAddon } from "./load.ts";

/** zstd at one level, as stored records use it. */
export interface ZstdCodec {
  compress(bytes: Uint8Array): Uint8Array;
  /** Throws before more than `maxBytes` are produced. */
  decompress(bytes: Uint8Array, maxBytes: number): Uint8Array;
}

/** `level`: 1 (fast) to 19 (small). */
export function zstdCodec(level = 3): ZstdCodec {
  const { zstdCompress, zstdDecompress } = loadAddon();
  return {
    compress: (bytes) => zstdCompress(bytes, level),
    decompress: (bytes, maxBytes) => zstdDecompress(bytes, maxBytes),
  };
}
