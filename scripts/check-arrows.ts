// Refuses an import against src/arrows.txt, which has a line for every folder of src: what its files may import beside
// their own folder's. `tsx scripts/check-arrows.ts [FOLDER]`, for another folder than src.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { packagePath } from "../src/base/package-root.ts";

/** A relative path in quotes, whether it is imported, loaded in a thread or passed to `new URL`. */
const RELATIVE = /(["'`])(\.\.?\/[^"'`\n]+)\1/g;
const IMPORT_OF_PACKAGES = /(?:\bfrom|\bimport)\s*\(?\s*["']([^."'][^"']*)["']/g;
const folder = process.argv[2] ?? packagePath("src");
const arrows = readArrows(readFileSync(join(folder, "arrows.txt"), "utf8"));
const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => /\.[cm]?[jt]s$/.test(file));
const faults = files.sort().flatMap(faultsIn);
for (const fault of faults) console.error(fault);
if (faults.length === 0) console.log(`arrows: ${files.length} files of ${arrows.size} rooms follow arrows.txt`);
process.exitCode = faults.length === 0 ? 0 : 1;

/** The rooms that files of a room may import, all of which have a line above its own, so that no cycle is possible. */
function readArrows(text: string): Map<string, Set<string>> {
  const read = new Map<string, Set<string>>();
  for (const line of text.split("\n").filter((line) => line !== "")) {
    const [room = "", used = ""] = line.split(":");
    const rooms = used.split(" ").filter((name) => name !== "");
    const later = rooms.find((name) => !read.has(name));
    if (later !== undefined) throw new Error(`arrows.txt: ${room} may not use ${later}, which has no line above it`);
    read.set(room, new Set(rooms));
  }
  return read;
}

function faultsIn(file: string): string[] {
  // The doors of the package, beside the rooms: they may import every room, and no room imports them.
  if (!file.includes(sep)) return [];
  const room = roomOf(file);
  const allowed = arrows.get(room);
  if (allowed === undefined) return [`${file}: ${room} is no room of arrows.txt`];
  const text = readFileSync(join(folder, file), "utf8");
  const faults: string[] = [];
  for (const [, , path = ""] of text.matchAll(RELATIVE)) {
    const used = roomOf(relative(folder, join(folder, dirname(file), path)));
    // Files of the package that are no sources, such as package.json.
    if (used === "..") continue;
    if (used !== room && !allowed.has(used))
      faults.push(`${file}: ${room} may not import ${path}, which is in ${used}`);
  }
  for (const [, name = ""] of text.matchAll(IMPORT_OF_PACKAGES)) {
    if (name === "tracemill" || name.startsWith("tracemill/")) faults.push(`${file}: imports the package by its name`);
  }
  return faults;
}

function roomOf(file: string): string {
  return file.split(sep)[0] as string;
}
