// The driver: the core and CPython in one process of their own, without fork, sandbox and Node.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { artefacts } from "../../src/base/addon/artefacts.ts";
import { packagePath } from "../../src/base/package-root.ts";
import { type ProgramInput, programSchema } from "../../src/base/schema/program.ts";
import { encodeBatch } from "../../src/engine/host/host-messages.ts";
import { findPython } from "../../src/engine/python/find-python.ts";
import { run } from "../../test/helpers/run.ts";

const SANDBOX = ["", "_filter", "_landlock", "_limits", "_namespaces", "_privileges", "_syscalls"];
const HOST = ["core_library", "empty_folder", "file_tree", "mounts", ...SANDBOX.map((part) => `sandbox${part}`)];
const SOURCES = [
  "bench/profile/driver.cc",
  "bench/profile/sampler.cc",
  "native/wire/batch.cc",
  ...HOST.map((part) => `native/host/${part}.cc`),
];

/** As driver.cc has them. */
export type DriverMode = "open" | "tame" | "sandbox";

/** Commands that print the number of programs or processes, events, and seconds. */
export interface Driver {
  version: string;
  folder: string;
  /** Runs the programs so many times. */
  passes(count: number, mode: DriverMode): [file: string, ...args: string[]];
  /** Starts so many processes. */
  starts(count: number, mode: "bare" | "sandbox"): [file: string, ...args: string[]];
}

export async function buildDriver(executable: string | undefined, programs: readonly ProgramInput[]): Promise<Driver> {
  const folder = packagePath("build", "profile");
  await mkdir(folder, { recursive: true });
  const python = await findPython(executable);
  const { core } = artefacts(python.minor, python.executable);
  const batch = join(folder, "batch.bin");
  await writeFile(
    batch,
    encodeBatch(
      0,
      programs.map((program) => programSchema.parse(program)),
    ),
  );
  const driver = join(folder, "driver");
  const sources = SOURCES.map((path) => packagePath(path));
  await must("g++", ["-std=c++20", "-O2", "-g", `-I${packagePath("native")}`, ...sources, "-ldl", "-o", driver]);
  return {
    version: python.version,
    folder,
    passes: (count, mode) => [
      driver,
      python.libpython,
      core,
      python.executable,
      batch,
      String(count),
      mode,
      ...python.readable,
    ],
    starts: (count, mode) => [driver, "start", String(count), mode, ...python.readable],
  };
}

/** Its stdout; throws when it fails. */
export async function must(file: string, args: string[]): Promise<string> {
  const { status, stdout, stderr } = await run(file, args, 900_000);
  if (status !== 0)
    throw new Error(`${file} ended with status ${status}: ${stderr.trim().split("\n").slice(-5).join("\n")}`);
  return stdout;
}
