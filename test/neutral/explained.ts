import { readFile } from "node:fs/promises";
import type { Field } from "./compare.ts";

/** By program id, what may differ and why. */
export type Explained = ReadonlyMap<string, readonly Explanation[]>;

interface Explanation {
  readonly fields: readonly string[];
  readonly reason: string;
}

/** Lines of the file are `ID FIELDS VERSIONS WHY`: fields like `stdout,result`, versions like `3.11,3.12` or `any`. */
export async function readExplained(path: string, minor: number): Promise<Explained> {
  const explained = new Map<string, Explanation[]>();
  for (const line of (await readFile(path, "utf8")).split("\n")) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const [, id, fields, versions, reason] = /^(\S+) +(\S+) +(\S+) +(\S.*)$/.exec(line) ?? [];
    if (id === undefined || fields === undefined || versions === undefined || reason === undefined) {
      throw new Error(`${path}: ${JSON.stringify(line)} is not ID FIELDS VERSIONS WHY`);
    }
    if (versions !== "any" && !versions.split(",").includes(`3.${minor}`)) continue;
    explained.set(id, [...(explained.get(id) ?? []), { fields: fields.split(","), reason }]);
  }
  return explained;
}

/** Why the field of the program may differ; null: nothing says so. */
export function reasonFor(explained: Explained, id: string, field: Field): string | null {
  return explained.get(id)?.find(({ fields }) => fields.includes(field))?.reason ?? null;
}
