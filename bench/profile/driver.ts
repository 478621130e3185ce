// The driver: the core and CPython in one process of their own, without fork, sandbox and Node.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeBatch } from "../../src/engine/batch.ts";
import { artefacts } from "../../src/native/artefacts.ts";
import { findPython } from "../../src/native/find-python.ts";
import { packagePath } from "../../src/native/package-root.ts";
import { type ProgramInput, programSchema } from "../../src/schema/program.ts";
import { run } from "../../test/helpers/run.ts";

const SOURCES = ["bench/profile/driver.cc", "native/wire/batch.cc", "native/host/core_library.cc"];

/** What runs the programs `passes` times, with the state guard or without, and prints what the driver prints. */
export interface Driver {
  version: string;
  folder: string;
  command(passes: number, guard: boolean): [file: string, ...args: string[]];
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
    command: (passes, guard) => [
      driver,
      python.libpython,
      core,
      python.executable,
      batch,
      String(passes),
      guard ? "guard" : "open",
    ],
  };
}

/** Its stdout; throws when it fails. */
export async function must(file: string, args: string[]): Promise<string> {
  const { status, stdout, stderr } = await run(file, args, 900_000);
  if (status !== 0)
    throw new Error(`${file} ended with status ${status}: ${stderr.trim().split("\n").slice(-5).join("\n")}`);
  return stdout;
}
