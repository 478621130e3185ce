// Rows of a kind that nobody knows, with the names of their fields told by the user.

import type { JsonNode } from "../../base/io/json-text.ts";

/** New names of fields, with the old ones: `{code: "solution"}`. */
export type FieldMap = Readonly<Record<string, string>>;

/** The row with a field of each new name instead of the old one; a field of the new name gives way. */
export function renamed(row: object, map: FieldMap): Record<string, unknown> {
  return Object.fromEntries(renamedEntries(Object.entries(row), map));
}

export function renamedNode(row: JsonNode, map: FieldMap | undefined): JsonNode {
  if (map === undefined || row.kind !== "object") return row;
  return { kind: "object", members: new Map(renamedEntries([...row.members], map)) };
}

function renamedEntries<T>(entries: readonly [string, T][], map: FieldMap): [string, T][] {
  const values = new Map(entries);
  const given = Object.entries(map).filter(([, old]) => values.has(old));
  const gone = new Set(given.flat());
  const rest = entries.filter(([name]) => !gone.has(name));
  return [...given.map(([name, old]): [string, T] => [name, values.get(old) as T]), ...rest];
}
