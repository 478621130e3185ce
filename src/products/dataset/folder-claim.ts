// A build makes FOLDER.part beside FOLDER, out of what it keeps in FOLDER.work. None of the three is touched before it
// is shown that everything in it was made by a build and changed by nobody.

import { mkdir, readdir, readFile, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { hashFile } from "../../base/io/hash.ts";
import { isThere } from "../../base/io/is-there.ts";
import { refuseInputs, refuseResumeWithForce } from "../../jobs/claim.ts";
import { allFiles, jobNames } from "../../jobs/job-names.ts";
import type { DatasetManifest } from "./card.ts";

/** Lies in folders that a build works in. */
const MARK = ".tracemill-build";

const MANIFEST = "manifest.json";

export interface FolderRequest {
  readonly folder: string;
  /** Files that are read, of any kind. */
  readonly inputs: readonly string[];
  /** Of what is to be built. */
  readonly fingerprint: string;
  /** Go on with what an interrupted build left. */
  readonly resume: boolean;
  /** Replace a data set, and throw away what an interrupted build left. */
  readonly force: boolean;
}

/** The folders of a build. */
export class FolderClaim {
  readonly folder: string;
  readonly part: string;
  readonly work: string;
  /** The data set that stands there already, when it is the one to be built. */
  readonly finished: DatasetManifest | null;

  private constructor(folder: string, finished: DatasetManifest | null) {
    this.folder = folder;
    this.part = `${folder}.part`;
    this.work = `${folder}.work`;
    this.finished = finished;
  }

  /** Throws UsageError where a file would be lost. */
  static async make(request: FolderRequest): Promise<FolderClaim> {
    const { resume, force, inputs, fingerprint } = request;
    refuseResumeWithForce(resume, force);
    const claim = new FolderClaim(resolve(request.folder), null);
    const { folder, part, work } = claim;
    for (const path of [folder, part, work]) await refuseInputs(await filesIn(path), inputs);
    for (const path of [part, work]) await refuseForeign(path);
    const there = await isThere(folder);
    const manifest = there ? await ownManifest(folder) : null;
    if (manifest !== null && resume && manifest.fingerprint === fingerprint) return new FolderClaim(folder, manifest);
    if (there && !force) {
      throw new UsageError(
        "bad-output",
        `${request.folder} exists. Name another folder with -o, or replace it by --force.`,
      );
    }
    if ((await isThere(work)) && !resume && !force) {
      const what = `${request.folder}.work of an unfinished build exists`;
      throw new UsageError("unfinished-run", `${what}. Go on with it by --resume, or start again with --force.`);
    }
    if (force) await claim.discardWork();
    return claim;
  }

  /** The folder for what an interrupted build goes on with. */
  async openWork(): Promise<void> {
    await mkdir(this.work, { recursive: true });
    await writeFile(join(this.work, MARK), "");
  }

  /** An empty folder for the data set. */
  async openPart(): Promise<void> {
    if (await isThere(this.part)) await rm(this.part, { recursive: true });
    await mkdir(this.part);
    await writeFile(join(this.part, MARK), "");
  }

  /** Of everything in the part folder so far. */
  async hashes(): Promise<Record<string, string>> {
    const hashes: Record<string, string> = {};
    for (const name of (await readdir(this.part)).sort()) {
      if (name !== MARK) hashes[name] = (await hashFile(join(this.part, name))).sha256;
    }
    return hashes;
  }

  /** Makes room for the data set that is ready in the part folder. */
  async clearFolder(): Promise<void> {
    await rm(join(this.part, MARK), { force: true });
    if (!(await isThere(this.folder))) return;
    const manifest = await ownManifest(this.folder);
    for (const name of [...Object.keys(manifest.files), MANIFEST]) await rm(join(this.folder, name), { force: true });
    await rmdir(this.folder);
  }

  /** Removes what a build keeps there, and the folder where nothing else is in it. */
  async discardWork(): Promise<void> {
    for (const path of await filesIn(this.work)) if (isOfBuild(path)) await rm(path);
    await rm(join(this.work, MARK), { force: true });
    await rmdir(this.work).catch(() => {});
  }

  /** The same, where nothing is in it that could be gone on with. */
  async leaveEmptyWork(): Promise<void> {
    const names = await readdir(this.work).catch(() => [MARK, MARK]);
    if (names.length === 1 && names[0] === MARK) await this.discardWork();
  }
}

/** Where the programs of a repair data set are kept in the work folder. */
export function programsPath(work: string): string {
  return join(work, "programs.jsonl");
}

/** Where the records of all programs are kept in the work folder. */
export function recordsPath(work: string): string {
  return join(work, "records.tmr");
}

function isOfBuild(path: string): boolean {
  const folder = resolve(path, "..");
  const programs = programsPath(folder);
  return [...allFiles(jobNames([recordsPath(folder)])), programs, `${programs}.part`].includes(path);
}

/** Throws UsageError unless a build works in the folder, or finished there. */
async function refuseForeign(path: string): Promise<void> {
  if (!(await isThere(path)) || (await isThere(join(path, MARK)))) return;
  if ((await stat(path)).isDirectory() && (await readdir(path)).length === 0) return;
  await ownManifest(path);
}

/** Throws UsageError where anything in the folder is not as a build left it. */
async function ownManifest(folder: string): Promise<DatasetManifest> {
  const advice = "Name another folder with -o, or move it away";
  if (!(await stat(folder)).isDirectory()) throw new UsageError("bad-output", `${folder} is no folder. ${advice}.`);
  const manifest = await readManifest(join(folder, MANIFEST));
  if (manifest === null) {
    throw new UsageError("bad-output", `${folder} exists and was not made by tracemill. ${advice}.`);
  }
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name === MANIFEST) continue;
    const sha256 = manifest.files[entry.name];
    const path = join(folder, entry.name);
    if (sha256 === undefined) throw new UsageError("bad-output", `${path} was not made by tracemill. ${advice}.`);
    if (!entry.isFile() || (await hashFile(path)).sha256 !== sha256) {
      throw new UsageError("output-changed", `${path} was changed since tracemill wrote it. ${advice}.`);
    }
  }
  return manifest;
}

async function readManifest(path: string): Promise<DatasetManifest | null> {
  try {
    const found = JSON.parse(await readFile(path, "utf8")) as Partial<DatasetManifest>;
    const ours = found.dataset === 1 && typeof found.files === "object" && found.files !== null;
    return ours ? (found as DatasetManifest) : null;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Paths of what is directly in the folder; the path itself where it is a file. */
async function filesIn(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => null);
  if (found === null) return [];
  if (!found.isDirectory()) return [path];
  return (await readdir(path)).map((name) => join(path, name));
}
