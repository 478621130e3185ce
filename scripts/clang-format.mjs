// Formats the C++ sources (--write) or says which are not formatted (--check), with the clang-format of the npm package.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");

const mode = process.argv[2];
if (mode !== "--check" && mode !== "--write") {
  console.error("usage: node scripts/clang-format.mjs --check|--write");
  process.exit(2);
}
const files = readdirSync(join(ROOT, "native"), { recursive: true })
  .filter((name) => /\.(h|c|cc)$/.test(name))
  .sort()
  .map((name) => join("native", name));
// The package's program, not its .bin link: that one needs npm's PATH.
const program = createRequire(import.meta.url).resolve("clang-format/index.js");
const flags = mode === "--check" ? ["--dry-run", "--Werror"] : ["-i"];
const { status } = spawnSync(process.execPath, [program, ...flags, ...files], { stdio: "inherit", cwd: ROOT });
if (status !== 0 && mode === "--check") console.error("Fix: npm run format");
else console.log(`clang-format: ${files.length} files ${mode === "--check" ? "are formatted" : "formatted"}`);
process.exit(status ?? 1);
