// Which Pythons to build a core for, for the build scripts. What a Python is like, only itself knows: pyconf.py is asked.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PYCONF = join(dirname(fileURLToPath(import.meta.url)), "pyconf.py");

/**
 * What pyconf.py says about an executable (a path, or a name on PATH).
 * @returns {{executable: string, version: string, minor: number, buildObstacle: string | null}}
 */
export function ask(executable) {
  const { error, status, stdout, stderr } = spawnSync(executable, ["-I", PYCONF], { encoding: "utf8" });
  if (error?.code === "ENOENT") {
    throw new Error(`${executable}: no such Python. Fix: apt install python3-dev, or name another with --python PATH`);
  }
  if (error || status !== 0) {
    throw new Error(`${executable} does not run as a Python: ${error?.message ?? stderr.trim()}`);
  }
  return JSON.parse(stdout);
}

/** Every Python 3 on PATH and under pyenv's folder, one per minor version; those that cannot be used are reported. */
export function everyPython(report) {
  const candidates = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => namedPython(folder));
  const pyenv = join(process.env.PYENV_ROOT ?? join(homedir(), ".pyenv"), "versions");
  if (existsSync(pyenv)) {
    const installed = readdirSync(pyenv).sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    candidates.push(...installed.map((version) => join(pyenv, version, "bin", "python3")).filter(existsSync));
  }
  const found = new Map();
  for (const candidate of candidates) {
    const answer = tryAsk(candidate);
    if (answer === undefined || answer.minor < 11 || found.has(answer.minor)) continue;
    if (answer.buildObstacle === null) found.set(answer.minor, answer);
    else report(`left out: ${answer.buildObstacle}`);
  }
  return [...found.values()];
}

function namedPython(folder) {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => /^python3(\.\d+)?$/.test(name));
  return names.sort().map((name) => join(folder, name));
}

// A pyenv shim of a version that is not selected does not run; it is reached through pyenv's folder anyway.
function tryAsk(executable) {
  try {
    return ask(executable);
  } catch {
    return undefined;
  }
}
