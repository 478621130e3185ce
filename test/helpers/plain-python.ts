// What a program does in CPython itself: a fresh process, the standard streams regular files.
import { spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface PlainRun {
  /** null: a signal ended it. */
  exitStatus: number | null;
  stdout: Buffer;
  stderr: Buffer;
}

// As programs are run: nothing of this process's environment, and the encodings of a UTF-8 locale.
const ENVIRONMENT = { LC_ALL: "C.UTF-8", PYTHONIOENCODING: "utf-8:strict", PYTHONHASHSEED: "0", TZ: "UTC" };

export function runPlain(python: string, code: string, stdin: string, folder: string): PlainRun {
  const file = (name: string): string => join(folder, name);
  writeFileSync(file("program.py"), code);
  writeFileSync(file("stdin"), stdin);
  const streams = [openSync(file("stdin"), "r"), openSync(file("stdout"), "w"), openSync(file("stderr"), "w")];
  try {
    const { status } = spawnSync(python, ["program.py"], { cwd: folder, stdio: streams, env: ENVIRONMENT });
    return { exitStatus: status, stdout: readFileSync(file("stdout")), stderr: readFileSync(file("stderr")) };
  } finally {
    for (const stream of streams) closeSync(stream);
  }
}
