import { rm, stat } from "node:fs/promises";
import { UsageError } from "../base/errors.ts";
import { hashFile } from "../base/io/hash.ts";
import { PartFile, partPath, publishPart, writeWhole } from "../base/io/part-file.ts";
import type { Manifest, ManifestFile } from "../base/schema/manifest.ts";
import { differences, type Identity } from "./identity.ts";
import { type JobNames, partFiles, rowFiles } from "./job-names.ts";
import { type Checkpoint, Journal, type JournalContent, readJournal } from "./journal.ts";

/** The files of a job that goes on: opened, with their journal. */
export class OutputFiles implements AsyncDisposable {
  readonly #names: JobNames;
  readonly outputs: readonly PartFile[];
  readonly rejected: PartFile;
  readonly journal: Journal;

  private constructor(names: JobNames, outputs: readonly PartFile[], rejected: PartFile, journal: Journal) {
    this.#names = names;
    this.outputs = outputs;
    this.rejected = rejected;
    this.journal = journal;
  }

  static async create(names: JobNames, identity: Identity): Promise<OutputFiles> {
    // So that no journal speaks of rows that are gone; and the journal first, which says whose the others are.
    for (const path of partFiles(names)) await rm(path, { force: true });
    return await OutputFiles.#open(
      names,
      () => Journal.create(names.journal, identity),
      (path) => PartFile.create(path),
    );
  }

  /** Cuts off what was written behind the checkpoint. */
  static async reopen(names: JobNames, { outputs, rejected }: Checkpoint): Promise<OutputFiles> {
    const kept = new Map(names.outputs.map((path, i) => [path, outputs[i] ?? { bytes: 0, sha256: "" }]));
    return await OutputFiles.#open(
      names,
      () => Journal.reopen(names.journal),
      (path) => PartFile.reopen(path, kept.get(path) ?? rejected),
    );
  }

  /** All, or none. */
  static async #open(
    names: JobNames,
    openJournal: () => Promise<Journal>,
    openPart: (path: string) => Promise<PartFile>,
  ): Promise<OutputFiles> {
    const opened: AsyncDisposable[] = [];
    try {
      const journal = await openJournal();
      opened.push(journal);
      const outputs: PartFile[] = [];
      for (const path of names.outputs) {
        const file = await openPart(path);
        opened.push(file);
        outputs.push(file);
      }
      return new OutputFiles(names, outputs, await openPart(names.rejected), journal);
    } catch (error) {
      for (const file of opened) await file[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Makes what was written last; nothing may be appended after it. The outputs first, then the rejected rows. */
  async seal(): Promise<ManifestFile[]> {
    const rejected = { path: this.#names.rejected, ...(await this.rejected.seal()) };
    const sealed: ManifestFile[] = [];
    for (const [i, file] of this.outputs.entries()) {
      sealed.push({ path: this.#names.outputs[i] as string, ...(await file.seal()) });
    }
    return [...sealed, rejected];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.journal[Symbol.asyncDispose]();
    await this.rejected[Symbol.asyncDispose]();
    for (const file of this.outputs) await file[Symbol.asyncDispose]();
  }
}

/** Gives finished files their names, the first output last. May be repeated after it was interrupted. */
export async function publish(names: JobNames, manifest: Manifest): Promise<void> {
  const [first, ...others] = rowFiles(names).toReversed() as [string, ...string[]];
  for (const path of others) if (await exists(partPath(path))) await publishPart(path);
  await writeWhole(names.manifest, `${JSON.stringify(manifest, null, 2)}\n`);
  if (await exists(partPath(first))) await publishPart(first);
  await rm(names.journal, { force: true });
}

/** Removes what a job left that did nothing worth keeping; the journal last, which says whose the others are. */
export async function discard(names: JobNames): Promise<void> {
  for (const path of [...partFiles(names), names.journal]) await rm(path, { force: true });
}

/** Whether a job under this name was begun and has not ended. */
export async function isUnfinished(output: string): Promise<boolean> {
  return await exists(partPath(output));
}

/** What an interrupted job left under these names, null when nothing of use. */
export async function findUnfinished(names: JobNames): Promise<JournalContent | null> {
  const [rejected, ...outputs] = await Promise.all([names.rejected, ...names.outputs].map(partSize));
  const found = await readJournal(names.journal, { outputs, rejected: rejected as number });
  if (found?.manifest && !(await holds(names, found.manifest))) found.manifest = null;
  return found === null || (found.last === null && found.manifest === null) ? null : found;
}

/** Whether the files of a job that ended are as it left them, each with its name or still without. */
async function holds({ outputs, rejected }: JobNames, manifest: Manifest): Promise<boolean> {
  for (const [i, path] of [...outputs, rejected].entries()) {
    const file = (await exists(partPath(path))) ? partPath(path) : path;
    if (!(await exists(file)) || (await hashFile(file)).sha256 !== manifest.outputs[i]?.sha256) return false;
  }
  return true;
}

/** Throws UsageError that says what differs. */
export function refuseOther(output: string, was: Identity, is: Identity): void {
  const found = differences(was, is);
  if (found.length === 0) return;
  const shown = found.slice(0, 3).join("; ") + (found.length > 3 ? `; and ${found.length - 3} more` : "");
  const advice = "Resume with the same inputs and options, or start again with --force";
  throw new UsageError("other-run", `The unfinished ${output} belongs to another run: ${shown}. ${advice}.`);
}

/** Whether there is a file; a folder is none. */
async function exists(path: string): Promise<boolean> {
  return (await sizeOf(path)) !== null;
}

async function partSize(path: string): Promise<number> {
  return (await sizeOf(partPath(path))) ?? 0;
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    const found = await stat(path);
    return found.isDirectory() ? null : found.size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
