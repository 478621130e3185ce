import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { z } from "zod";
import { UsageError } from "../errors.ts";
import type { FileHash } from "../io/hash.ts";
import { OwnFile } from "../io/own-file.ts";
import { type Manifest, manifestSchema, type RunCounts, runCountsSchema } from "../schema/manifest.ts";
import { AS_PUBLISHED, renderSettingsSchema } from "../schema/render-settings.ts";
import type { RunIdentity } from "./identity.ts";

// One line of JSON each: first whose run it is, then where the run stood after every written batch, last (when all rows
// are written and synced, but the files do not have their names yet) the manifest. A line is written after the bytes it
// speaks of, so a killed process leaves a last whole line that is true; a torn one behind it is ignored.

/** Where a run stands. */
export interface Checkpoint {
  counts: RunCounts;
  /** Rejected rows that no program was made of; `counts.programs` and this many items of the input are done. */
  sourceRejected: number;
  output: FileHash;
  rejected: FileHash;
}

/** What an interrupted run left. */
export interface JournalContent {
  identity: RunIdentity;
  last: Checkpoint | null;
  /** [bytes before, rows] of every batch that wrote rows, up to `last`. */
  batches: [offset: number, rows: number][];
  manifest: Manifest | null;
}

const count = z.int().nonnegative();

const identitySchema: z.ZodType<RunIdentity> = z.strictObject({
  tracemill: z.string(),
  python: z.string(),
  format: z.string(),
  source: z.string().nullable(),
  limit: count.nullable(),
  shard: z.strictObject({ index: count, count }).nullable(),
  options: z.record(z.string(), z.unknown()),
  render: renderSettingsSchema.default(AS_PUBLISHED),
  inputs: z.array(z.strictObject({ path: z.string(), bytes: count, modified: z.number() })),
});

const fileSchema: z.ZodType<FileHash> = z.strictObject({ bytes: count, sha256: z.string() });

const checkpointSchema: z.ZodType<Checkpoint> = z.strictObject({
  counts: runCountsSchema,
  sourceRejected: count,
  output: fileSchema,
  rejected: fileSchema,
});

const lineSchema = z.union([
  z.strictObject({ journal: z.literal(2), identity: identitySchema }),
  z.strictObject({ checkpoint: checkpointSchema }),
  z.strictObject({ finished: manifestSchema }),
]);

export class Journal implements AsyncDisposable {
  readonly #file: OwnFile;

  private constructor(file: OwnFile) {
    this.#file = file;
  }

  static async create(path: string, identity: RunIdentity): Promise<Journal> {
    const journal = new Journal(await OwnFile.create(path));
    await journal.#line({ journal: 2, identity });
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

  async #line(value: z.input<typeof lineSchema>): Promise<void> {
    await this.#file.append(Buffer.from(`${JSON.stringify(value)}\n`));
  }
}

/**
 * Null when there is no journal, or only the beginning of one. Checkpoints beyond the sizes that the files really have
 * (after a power cut) do not count.
 */
export async function readJournal(
  path: string,
  sizes: { outputBytes: number; rejectedBytes: number },
): Promise<JournalContent | null> {
  let content: JournalContent | null = null;
  for await (const text of linesOf(path)) {
    const line = parseLine(path, text);
    if (line === null) continue;
    if ("journal" in line) {
      content = { identity: line.identity, last: null, batches: [], manifest: null };
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
  const { last } = content;
  const rows = checkpoint.counts.rendered - (last?.counts.rendered ?? 0);
  if (rows > 0) content.batches.push([last?.output.bytes ?? 0, rows]);
  // A resumed run starts where it cut the files off, which may be before what the journal says last.
  if (rows < 0) content.batches = content.batches.filter(([offset]) => offset < checkpoint.output.bytes);
  content.last = checkpoint;
  content.manifest = null;
}

function holds(checkpoint: Checkpoint, sizes: { outputBytes: number; rejectedBytes: number }): boolean {
  return checkpoint.output.bytes <= sizes.outputBytes && checkpoint.rejected.bytes <= sizes.rejectedBytes;
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
