import { extname } from "node:path";
import { UsageError } from "../../base/errors.ts";

/** What a file of rows is compressed with as a whole. */
export type Compression = "gzip" | "zstd";

export type InputKind = "lines" | "array" | "csv" | "tsv" | "parquet" | "arrow" | "python" | "generated";

/** A file to read, and where its name comes from. */
export interface InputFile {
  /** As the user would write it. */
  readonly path: string;
  /** Where its bytes are; the path, but for standard input. */
  readonly location: string;
  readonly kind: InputKind;
  readonly compression: Compression | null;
  /** The id of a Python file: its path below the folder that was named, or its name. */
  readonly id: string;
  /** Of a data set of several, which may use the same ids; null: not known to be of one. */
  readonly split: string | null;
  readonly bytes: number;
  /** Milliseconds. */
  readonly modified: number;
}

const KINDS: Readonly<Record<string, InputKind>> = {
  ".jsonl": "lines",
  ".ndjson": "lines",
  ".jsonlines": "lines",
  ".json": "array",
  ".csv": "csv",
  ".tsv": "tsv",
  ".parquet": "parquet",
  ".arrow": "arrow",
  ".feather": "arrow",
  ".py": "python",
};

const COMPRESSIONS: Readonly<Record<string, Compression>> = {
  ".gz": "gzip",
  ".gzip": "gzip",
  ".zst": "zstd",
  ".zstd": "zstd",
};

/** Of files of rows; Parquet and Arrow compress inside. */
const COMPRESSED: ReadonlySet<InputKind> = new Set(["lines", "array", "csv", "tsv"]);

/** Null for a file of no kind that is read. */
export function kindOfName(path: string): { kind: InputKind; compression: Compression | null } | null {
  const compression = COMPRESSIONS[extname(path).toLowerCase()] ?? null;
  const name = compression === null ? path : path.slice(0, -extname(path).length);
  const kind = KINDS[extname(name).toLowerCase()];
  if (kind === undefined || (compression !== null && !COMPRESSED.has(kind))) return null;
  return { kind, compression };
}

/** Throws UsageError for a file of no kind that is read. */
export function kindOfFile(path: string): { kind: InputKind; compression: Compression | null } {
  const found = kindOfName(path);
  if (found !== null) return found;
  const known = [...Object.keys(KINDS), ...[...COMPRESSED].map((kind) => `${extensionOf(kind)}.gz or .zst`)].join(", ");
  throw new UsageError("bad-input", `The input ${path} is of no known kind. Name a folder or one of: ${known}.`);
}

function extensionOf(kind: InputKind): string {
  return Object.keys(KINDS).find((extension) => KINDS[extension] === kind) as string;
}
