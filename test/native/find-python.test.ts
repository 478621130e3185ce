import { chmod, realpath } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { PythonError } from "../../src/base/errors.ts";
import { findPython } from "../../src/engine/python/find-python.ts";
import { run } from "../helpers/run.ts";
import { TestFolder } from "../helpers/test-folder.ts";

const folder = new TestFolder("file");
afterEach(() => vi.unstubAllEnvs());

/** An executable that answers like a Python with these lines of shell. */
async function pretender(name: string, shell: string): Promise<string> {
  const path = folder.write(name, `#!/bin/sh\n${shell}\n`);
  await chmod(path, 0o755);
  return path;
}

function answering(name: string, fields: object): Promise<string> {
  const answer = {
    executable: folder.at(name),
    version: "3.12.1",
    minor: 12,
    site: true,
    prefixes: ["/usr"],
    path: [],
    obstacle: null,
    ...fields,
  };
  return pretender(name, `echo '${JSON.stringify(answer)}'`);
}

async function failure(choice: string): Promise<PythonError> {
  const error = await findPython(choice).then(
    () => new Error(`${choice} was accepted`),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PythonError);
  return error as PythonError;
}

describe("findPython", () => {
  test("describes the interpreter it was given, as that interpreter sees itself", async () => {
    const python = await findPython("python3");
    const program = "import sys; print(sys.executable); print(sys.version.split()[0]); print(sys.version_info.minor)";
    const { stdout } = await run(python.executable, ["-I", "-c", program]);
    expect(stdout.trim().split("\n")).toEqual([python.executable, python.version, String(python.minor)]);
    expect(python.libpython.startsWith("/")).toBe(true);
    expect(basename(await realpath(python.libpython))).toMatch(new RegExp(`^libpython3\\.${python.minor}\\.so`));
  });

  test("keeps a venv's executable and finds the library of the Python under it", async () => {
    const base = await findPython("python3");
    const venv = folder.at("venv");
    const made = await run(base.executable, ["-m", "venv", "--without-pip", venv]);
    expect(made.status, made.stderr).toBe(0);
    const python = await findPython(join(venv, "bin", "python"));
    const { readable } = python;
    expect(python).toEqual({ ...base, executable: join(venv, "bin", "python"), site: true, readable });
    expect(readable).toEqual(expect.arrayContaining([venv]));
  });

  test("prefers the choice to TRACEMILL_PYTHON, and that to python3", async () => {
    const fromEnvironment = await answering("from-environment", { libpython: "/lib/one.so" });
    const chosen = await answering("chosen", { libpython: "/lib/two.so" });
    vi.stubEnv("TRACEMILL_PYTHON", fromEnvironment);
    expect((await findPython()).libpython).toBe("/lib/one.so");
    expect((await findPython(chosen)).libpython).toBe("/lib/two.so");
    vi.stubEnv("TRACEMILL_PYTHON", "");
    expect((await findPython()).executable).toBe((await findPython("python3")).executable);
  });

  test("passes on why a Python cannot be embedded", async () => {
    const obstacle = "Python 3.9.2 (/x) is too old: tracemill needs 3.11 or newer. Fix: name another with --python";
    const error = await failure(await answering("old", { obstacle, libpython: "/lib/x.so" }));
    expect(error.code).toBe("python-unusable");
    expect(error.message).toBe(obstacle);
  });

  test("refuses a Python without a shared library even if it names no obstacle", async () => {
    expect((await failure(await answering("static", { libpython: null }))).code).toBe("python-unusable");
  });

  test("says that a path leads nowhere, and how to get a Python", async () => {
    const error = await failure(folder.at("nothing"));
    expect(error.code).toBe("python-not-found");
    expect(error.message).toContain("apt install python3-dev");
  });

  test("refuses what runs but is no Python", async () => {
    expect((await failure(await pretender("chatty", "echo hello"))).message).toContain('it printed "hello\\n"');
    expect((await failure(await pretender("silent", "true"))).code).toBe("python-broken");
    expect((await failure(await answering("half", { minor: "twelve", libpython: "/l.so" }))).code).toBe(
      "python-broken",
    );
  });

  test("quotes what matters of a broken Python's last words", async () => {
    const shim = await pretender("shim", "echo 'pyenv: python3.14: command not found' >&2; echo advice >&2; exit 127");
    expect((await failure(shim)).message).toContain("pyenv: python3.14: command not found");
    const traceback = await pretender(
      "traceback",
      "printf 'Traceback (most recent):\\n at x\\nImportError: os\\n' >&2; exit 1",
    );
    expect((await failure(traceback)).message).toContain("ImportError: os");
  });

  test("is not misled by Python's own variables", async () => {
    folder.write("sysconfig.py", "raise SystemExit('hijacked')\n");
    vi.stubEnv("PYTHONPATH", folder.path);
    await expect(findPython("python3")).resolves.toMatchObject({ minor: expect.any(Number) });
  });
});
