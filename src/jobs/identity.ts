import { hashText } from "../base/io/hash.ts";
import type { InputFile } from "../programs/sources/file-kinds.ts";

/** Everything that decides a job's output, as JSON. Jobs of equal identity write equal rows. */
export type Identity = Readonly<Record<string, unknown>>;

/** What tells an input from its earlier and later selves without reading it. */
export function inputIdentity({ path, bytes, modified }: Pick<InputFile, "path" | "bytes" | "modified">): Identity {
  return { path, bytes, modified };
}

export function fingerprint(identity: Identity): string {
  return hashText(JSON.stringify(sorted(identity)));
}

/** What differs, in words: "options.timeoutMs was 5000 and is 100". */
export function differences(was: Identity, is: Identity): string[] {
  const before = flat(was);
  const after = flat(is);
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names]
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => `${name} was ${before.get(name) ?? "not there"} and is ${after.get(name) ?? "not there"}`);
}

function flat(value: unknown, name = "", into: Map<string, string> = new Map()): Map<string, string> {
  if (typeof value === "object" && value !== null) {
    for (const [key, member] of Object.entries(value)) flat(member, name === "" ? key : `${name}.${key}`, into);
  } else {
    into.set(name, JSON.stringify(value) ?? "undefined");
  }
  return into;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}
