import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { UsageError } from "../../base/errors.ts";

const state: z.ZodType<{ _data_files: { filename: string }[] }> = z.object({
  _data_files: z.array(z.object({ filename: z.string() })),
});
const splits: z.ZodType<{ splits: string[] }> = z.object({ splits: z.array(z.string()) });

/** What `map` and `filter` left for themselves. */
const CACHE = /^cache-.*\.arrow$/;

/**
 * The Arrow files in a folder that are rows, in their order: of a data set that Hugging Face's `datasets` saved, and of
 * every split of several, those that it lists; of other folders all but its caches. `found` are the Arrow files below the
 * folder. Throws UsageError that names the list and the fix.
 */
export async function arrowFiles(folder: string, found: readonly string[]): Promise<string[]> {
  const listed = await listedIn(join(folder, "dataset_dict.json"), splits);
  if (listed !== null) {
    const folders = listed.splits.map((split) => join(folder, plainName(split, folder)));
    return (await Promise.all(folders.map((split) => filesOf(split, found)))).flat();
  }
  const folders = Array.from(new Set(found.map((path) => dirname(path)))).sort();
  return (await Promise.all(folders.map((each) => filesOf(each, found)))).flat();
}

/** Of one data set: what lies directly in the folder. */
async function filesOf(folder: string, found: readonly string[]): Promise<string[]> {
  const listed = await listedIn(join(folder, "state.json"), state);
  if (listed === null) {
    return found.filter((path) => dirname(path) === folder && !CACHE.test(basename(path))).sort();
  }
  const paths = listed._data_files.map(({ filename }) => join(folder, plainName(filename, folder)));
  for (const path of paths) {
    const isFile = (await stat(path).catch(() => null))?.isFile() ?? false;
    if (!isFile) throw unusable(folder, `its state.json lists ${basename(path)}, which is no file there`);
    if (!path.endsWith(".arrow"))
      throw unusable(folder, `its state.json lists ${basename(path)}, which is no .arrow file`);
  }
  return paths;
}

/** Null where there is no such list. */
async function listedIn<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT" || cause.code === "ENOTDIR") return null;
    throw unusable(dirname(path), `its ${basename(path)} cannot be read (${cause.code})`, cause);
  });
  if (text === null) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw unusable(dirname(path), `its ${basename(path)} is not what save_to_disk writes`, cause);
  }
}

/** A list must not name what is elsewhere. */
function plainName(name: string, folder: string): string {
  if (basename(name) === name && name !== "." && name !== "..") return name;
  throw unusable(folder, `it lists ${JSON.stringify(name)}, which is no name of a file or folder in it`);
}

function unusable(folder: string, why: string, cause?: unknown): UsageError {
  const fix = "Save it again with save_to_disk, or name its files themselves";
  return new UsageError("bad-input", `The data set ${folder} cannot be read: ${why}. ${fix}.`, { cause });
}
