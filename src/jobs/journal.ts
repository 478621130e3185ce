import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { z } from "zod";
import { UsageError } from "../base/errors.ts";
import type { FileHash } from "../base/io/hash.ts";
import { OwnFile } from "../base/io/own-file.ts";
import { type Manifest, manifestSchema, type RunCounts, runCountsSchema } from "../base/schema/manifest.ts";
import type { BlockPlace } from "../record/store/container-format.ts";
import type { Identity } from "./identity.ts";

// One line of JSON each: first whose job it is, then where the job stood after every written batch, last (when all rows
// are written and synced, but the files do not have their names yet) the manifest. A line is written after the bytes it
// speaks of, so a killed process leaves a last whole line that is true; a torn one behind it is ignored.

/** Where a job stands. */
export interface Checkpoint {
  readonly counts: RunCounts;
  /** Rows of the input that no item was made of; `counts.programs` items and these are done. */
  readonly sourceRejected: number;
  /** Of each output. */
  readonly outputs: readonly (FileHash & { rows: number })[];
  readonly rejected: FileHash;
}

/** What an interrupted job left. */
export interface JournalContent {
  readonly identity: Identity;
  last: Checkpoint | null;
  /** Of each output: where every batch that wrote rows to it begins, and how many, up to `last`. */
  blocks: BlockPlace[][];
  manifest: Manifest | null;
}

/** Bytes that the part files really have. */
export interface PartSizes {
  readonly outputs: readonly number[];
  readonly rejected: number;
}

const JOURNAL_VERSION = 3;

const count = z.int().nonnegative();

const fileSchema = z.strictObject({ bytes: count, sha256: z.string() });

const checkpointSchema: z.ZodType<Checkpoint> = z.strictObject({
  counts: runCountsSchema,
  sourceRejected: count,
  outputs: z.array(z.strictObject({ bytes: count, sha256: z.string(), rows: count })),
  rejected: fileSchema,
});

const firstLineSchema = z.strictObject({
  journal: z.literal(JOURNAL_VERSION),
  identity: z.record(z.string(), z.unknown()),
});

const lineSchema = z.union([
  firstLineSchema,
  z.strictObject({ checkpoint: checkpointSchema }),
  z.strictObject({ finished: manifestSchema }),
]);

export class Journal implements AsyncDisposable {
  readonly #file: OwnFile;

  private constructor(file: OwnFile) {
    this.#file = file;
  }

  static async create(path: string, identity: Identity): Promise<Journal> {
    const journal = new Journal(await OwnFile.create(path));
    await journal.#line({ journal: JOURNAL_VERSION, identity });
    return journal;
  }

  /** Goes on behind what is there; a torn last line is ended first, so that it stays alone. */
  static async reopen(path: string): Promise<Journal> {
    const journal = new Journal(await OwnFile.reopen(path, null));
    await journal.#file.append(Buffer.from("\n"));
    return journal;
  }

  async checkpoint(checkpoint: Checkpoint): Promise<void> {
    await this.#line({ checkpoint });
  }

  async finish(manifest: Manifest): Promise<void> {
    await this.#line({ finished: manifest });
    await this.#file.sync();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]();
  }

  async #line(value: object): Promise<void> {
    await this.#file.append(Buffer.from(`${JSON.stringify(value)}\n`));
  }
}

/** Whether a job wrote the file, be it an earlier version's or cut in its first line; false when there is none. */
export async function isJournal(path: string): Promise<boolean> {
  const start = '{"journal":';
  const file = await open(path).catch(() => null);
  if (file === null) return false;
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(start.length), length: start.length });
    return start.startsWith(buffer.toString("latin1", 0, bytesRead));
  } finally {
    await file.close();
  }
}

/**
 * Null when there is no journal, or only the beginning of one. Checkpoints beyond the sizes that the files really have
 * (after a power cut) do not count.
 */
export async function readJournal(path: string, sizes: PartSizes): Promise<JournalContent | null> {
  let content: JournalContent | null = null;
  for await (const text of linesOf(path)) {
    const line = parseLine(path, text);
    if (line === null) continue;
    if ("journal" in line) {
      content = { identity: line.identity, last: null, blocks: sizes.outputs.map(() => []), manifest: null };
    } else if (content === null) {
      throw noJournal(path);
    } else if ("finished" in line) {
      content.manifest = line.finished;
    } else if (holds(line.checkpoint, sizes)) {
      addCheckpoint(content, line.checkpoint);
    }
  }
  return content;
}

function addCheckpoint(content: JournalContent, checkpoint: Checkpoint): void {
  for (const [i, { bytes, rows }] of checkpoint.outputs.entries()) {
    const blocks = content.blocks[i] as BlockPlace[];
    const before = content.last?.outputs[i] ?? { bytes: 0, rows: 0 };
    if (rows > before.rows) blocks.push([before.bytes, rows - before.rows]);
    // A resumed job starts where it cut the files off, which may be before what the journal says last.
    else if (rows < before.rows) content.blocks[i] = blocks.filter(([offset]) => offset < bytes);
  }
  content.last = checkpoint;
  content.manifest = null;
}

function holds({ outputs, rejected }: Checkpoint, sizes: PartSizes): boolean {
  const whole = outputs.every(({ bytes }, i) => bytes <= (sizes.outputs[i] ?? 0));
  return whole && outputs.length === sizes.outputs.length && rejected.bytes <= sizes.rejected;
}

async function* linesOf(path: string): AsyncGenerator<string> {
  try {
    yield* createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return;
    throw code === "EISDIR" ? noJournal(path) : error;
  }
}

/** Null for a torn line. */
function parseLine(path: string, text: string): z.output<typeof lineSchema> | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const line = lineSchema.safeParse(value);
  if (line.success) return line.data;
  throw noJournal(path);
}

function noJournal(path: string): UsageError {
  return new UsageError("bad-journal", `${path} is no journal of such a run; start again with --force.`);
}
