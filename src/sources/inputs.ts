import { opendir, stat } from "node:fs/promises";
import { basename, extname, join, relative, sep } from "node:path";
import { UsageError } from "../errors.ts";

export type InputKind = "lines" | "array" | "python" | "generated";

/** A file to read, and where its name comes from. */
export interface InputFile {
  /** As the user would write it. */
  readonly path: string;
  readonly kind: InputKind;
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
  ".py": "python",
};

/** The files that the inputs mean, folders by the Python files in them, in the order of their paths. */
export async function findInputs(inputs: readonly string[]): Promise<InputFile[]> {
  const files: InputFile[] = [];
  for (const input of inputs) {
    const found = await stat(input).catch((cause: NodeJS.ErrnoException) => {
      const why = cause.code === "ENOENT" ? "does not exist" : `cannot be read (${cause.code})`;
      throw new UsageError("bad-input", `The input ${input} ${why}. Check its path.`, { cause });
    });
    if (found.isDirectory()) files.push(...(await pythonFiles(input)));
    else files.push(inputFile(input, basename(input), found.size, found.mtimeMs));
  }
  return files;
}

function inputFile(path: string, id: string, bytes: number, modified: number): InputFile {
  const kind = KINDS[extname(path).toLowerCase()];
  if (kind === undefined) {
    const known = Object.keys(KINDS).join(", ");
    throw new UsageError("bad-input", `The input ${path} is of no known kind. Name a folder or one of: ${known}.`);
  }
  return { path, kind, id, bytes, modified };
}

async function pythonFiles(folder: string): Promise<InputFile[]> {
  const paths: string[] = [];
  // Not sorted by the system, and links are not followed: a link to a parent would never end.
  for await (const entry of await opendir(folder, { recursive: true })) {
    if (entry.isFile() && entry.name.endsWith(".py")) paths.push(join(entry.parentPath, entry.name));
  }
  if (paths.length === 0) {
    throw new UsageError("bad-input", `The folder ${folder} holds no .py file. Name its files of rows themselves.`);
  }
  paths.sort((a, b) => (a < b ? -1 : 1));
  const files: InputFile[] = [];
  for (const path of paths) {
    const { size, mtimeMs } = await stat(path);
    files.push(inputFile(path, relative(folder, path).split(sep).join("/"), size, mtimeMs));
  }
  return files;
}
