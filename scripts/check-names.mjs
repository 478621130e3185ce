// Says which names in native/ are not written as native/.clang-tidy has it:
//   node scripts/check-names.mjs CLANG-TIDY [FOLDER]...
// CLANG-TIDY is the program: `python3 -m venv X && X/bin/pip install clang-tidy==23.1.4` makes X/bin/clang-tidy. Without
// folders, all of native/ but its tests. A core is read as one for TRACEMILL_PYTHON, else python3.
import { execFile, execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const NATIVE = join(ROOT, "native");
const CORE = ["python", "admission", "loops", "trace"];

const [clangTidy, ...chosen] = process.argv.slice(2);
if (clangTidy === undefined) {
  console.error("usage: node scripts/check-names.mjs CLANG-TIDY [FOLDER]...");
  process.exit(2);
}
const script = (program, ...args) => execFileSync(program, args, { cwd: ROOT, encoding: "utf8" }).trim().split("\n");

/** Where headers lie that are not ours. */
function systemFolders(folder) {
  if (folder === "binding") {
    const addonApi = createRequire(import.meta.url)("node-addon-api").include_dir;
    return [join(ROOT, "node_modules", "node-api-headers", "include"), addonApi];
  }
  const python = process.env.TRACEMILL_PYTHON || "python3";
  return CORE.includes(folder) ? script(python, "-I", "scripts/pyconf.py", "include-dirs") : [];
}

/** Each source with the flags that it is compiled with; its headers are read with it. */
function sourcesOf(folder) {
  const ours = script(process.execPath, "scripts/include-tree.mjs", folder);
  const system = systemFolders(folder).flatMap((path) => ["-isystem", path]);
  const defines = folder === "binding" ? ["-DNODE_ADDON_API_CPP_EXCEPTIONS", "-DNAPI_VERSION=8"] : [];
  const flags = ["-I", ...ours, ...system, ...defines];
  return readdirSync(join(NATIVE, folder))
    .filter((name) => /\.cc?$/.test(name))
    .map((name) => [join("native", folder, name), [name.endsWith(".c") ? "-std=c11" : "-std=c++20", ...flags]]);
}

/** What clang-tidy says of a source, line by line. */
const complaints = (source, flags) =>
  new Promise((resolve) => {
    const args = ["--quiet", `--config-file=${join(NATIVE, ".clang-tidy")}`, source, "--", ...flags];
    execFile(clangTidy, args, { cwd: ROOT, maxBuffer: 1 << 26 }, (error, stdout) => {
      const lines = stdout.split("\n").filter((line) => line.includes(" error: "));
      // Ended otherwise than with complaints: it does not run.
      if (error && lines.length === 0) lines.push(`${source}: ${error.message}`);
      resolve(lines);
    });
  });

const folders = readdirSync(NATIVE, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "test")
  .map(({ name }) => name);
const sources = (chosen.length > 0 ? chosen : folders).flatMap(sourcesOf);
const found = new Set();
const pending = [...sources];
async function lane() {
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    // A header is found through the folders of everybody who includes it.
    for (const line of await complaints(...next)) found.add(line.replace(/^.*\/include\/\w+\//, "native/"));
  }
}
await Promise.all(Array.from({ length: availableParallelism() }, lane));
for (const line of [...found].sort()) console.error(line);
console.log(`names: ${sources.length} sources, ${found.size} names are written otherwise`);
process.exitCode = found.size === 0 ? 0 : 1;
