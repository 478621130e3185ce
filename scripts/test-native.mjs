// Builds the C++ tests with address and undefined-behaviour sanitizers in build/native-test and runs them.
// Further arguments go to ctest, such as -R varint.
import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const BUILD = join(ROOT, "build", "native-test");
const JOBS = String(availableParallelism());

function run(...command) {
  const { status, error } = spawnSync(command[0], command.slice(1), { stdio: "inherit", cwd: ROOT });
  if (error?.code === "ENOENT") console.error(`${command[0]} is missing. Fix: apt install cmake g++ make`);
  if (status !== 0) process.exit(status ?? 1);
}

run("cmake", "-S", join(ROOT, "native", "test"), "-B", BUILD, "-DTRACEMILL_SANITIZE=ON");
run("cmake", "--build", BUILD, "--parallel", JOBS);
run("ctest", "--test-dir", BUILD, "--parallel", JOBS, "--output-on-failure", "--no-tests=error", ...process.argv.slice(2));
