import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import { PythonError } from "../../base/errors.ts";
import { packagePath } from "../../base/package-root.ts";
import { readablePaths } from "./readable-paths.ts";

/** A Python that can be embedded: it is new enough and its shared library exists. */
export interface PythonInstallation {
  /** `sys.executable` as the interpreter itself says it: shims are resolved, a venv stays a venv. */
  readonly executable: string;
  /** "3.12.1" */
  readonly version: string;
  readonly minor: number;
  /** Absolute path of the shared library. */
  readonly libpython: string;
  /** Whether it has a folder for third-party modules. */
  readonly site: boolean;
  /** What programs may read: absolute paths, a folder with all below it. */
  readonly readable: readonly string[];
}

// What scripts/pyconf.py prints; more fields serve the builds.
const answerSchema = z.object({
  executable: z.string(),
  version: z.string(),
  minor: z.int(),
  libpython: z.string().nullable(),
  site: z.boolean(),
  prefixes: z.array(z.string()),
  path: z.array(z.string()),
  obstacle: z.string().nullable(),
});

// A shim may have to start several programs on a loaded machine.
const ANSWER_MS = 30_000;

/**
 * Asks the chosen Python about itself: `choice` (a path, or a name on PATH), else the environment's TRACEMILL_PYTHON,
 * else python3. Throws a {@link PythonError} that says how to get a usable one.
 */
export async function findPython(choice?: string): Promise<PythonInstallation> {
  const name = choice || process.env["TRACEMILL_PYTHON"] || "python3";
  const { obstacle, libpython, prefixes, path, ...rest } = await ask(name);
  if (obstacle !== null || libpython === null) {
    throw new PythonError("python-unusable", obstacle ?? `${rest.executable} has no shared library to embed`);
  }
  return { ...rest, libpython, readable: readablePaths({ libpython, prefixes, path }) };
}

async function ask(name: string): Promise<z.output<typeof answerSchema>> {
  let output: string;
  try {
    // -I: neither the current folder nor PYTHON* variables decide what is found.
    const { stdout } = await promisify(execFile)(name, ["-I", packagePath("scripts", "pyconf.py")], {
      timeout: ANSWER_MS,
      killSignal: "SIGKILL",
    });
    output = stdout;
  } catch (error) {
    throw askingFailed(name, error);
  }
  try {
    return answerSchema.parse(JSON.parse(output));
  } catch (cause) {
    const message = `${name} is no Python: asked about itself, it printed ${JSON.stringify(output.slice(0, 80))}`;
    throw new PythonError("python-broken", `${message}. Fix: name a Python with --python`, { cause });
  }
}

function askingFailed(name: string, cause: unknown): PythonError {
  const { code, killed, stderr } = cause as { code?: unknown; killed?: boolean; stderr?: string };
  if (code === "ENOENT") {
    const fix = "Fix: install Python 3.11 or newer (apt install python3-dev), or name one with --python";
    return new PythonError("python-not-found", `no Python at ${JSON.stringify(name)}. ${fix}`, { cause });
  }
  const said = (stderr ?? "").trim().split("\n");
  // A traceback ends with what went wrong; a shim begins with it.
  const reason = said[0]?.startsWith("Traceback") ? said.at(-1) : said[0];
  const why = killed ? `did not answer in ${ANSWER_MS / 1000} s` : reason || (cause as Error).message;
  return new PythonError("python-broken", `${name} does not run as a Python: ${why}. Fix: name another with --python`, {
    cause,
  });
}
