import { rm, stat } from "node:fs/promises";
import { UsageError } from "../errors.ts";
import { type FileHash, hashFile } from "../io/hash.ts";
import { PartFile, partPath, publishPart, writeWhole } from "../io/part-file.ts";
import type { Manifest } from "../schema/manifest.ts";
import { differences, type RunIdentity } from "./identity.ts";
import { type Checkpoint, Journal, type JournalContent, readJournal } from "./journal.ts";

/** The names of everything that a run writes. */
export interface OutputPaths {
  output: string;
  rejected: string;
  manifest: string;
  journal: string;
}

export function outputPaths(output: string): OutputPaths {
  return {
    output,
    rejected: `${output}.rejected.jsonl`,
    manifest: `${output}.manifest.json`,
    journal: `${output}.journal.jsonl`,
  };
}

/** The files of a run that goes on: opened, with their journal. */
export class OutputFiles implements AsyncDisposable {
  readonly paths: OutputPaths;
  readonly output: PartFile;
  readonly rejected: PartFile;
  readonly journal: Journal;

  private constructor(paths: OutputPaths, output: PartFile, rejected: PartFile, journal: Journal) {
    this.paths = paths;
    this.output = output;
    this.rejected = rejected;
    this.journal = journal;
  }

  static async create(paths: OutputPaths, identity: RunIdentity): Promise<OutputFiles> {
    // First of all, so that no journal speaks of files that are gone.
    await rm(paths.journal, { force: true });
    return await OutputFiles.#open(
      paths,
      () => PartFile.create(paths.output),
      () => PartFile.create(paths.rejected),
      () => Journal.create(paths.journal, identity),
    );
  }

  /** Cuts off what was written behind the checkpoint. */
  static async reopen(paths: OutputPaths, checkpoint: Checkpoint): Promise<OutputFiles> {
    return await OutputFiles.#open(
      paths,
      () => PartFile.reopen(paths.output, checkpoint.output),
      () => PartFile.reopen(paths.rejected, checkpoint.rejected),
      () => Journal.reopen(paths.journal),
    );
  }

  /** All, or none. */
  static async #open(
    paths: OutputPaths,
    openOutput: () => Promise<PartFile>,
    openRejected: () => Promise<PartFile>,
    openJournal: () => Promise<Journal>,
  ): Promise<OutputFiles> {
    const opened: AsyncDisposable[] = [];
    try {
      const output = await openOutput();
      opened.push(output);
      const rejected = await openRejected();
      opened.push(rejected);
      return new OutputFiles(paths, output, rejected, await openJournal());
    } catch (error) {
      for (const file of opened) await file[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Makes what was written last; nothing may be appended after it. */
  async seal(): Promise<{ output: FileHash; rejected: FileHash }> {
    return { rejected: await this.rejected.seal(), output: await this.output.seal() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.journal[Symbol.asyncDispose]();
    await this.rejected[Symbol.asyncDispose]();
    await this.output[Symbol.asyncDispose]();
  }
}

/** Gives finished files their names, the output last. May be repeated after it was interrupted. */
export async function publish(paths: OutputPaths, manifest: Manifest): Promise<void> {
  if (await exists(partPath(paths.rejected))) await publishPart(paths.rejected);
  await writeWhole(paths.manifest, `${JSON.stringify(manifest, null, 2)}\n`);
  if (await exists(partPath(paths.output))) await publishPart(paths.output);
  await rm(paths.journal, { force: true });
}

/** Removes what a run left that did nothing worth keeping. */
export async function discard(paths: OutputPaths): Promise<void> {
  for (const path of [paths.journal, partPath(paths.rejected), partPath(paths.output)]) await rm(path, { force: true });
}

/** Throws UsageError where the output would take the place of a folder, a device or a pipe. */
export async function refuseSpecial(output: string): Promise<void> {
  const found = await stat(output).catch(() => null);
  if (found === null || found.isFile()) return;
  const advice = found.isDirectory() ? "name a file in it with -o" : "name a file with -o, or use -o - and redirect it";
  throw new UsageError("bad-output", `${output} is no ordinary file; ${advice}.`);
}

/** Whether a run under this name was begun and has not ended. */
export async function isUnfinished(output: string): Promise<boolean> {
  return await exists(partPath(output));
}

/** Throws UsageError when there is an unfinished run that would be lost. */
export async function refuseUnfinished(paths: OutputPaths): Promise<void> {
  if (!(await isUnfinished(paths.output))) return;
  const what = `${partPath(paths.output)} of an unfinished run exists`;
  throw new UsageError("unfinished-run", `${what}. Go on with it by --resume, or start again with --force.`);
}

/** What an interrupted run left under these names, null when nothing of use. */
export async function findUnfinished(paths: OutputPaths): Promise<JournalContent | null> {
  const outputBytes = await sizeOf(partPath(paths.output));
  const rejectedBytes = await sizeOf(partPath(paths.rejected));
  const found = await readJournal(paths.journal, { outputBytes: outputBytes ?? 0, rejectedBytes: rejectedBytes ?? 0 });
  if (found?.manifest && !(await holds(paths, found.manifest))) found.manifest = null;
  return found === null || (found.last === null && found.manifest === null) ? null : found;
}

/** Whether the files of a run that ended are as it left them, each with its name or still without. */
async function holds(paths: OutputPaths, { outputs }: Manifest): Promise<boolean> {
  for (const [i, path] of [paths.output, paths.rejected].entries()) {
    const file = (await exists(partPath(path))) ? partPath(path) : path;
    if (!(await exists(file)) || (await hashFile(file)).sha256 !== outputs[i]?.sha256) return false;
  }
  return true;
}

/** Throws UsageError that says what differs. */
export function refuseOther(output: string, was: RunIdentity, is: RunIdentity): void {
  const found = differences(was, is);
  if (found.length === 0) return;
  const shown = found.slice(0, 3).join("; ") + (found.length > 3 ? `; and ${found.length - 3} more` : "");
  const advice = "Resume with the same inputs and options, or start again with --force";
  throw new UsageError("other-run", `The unfinished ${output} belongs to another run: ${shown}. ${advice}.`);
}

/** Whether there is a file; a folder is none. */
export async function exists(path: string): Promise<boolean> {
  return (await sizeOf(path)) !== null;
}

export async function sizeOf(path: string): Promise<number | null> {
  try {
    const found = await stat(path);
    return found.isDirectory() ? null : found.size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
