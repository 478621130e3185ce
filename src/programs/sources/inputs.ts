import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { type InputFile, kindOfFile } from "./file-kinds.ts";
import { filesIn } from "./folder-files.ts";
import { STDIN, spooledStdin } from "./stdin-file.ts";

/** A split's own files, when they are named one by one. */
const SPLIT = /^(?:.*[-_.])?(train(?:ing)?|test|validation|valid|val|dev|eval)(?:[-_.]\d+)*(?:-of-\d+)?\./i;

/** Told, in words, what of a folder is not read. */
export type Note = (text: string) => void;

/**
 * The files that the inputs mean, folders by the files of rows in them, or else the Python files, in the order of their
 * paths; `-` is standard input. Throws UsageError.
 */
export async function findInputs(inputs: readonly string[], note: Note = () => {}): Promise<InputFile[]> {
  const files: InputFile[] = [];
  for (const input of inputs) {
    if (input === STDIN) {
      files.push(await spooledStdin());
      continue;
    }
    const found = await stat(input).catch((cause: NodeJS.ErrnoException) => {
      const why = cause.code === "ENOENT" ? "does not exist" : `cannot be read (${cause.code})`;
      throw new UsageError("bad-input", `The input ${input} ${why}. Check its path.`, { cause });
    });
    if (found.isDirectory()) {
      const listing = await filesIn(input);
      if (listing.leftOut !== null) note(listing.leftOut);
      for (const { path, id, split } of listing.files) {
        const { size, mtimeMs } = await stat(path);
        files.push({ ...kindOfFile(path), path, location: path, id, split, bytes: size, modified: mtimeMs });
      }
    } else {
      const id = basename(input);
      const split = inputs.length === 1 ? null : (SPLIT.exec(id)?.[1]?.toLowerCase() ?? null);
      const { size, mtimeMs } = found;
      files.push({ ...kindOfFile(input), path: input, location: input, id, split, bytes: size, modified: mtimeMs });
    }
  }
  return files;
}
