import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildDataset, type DatasetRequest } from "../../src/products/dataset/build.ts";
import type { DatasetManifest } from "../../src/products/dataset/card.ts";
import { builtPythons } from "./built-pythons.ts";

type Given = Partial<Omit<DatasetRequest, "folder">>;

/** Builds `folder`/`as` to its end with the first built Python and one worker; of a text, a recipe is written first. */
export async function built(folder: string, as: string, recipe: string, given: Given = {}): Promise<DatasetManifest> {
  const [python] = await builtPythons();
  const path = recipe.includes("\n") ? join(folder, `${as}.yaml`) : recipe;
  if (path !== recipe) writeFileSync(path, recipe);
  const request = { recipe: path, folder: join(folder, as), workers: 1, python: python?.executable, ...given };
  const { manifest } = await buildDataset(request);
  if (manifest === null) throw new Error("interrupted");
  return manifest;
}

/** What lines of JSON hold; none of a file that is empty. */
export function jsonLines<T = Record<string, unknown>>(...path: string[]): T[] {
  return readFileSync(join(...path), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);
}

/** A row of the kind "preference". */
export interface PreferenceRow {
  id: string;
  conversations: { from: string; value: string }[];
  chosen: { from: string; value: string };
  rejected: { from: string; value: string };
}
