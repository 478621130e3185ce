// Builds build/Release: tracemill.node, tracemill-host and a core for every chosen Python (see --help).
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ask, everyPython } from "./pythons.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const BUILD = join(ROOT, "build");

const HELP = `npm run build:native -- [--python PATH]... [--all-pythons] [--sanitize LIST] [--verify] [--jobs N] [--clean]

  --python PATH    build a core for this Python too (repeatable); without it: TRACEMILL_PYTHON, else python3
  --all-pythons    for every Python from 3.11 on that PATH or pyenv has
  --sanitize LIST  such as address,undefined
  --verify         for checking: the tracer renders every value at every event and ends where its record is wrong
  --clean          forget earlier builds, and the Pythons they were for

TRACEMILL_PYTHONS, a list separated by commas or colons, adds to --python. Cores built earlier are kept up to date.`;

class BuildError extends Error {}

function main() {
  const { values } = parseArgs({
    options: {
      python: { type: "string", multiple: true, default: [] },
      "all-pythons": { type: "boolean", default: false },
      verify: { type: "boolean", default: false },
      sanitize: { type: "string", default: "" },
      jobs: { type: "string", default: String(availableParallelism()) },
      clean: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  checkTools();
  if (values.clean) rmSync(BUILD, { recursive: true, force: true });
  const pythons = choosePythons(values.python, values["all-pythons"]);
  for (const { version, executable } of pythons) console.log(`core for Python ${version}: ${executable}`);
  const list = pythons.map(({ executable }) => executable).join(";");
  const verify = `--CDTRACEMILL_VERIFY=${values.verify ? "ON" : "OFF"}`;
  cmakeJs("configure", `--CDTRACEMILL_PYTHONS=${list}`, `--CDTRACEMILL_SANITIZE=${values.sanitize}`, verify);
  // Not `compile`: after a compiler error that starts again from nothing.
  cmakeJs("build", "--parallel", values.jobs);
}

function choosePythons(named, all) {
  const wanted = [...named, ...(process.env.TRACEMILL_PYTHONS ?? "").split(/[,:]/).filter(Boolean)];
  if (wanted.length === 0) wanted.push(process.env.TRACEMILL_PYTHON || "python3");
  const chosen = new Map();
  for (const executable of wanted) {
    const answer = ask(executable);
    if (answer.buildObstacle !== null) throw new BuildError(answer.buildObstacle);
    if (!chosen.has(answer.minor)) chosen.set(answer.minor, answer);
  }
  const others = [...(all ? everyPython((message) => console.log(message)) : []), ...earlierPythons()];
  for (const answer of others) {
    if (!chosen.has(answer.minor)) chosen.set(answer.minor, answer);
  }
  return [...chosen.values()].sort((a, b) => a.minor - b.minor);
}

function earlierPythons() {
  const cache = join(BUILD, "CMakeCache.txt");
  if (!existsSync(cache)) return [];
  const list = /^TRACEMILL_PYTHONS:[A-Z]+=(.*)$/m.exec(readFileSync(cache, "utf8"))?.[1] ?? "";
  const stillThere = list.split(";").filter((executable) => executable !== "" && existsSync(executable));
  return stillThere.map(ask).filter(({ buildObstacle }) => buildObstacle === null);
}

function checkTools() {
  const compiler = process.env.CXX || "g++";
  if (spawnSync("cmake", ["--version"]).status !== 0) throw new BuildError("cmake is missing. Fix: apt install cmake");
  if (spawnSync("make", ["--version"]).status !== 0 && spawnSync("ninja", ["--version"]).status !== 0) {
    throw new BuildError("make is missing. Fix: apt install make");
  }
  if (spawnSync(compiler, ["--version"]).status !== 0) {
    throw new BuildError(`the C++ compiler (${compiler}) is missing. Fix: apt install g++`);
  }
  if (spawnSync(compiler, ["-E", "-x", "c++", "-"], { input: "#include <zstd.h>\n" }).status !== 0) {
    throw new BuildError("zstd.h is missing. Fix: apt install libzstd-dev");
  }
}

function cmakeJs(...command) {
  const require = createRequire(import.meta.url);
  const program = join(dirname(require.resolve("cmake-js/package.json")), "bin", "cmake-js");
  const where = ["--directory", join(ROOT, "native"), "--out", BUILD, "--log-level", "warn"];
  const { status } = spawnSync(process.execPath, [program, ...command, ...where], { stdio: "inherit", cwd: ROOT });
  if (status !== 0) throw new BuildError(`cmake-js ${command[0]} failed; the reason is above`);
}

try {
  main();
} catch (error) {
  console.error(`build:native: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
