// For binding.gyp: makes the folder through which the sources of a folder of native/ find what they may include, by
// native/arrows.txt, and prints its path. native/arrows.cmake does the same for CMake.
import { mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NATIVE = join(dirname(fileURLToPath(import.meta.url)), "..", "native");

const folder = process.argv[2];
const line = readFileSync(join(NATIVE, "arrows.txt"), "utf8")
  .split("\n")
  .find((arrows) => arrows.startsWith(`${folder}:`));
if (line === undefined) {
  console.error(`include-tree: native/arrows.txt has no line for ${folder}`);
  process.exit(1);
}
const tree = join(NATIVE, "..", "build", "include", folder);
// Made anew, so that no link outlives its arrow.
rmSync(tree, { recursive: true, force: true });
mkdirSync(tree, { recursive: true });
for (const used of line.match(/[a-z]+/g)) symlinkSync(join(NATIVE, used), join(tree, used));
console.log(tree);
