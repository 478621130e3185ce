import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";

/** What a traced program needs to read for its imports. */
export interface PythonPaths {
  readonly libpython: string;
  /** Its own and that of the installation a venv is made from; also where it was built for another machine part. */
  readonly prefixes: readonly string[];
  /** `sys.path` */
  readonly path: readonly string[];
}

const LIBRARIES = ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/nix/store", "/etc/ld.so.cache"];
// Time zones, types of files by name, randomness, and how many processors there are.
const SYSTEM = [
  "/usr/share/zoneinfo",
  "/etc/localtime",
  "/etc/mime.types",
  "/dev/null",
  "/dev/zero",
  "/dev/random",
  "/dev/urandom",
  "/sys/devices/system/cpu",
  "/sys/fs/cgroup/cpu.max",
  "/sys/fs/cgroup/cpu/cpu.cfs_quota_us",
  "/sys/fs/cgroup/cpu/cpu.cfs_period_us",
];
// Of a prefix that holds more than an installation.
const PARTS = ["bin", "include", "lib", "lib64", "share"];

/** Absolute paths; a folder stands for all below it. Some may not exist. */
export function readablePaths({ libpython, prefixes, path }: PythonPaths): string[] {
  const loader = (process.env["LD_LIBRARY_PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const all = [...prefixes.flatMap(installation), ...path, dirname(libpython), ...loader, ...LIBRARIES, ...SYSTEM];
  return [...new Set(all.map((place) => resolve(place)))].filter((place) => place !== "/");
}

/** Python can be installed right into somebody's home, whose other files are no program's business. */
function installation(prefix: string): string[] {
  const shared = resolve(prefix) === "/" || resolve(prefix) === resolve(homedir());
  return shared ? PARTS.map((part) => join(prefix, part)) : [prefix];
}
