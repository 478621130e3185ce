import { join } from "node:path";
import { fileURLToPath } from "node:url";

// This folder is as deep in `src`, as it is run in development, as in `dist`.
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A file or folder of this package. */
export function packagePath(...parts: string[]): string {
  return join(ROOT, ...parts);
}
