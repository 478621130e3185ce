// Builds the C++ tests with address and undefined-behaviour sanitizers in build/native-test and runs them, those that
// need an interpreter in that of TRACEMILL_PYTHON, else python3. Further arguments go to ctest, such as -R varint.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ask } from "./pythons.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const BUILD = join(ROOT, "build", "native-test");
const RESULTS = join(BUILD, "results.xml");
const JOBS = String(availableParallelism());

function run(...command) {
  const { status, error } = spawnSync(command[0], command.slice(1), { stdio: "inherit", cwd: ROOT });
  if (error?.code === "ENOENT") console.error(`${command[0]} is missing. Fix: apt install cmake g++ make libgtest-dev`);
  return status ?? 1;
}

function must(...command) {
  const status = run(...command);
  if (status !== 0) process.exit(status);
}

/** One line that a program can read, from ctest's own report. */
function summary() {
  const suite = /<testsuite [^>]*>/.exec(readFileSync(RESULTS, "utf8"))?.[0] ?? "";
  const count = (what) => Number(new RegExp(`\\b${what}="(\\d+)"`).exec(suite)?.[1]);
  const skipped = count("skipped") + count("disabled");
  return `ctest: ${count("tests") - count("failures") - skipped} passed, ${count("failures")} failed, ${skipped} skipped`;
}

/** The executable itself: a shim on PATH may stand for another Python in another folder. */
function python() {
  try {
    const { executable, buildObstacle } = ask(process.env.TRACEMILL_PYTHON || "python3");
    if (buildObstacle === null) return executable;
    console.error(`test:native: ${buildObstacle}`);
  } catch (error) {
    console.error(`test:native: ${error.message}`);
  }
  return process.exit(1);
}

const options = ["-DTRACEMILL_SANITIZE=ON", `-DTRACEMILL_PYTHON=${python()}`];
must("cmake", "-S", join(ROOT, "native", "test"), "-B", BUILD, ...options);
must("cmake", "--build", BUILD, "--parallel", JOBS);
rmSync(RESULTS, { force: true });
const flags = ["--test-dir", BUILD, "--parallel", JOBS, "--output-on-failure", "--no-tests=error"];
const status = run("ctest", ...flags, "--output-junit", RESULTS, ...process.argv.slice(2));
console.log(summary());
process.exit(status);
