// Nothing of the user's is ever overwritten or deleted: before a job touches a name, it is shown that what has the name
// is no input, and is a file that a job of ours wrote and nobody changed since.

import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { UsageError } from "../base/errors.ts";
import { hashFile } from "../base/io/hash.ts";
import { isThere } from "../base/io/is-there.ts";
import { type Manifest, manifestSchema } from "../base/schema/manifest.ts";
import { allFiles, type JobNames, jobNames, partFiles, rowFiles } from "./job-names.ts";
import { isJournal, readJournal } from "./journal.ts";

export interface ClaimRequest {
  readonly outputs: readonly [string, ...string[]];
  /** Files that are read, of any kind. */
  readonly inputs: readonly string[];
  /** Go on with what an interrupted job of the same identity left; start when nothing was left. */
  readonly resume?: boolean | undefined;
  /** Replace what other jobs wrote, and throw away what an interrupted one left. */
  readonly force?: boolean | undefined;
}

/** Names that a job may write to. */
export interface Claim {
  readonly names: JobNames;
  /** Of the job whose outputs have the names. */
  readonly finished: Manifest | null;
  readonly resume: boolean;
  readonly force: boolean;
}

/** Throws UsageError where a file would be lost. */
export async function claim({ outputs, inputs, resume = false, force = false }: ClaimRequest): Promise<Claim> {
  refuseResumeWithForce(resume, force);
  const names = jobNames(outputs);
  for (const path of allFiles(names)) await refuseSpecial(path);
  await refuseInputs(allFiles(names), inputs);
  await refuseUnfinished(names, resume || force);
  return { names, finished: await finishedJob(names), resume, force };
}

export function refuseResumeWithForce(resume: boolean, force: boolean): void {
  if (!resume || !force) return;
  throw new UsageError("bad-option", "--resume keeps what --force throws away; give one of them.");
}

/** Throws UsageError where a name is another name of an input: hard links and symbolic links are seen through. */
export async function refuseInputs(paths: readonly string[], inputs: readonly string[]): Promise<void> {
  const read = new Map<string, string>();
  for (const input of inputs) {
    const found = await identityOf(input);
    if (found !== null) read.set(found, input);
  }
  for (const path of paths) {
    const found = await identityOf(path);
    const input = found === null ? undefined : read.get(found);
    if (input === undefined) continue;
    const which = input === path ? "is an input too" : `is the input ${input} under another name`;
    throw new UsageError("bad-output", `${path} ${which}; name another output with -o.`);
  }
}

/** Throws UsageError where the output would take the place of a folder, a device or a pipe. */
async function refuseSpecial(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found === null || found.isFile()) return;
  const advice = found.isDirectory() ? "name a file in it with -o" : "name a file with -o, or use -o - and redirect it";
  throw new UsageError("bad-output", `${path} is no ordinary file; ${advice}.`);
}

/** Throws UsageError when there is an unfinished job that would be lost, or what only looks like one. */
async function refuseUnfinished(names: JobNames, expected: boolean): Promise<void> {
  const found = await firstThere([names.journal, ...partFiles(names)]);
  if (found === null) return;
  if (!(await isJournal(names.journal))) {
    const path = (await isThere(names.journal)) ? names.journal : found;
    throw new UsageError("bad-journal", `${path} is not of an unfinished job. Move it away, or name another output.`);
  }
  const part = await firstThere(partFiles(names));
  if (expected || part === null) return;
  throw new UsageError(
    "unfinished-run",
    `${part} of an unfinished run exists. Go on with it by --resume, or start again with --force.`,
  );
}

/**
 * The manifest of the job whose outputs have the names, null where one of these is free. Throws UsageError for files that
 * no manifest vouches for: the one beside them, or that of a job which ended before all of its files had their names.
 */
async function finishedJob(names: JobNames): Promise<Manifest | null> {
  const manifest = await readManifest(names.manifest);
  const ending = await endingJob(names);
  let complete = true;
  for (const path of rowFiles(names)) {
    const found = await stat(path).catch(() => null);
    if (found === null) complete = false;
    else await refuseUnvouched(path, found.size, [manifest, ending]);
  }
  return complete ? manifest : null;
}

/** What a job noted when all of its rows were written; null without such a note, and of a journal that is damaged. */
async function endingJob({ journal }: JobNames): Promise<Manifest | null> {
  const found = await readJournal(journal, { outputs: [], rejected: 0 }).catch(() => null);
  return found?.manifest ?? null;
}

async function refuseUnvouched(path: string, bytes: number, manifests: readonly (Manifest | null)[]): Promise<void> {
  const advice = "Name another output with -o, or move it away";
  const written = manifests.flatMap((manifest) =>
    (manifest?.outputs ?? []).filter((output) => basename(output.path) === basename(path)),
  );
  if (written.length === 0) {
    throw new UsageError("bad-output", `${path} exists and was not written by tracemill. ${advice}.`);
  }
  const alike = written.filter((file) => file.bytes === bytes);
  const sha256 = alike.length === 0 ? null : (await hashFile(path)).sha256;
  if (alike.some((file) => file.sha256 === sha256)) return;
  throw new UsageError("output-changed", `${path} was changed since tracemill wrote it. ${advice}.`);
}

/** Null when there is none; throws UsageError when the file is something else. */
async function readManifest(path: string): Promise<Manifest | null> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  const found = manifestSchema.safeParse(asJson(text));
  if (found.success) return found.data;
  const advice = "Name another output with -o, or move it away";
  throw new UsageError("bad-output", `${path} exists and is no manifest of tracemill. ${advice}.`);
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Device and inode; null when there is nothing. */
async function identityOf(path: string): Promise<string | null> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found === null ? null : `${found.dev}:${found.ino}`;
}

async function firstThere(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) if (await isThere(path)) return path;
  return null;
}
