import type { ManifestFile } from "../base/schema/manifest.ts";
import type { InputFile } from "../programs/sources/file-kinds.ts";
import type { ReadProgress } from "../programs/sources/file-rows.ts";

/** In bytes of the inputs. */
export interface Extent {
  done: number;
  total: number;
}

export function readSoFar(files: readonly InputFile[], { files: read }: ReadProgress): Extent {
  return {
    done: read.reduce((sum, file) => sum + file.bytesRead, 0),
    total: files.reduce((sum, file) => sum + file.bytes, 0),
  };
}

/** As a manifest names them; the hash is known of those that were read to their end. */
export function manifestInputs(files: readonly InputFile[], { files: read }: ReadProgress): ManifestFile[] {
  const hashes = new Map(read.map((file) => [file.path, file.sha256]));
  return files.map(({ path, bytes }) => ({ path, bytes, sha256: hashes.get(path) ?? null }));
}
