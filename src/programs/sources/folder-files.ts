// Which files of a folder are read: its files of rows, or else its Python files; what is not is told.

import { open, opendir, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { kindOfName } from "./file-kinds.ts";
import { arrowFiles } from "./saved-dataset.ts";

export interface FolderListing {
  readonly files: readonly FolderFile[];
  /** What is not read, in words; null where all is. */
  readonly leftOut: string | null;
}

export interface FolderFile {
  readonly path: string;
  /** The path below the folder. */
  readonly id: string;
  readonly split: string | null;
}

/** Of a folder that people keep things in which are no programs of theirs. */
const SKIPPED: ReadonlySet<string> = new Set(["node_modules", "__pycache__", "site-packages"]);
/** What is in every environment that venv or virtualenv made. */
const ENVIRONMENT = "pyvenv.cfg";
/** Names of files that are told. */
const MOST_NAMED = 5;
/** In which a file named .json must show that it has rows. */
const SNIFFED_BYTES = 1 << 20;
/** Numbers of shards, at the end of a name. */
const SHARD = /(?:-\d+-of-\d+|(?:^|[-_.])\d+)+$/;

/** Throws UsageError where nothing in the folder can be read. */
export async function filesIn(folder: string): Promise<FolderListing> {
  const { files, folders } = await walk(folder);
  const rows: string[] = [];
  const arrow: string[] = [];
  const python: string[] = [];
  const others: string[] = [];
  for (const path of files) {
    const kind = kindOfName(path)?.kind;
    if (kind === "python") python.push(path);
    else if (kind === "arrow") arrow.push(path);
    else if (kind !== undefined && (kind !== "array" || (await hasRows(path)))) rows.push(path);
    else others.push(path);
  }
  const shards = arrow.length === 0 ? [] : await arrowFiles(folder, arrow);
  const chosen = [...shards, ...rows].length > 0 ? [...merged(shards, rows)] : python;
  if (chosen.length === 0) {
    const what = "no files of rows (.jsonl, .json, .csv, .parquet, .arrow) and no .py files";
    throw new UsageError("bad-input", `The folder ${folder} holds ${what}. Name its files themselves.`);
  }
  const read = new Set(chosen);
  others.push(...[...arrow, ...python].filter((path) => !read.has(path)));
  const below = (path: string): string => relative(folder, path).split(sep).join("/");
  const splits = chosen.map((path) => (chosen === python ? null : splitOf(below(path))));
  const several = new Set(splits).size > 1;
  return {
    files: chosen.map((path, i) => ({ path, id: below(path), split: several ? (splits[i] ?? null) : null })),
    leftOut: leftOut(folder, others.map(below).sort(), folders.map(below).sort()),
  };
}

/** Arrow files keep the order that a data set lists them in; the rest is in the order of its paths. */
function merged(shards: readonly string[], rows: readonly string[]): string[] {
  return [...shards, ...rows.toSorted((a, b) => (a < b ? -1 : 1))];
}

/** Links are followed, as in a cache of the hub, where every file is one; each folder is seen once. */
async function walk(top: string): Promise<{ files: string[]; folders: string[] }> {
  const files: string[] = [];
  const skipped: string[] = [];
  const seen = new Set<string>();
  const visit = async (folder: string): Promise<void> => {
    const real = await realpath(folder);
    if (seen.has(real)) return;
    seen.add(real);
    for await (const entry of await opendir(folder)) {
      const path = join(folder, entry.name);
      const found = entry.isSymbolicLink() ? await stat(path).catch(() => null) : entry;
      if (found?.isFile()) files.push(path);
      else if (found?.isDirectory()) {
        if (await isSkipped(path, entry.name)) skipped.push(path);
        else await visit(path);
      }
    }
  };
  await visit(top);
  return { files: files.sort((a, b) => (a < b ? -1 : 1)), folders: skipped };
}

async function isSkipped(path: string, name: string): Promise<boolean> {
  if (name.startsWith(".") || SKIPPED.has(name)) return true;
  return (await stat(join(path, ENVIRONMENT)).catch(() => null)) !== null;
}

/** Whether a file named .json is an array or lines of objects, and not the settings of something. */
async function hasRows(path: string): Promise<boolean> {
  if (kindOfName(path)?.compression !== null) return true;
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0);
    const text = buffer.toString("utf8", 0, bytesRead).replace("\ufeff", "").trimStart();
    const [line = ""] = text.split("\n", 1);
    return text.startsWith("[") || (/^\{.*\}\s*$/.test(line) && text.slice(line.length).trimStart().startsWith("{"));
  } finally {
    await file.close();
  }
}

/** The path below the folder without its endings and the numbers of shards: `data/train-00000-of-00002.parquet`. */
function splitOf(id: string): string {
  const stem = basename(id)
    .replace(/\.(?:gz|gzip|zst|zstd)$/i, "")
    .replace(/\.\w+$/, "")
    .replace(SHARD, "");
  const at = dirname(id);
  // Shards of a saved data set are called data, in a folder of the split.
  const parts = [...(at === "." ? [] : [at]), ...(stem === "" || (stem === "data" && at !== ".") ? [] : [stem])];
  return parts.join("/");
}

function leftOut(folder: string, files: readonly string[], folders: readonly string[]): string | null {
  if (files.length === 0 && folders.length === 0) return null;
  const named = (names: readonly string[]): string =>
    names.length <= MOST_NAMED
      ? names.join(", ")
      : `${names.slice(0, MOST_NAMED).join(", ")} and ${names.length - MOST_NAMED} more`;
  const parts = [
    ...(files.length === 0 ? [] : [`${files.length} files (${named(files)})`]),
    ...(folders.length === 0 ? [] : [`the folders ${named(folders)}`]),
  ];
  return `not read in ${folder}: ${parts.join(", and ")}`;
}
