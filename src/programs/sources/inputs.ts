import { opendir, stat } from "node:fs/promises";
import { basename, extname, join, relative, sep } from "node:path";
import { UsageError } from "../../base/errors.ts";
import type { Compression } from "../../base/io/decompress.ts";
import { arrowFiles } from "./saved-dataset.ts";

export type InputKind = "lines" | "array" | "parquet" | "arrow" | "python" | "generated";

/** A file to read, and where its name comes from. */
export interface InputFile {
  /** As the user would write it. */
  readonly path: string;
  readonly kind: InputKind;
  readonly compression: Compression | null;
  /** The id of a Python file: its path below the folder that was named, or its name. */
  readonly id: string;
  readonly bytes: number;
  /** Milliseconds. */
  readonly modified: number;
}

const KINDS: Readonly<Record<string, InputKind>> = {
  ".jsonl": "lines",
  ".ndjson": "lines",
  ".json": "array",
  ".parquet": "parquet",
  ".arrow": "arrow",
  ".py": "python",
};

/** Of files of rows; Parquet compresses inside, Arrow does not. */
const COMPRESSIONS: Readonly<Record<string, Compression>> = { ".gz": "gzip", ".zst": "zstd" };

/** The files that the inputs mean, folders by the data set or the Python files in them, in the order of their paths. */
export async function findInputs(inputs: readonly string[]): Promise<InputFile[]> {
  const files: InputFile[] = [];
  for (const input of inputs) {
    const found = await stat(input).catch((cause: NodeJS.ErrnoException) => {
      const why = cause.code === "ENOENT" ? "does not exist" : `cannot be read (${cause.code})`;
      throw new UsageError("bad-input", `The input ${input} ${why}. Check its path.`, { cause });
    });
    if (found.isDirectory()) files.push(...(await filesIn(input)));
    else files.push(inputFile(input, basename(input), found.size, found.mtimeMs));
  }
  return files;
}

function inputFile(path: string, id: string, bytes: number, modified: number): InputFile {
  const compression = COMPRESSIONS[extname(path).toLowerCase()] ?? null;
  const name = compression === null ? path : path.slice(0, -extname(path).length);
  const kind = KINDS[extname(name).toLowerCase()];
  if (kind === undefined || (compression !== null && kind !== "lines" && kind !== "array")) {
    const known = [...Object.keys(KINDS), ".jsonl.gz", ".jsonl.zst"].join(", ");
    throw new UsageError("bad-input", `The input ${path} is of no known kind. Name a folder or one of: ${known}.`);
  }
  return { path, kind, compression, id, bytes, modified };
}

/** The shards of a data set (a folder as Hugging Face's libraries make it), else the Python files. */
async function filesIn(folder: string): Promise<InputFile[]> {
  const found: Record<".parquet" | ".arrow" | ".py", string[]> = { ".parquet": [], ".arrow": [], ".py": [] };
  // Not sorted by the system, and links are not followed: a link to a parent would never end.
  for await (const entry of await opendir(folder, { recursive: true })) {
    const paths = found[extname(entry.name) as keyof typeof found];
    if (entry.isFile() && paths !== undefined) paths.push(join(entry.parentPath, entry.name));
  }
  const byPath = (kind: keyof typeof found): string[] => found[kind].sort((a, b) => (a < b ? -1 : 1));
  const shards = found[".parquet"].length > 0 ? byPath(".parquet") : await arrowFiles(folder, found[".arrow"]);
  const paths = shards.length > 0 ? shards : byPath(".py");
  if (paths.length === 0) {
    const advice = "Name its files of rows themselves";
    throw new UsageError("bad-input", `The folder ${folder} holds no .parquet, .arrow or .py files. ${advice}.`);
  }
  const files: InputFile[] = [];
  for (const path of paths) {
    const { size, mtimeMs } = await stat(path);
    files.push(inputFile(path, relative(folder, path).split(sep).join("/"), size, mtimeMs));
  }
  return files;
}
