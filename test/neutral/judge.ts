// The judge of neutrality: plain CPython in a fresh process for every program (test/reference/plain.c).
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { packagePath } from "../../src/base/package-root.ts";
import type { Program } from "../../src/base/schema/program.ts";
import type { PythonInstallation } from "../../src/engine/python/find-python.ts";
import type { Ending, Raised, Shown } from "./ending.ts";

const REFERENCE = fileURLToPath(new URL("../reference", import.meta.url));
const RUNNER = join(REFERENCE, "plain.c");
/** A recorded program gets a quarter of it. */
const TIMEOUT_MS = 20_000;
const MOST_OUTPUT_BYTES = 8 << 20;
/** Where recorded programs find their own file. */
export const PROGRAM_FOLDER = "/program";
/** Of a Python whose output could not be written at the end: which exception said so, no report tells. */
export const UNFLUSHED_EXIT_CODE = 120;
/** As tracer processes have it. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  LC_ALL: "C.UTF-8",
  PYTHONHASHSEED: "0",
  TZ: "UTC",
  HOME: "/nonexistent",
  USER: "user",
};

/** How a program ended in plain CPython. */
export interface PlainEnding extends Ending {
  /** Null when a signal or the time limit ended it. */
  readonly exitCode: number | null;
  /** Above what the interpreter has without the program. */
  readonly peakKib: number | null;
  readonly cpuMs: number | null;
}

interface Report {
  status: "ok" | "exception" | "syntax-error";
  result: Shown | null;
  exception: (Raised & { asksToExit: boolean }) | null;
}

/** Runs programs in plain CPython; what it knows already comes from a folder that outlives the process. */
export class Judge {
  readonly #python: PythonInstallation;
  readonly #runner: string;
  readonly #cache: string;
  /** Of everything that decides how a program ends. */
  readonly #version: string;

  private constructor(python: PythonInstallation, runner: string, cache: string, version: string) {
    this.#python = python;
    this.#runner = runner;
    this.#cache = cache;
    this.#version = version;
  }

  /** Builds the runner for this Python where it is not built yet. */
  static async open(python: PythonInstallation): Promise<Judge> {
    const cache = join(tmpdir(), `tracemill-plain-${userInfo().uid}`);
    await mkdir(cache, { recursive: true, mode: 0o700 });
    const sources = [RUNNER, ...["structure.py", "describe.py"].map((name) => join(REFERENCE, name))];
    const texts = await Promise.all(sources.map((path) => readFile(path, "utf8")));
    const parts = [python.version, python.executable, ...texts];
    const version = digest(parts);
    const runner = join(cache, `runner-${version}`);
    if (!existsSync(runner)) await build(python, runner);
    return new Judge(python, runner, cache, version);
  }

  async run(program: Program): Promise<PlainEnding> {
    const { code, entry, stdin, argv } = program;
    const known = join(this.#cache, `${digest([this.#version, JSON.stringify([code, entry, stdin, argv])])}.json`);
    try {
      return JSON.parse(await readFile(known, "utf8")) as PlainEnding;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT" && !(error instanceof SyntaxError)) throw error;
    }
    const ending = await this.runAgain(program);
    // On a machine with less to do it may come to its end.
    if (ending.status === "timeout") return ending;
    await writeFile(`${known}.${process.pid}`, JSON.stringify(ending));
    await rename(`${known}.${process.pid}`, known);
    return ending;
  }

  /** Whatever is known. */
  async runAgain(program: Program): Promise<PlainEnding> {
    const folder = await mkdtemp(join(tmpdir(), "tracemill-plain-"));
    try {
      return await this.#runIn(folder, program);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** What is not the program's lies beside its folder. */
  async #runIn(folder: string, { code, entry, stdin, argv }: Program): Promise<PlainEnding> {
    const at = (name: string): string => join(folder, name);
    await mkdir(at("work"));
    await writeFile(at("work/program.py"), sourceBytes(code));
    await writeFile(at("stdin"), stdin ?? "");
    if (entry !== null) await writeFile(at("entry"), entry);
    const entryFile = entry === null ? "-" : at("entry");
    const command = [this.#python.executable, REFERENCE, at("report"), at("usage"), entryFile, ...(argv ?? [])];
    const input = await open(at("stdin"));
    const [output, errors] = [await open(at("stdout"), "w"), await open(at("stderr"), "w")];
    const child = spawn(this.#runner, command, {
      cwd: at("work"),
      env: ENVIRONMENT,
      stdio: [input.fd, output.fd, errors.fd],
    });
    const { exitCode, timedOut } = await ended(child);
    for (const file of [input, output, errors]) await file.close();
    const texts = await Promise.all(["report", "usage", "stdout", "stderr"].map((name) => textOf(at(name))));
    const [report, usage, stdout, stderr] = texts.map((text) => text.replaceAll(at("work"), PROGRAM_FOLDER)) as Texts;
    const [peakKib = null, cpuMs = null] = usage === "" ? [] : usage.split(" ").map(Number);
    return { ...describe(report, exitCode, timedOut), exitCode, stdout, stderr, peakKib, cpuMs };
  }
}

type Texts = [report: string, usage: string, stdout: string, stderr: string];

function describe(report: string, exitCode: number | null, timedOut: boolean): Omit<Ending, "stdout" | "stderr"> {
  const nothing = { ownReprs: false, result: null, resultCut: false, exception: null };
  if (timedOut) return { status: "timeout", ...nothing };
  // Killed, or ended by os._exit; so is what does that in the end.
  if (report === "") return { status: "crash", ...nothing };
  const { status, result, exception } = JSON.parse(report) as Report;
  if (exception !== null && !exception.asksToExit) return { status, ...nothing, exception: raisedBy(exception) };
  // What was asked for at the end is known by the process alone.
  if (exitCode === UNFLUSHED_EXIT_CODE) return { status: "exception", ...nothing };
  if (exitCode === 0) return { status: "ok", ...nothing, result };
  if (exception === null) return { status: "crash", ...nothing };
  return { status, ...nothing, exception: raisedBy(exception) };
}

function raisedBy({ type, message, value, line }: Raised): Raised {
  return { type, message, value, line };
}

async function build(python: PythonInstallation, runner: string): Promise<void> {
  const asked = await promisify(execFile)(python.executable, [
    "-I",
    packagePath("scripts", "pyconf.py"),
    "include-dirs",
  ]);
  const includes = asked.stdout
    .trim()
    .split("\n")
    .map((folder) => `-I${folder}`);
  const made = `${runner}.${process.pid}`;
  const link = [python.libpython, `-Wl,-rpath,${dirname(python.libpython)}`];
  await promisify(execFile)(process.env["CC"] ?? "cc", ["-O1", "-Wall", "-o", made, RUNNER, ...includes, ...link]);
  await rename(made, runner);
}

async function ended(child: ChildProcess): Promise<{ exitCode: number | null; timedOut: boolean }> {
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill("SIGKILL");
  }, TIMEOUT_MS);
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", resolve);
    });
    return { exitCode, timedOut };
  } finally {
    clearTimeout(timer);
  }
}

/** A file is in the encoding that it declares. */
function sourceBytes(code: string): Buffer {
  const declared = /^(?:[^\n]*\n)?[ \t\f]*#.*?coding[:=][ \t]*(?:latin-1|iso-8859-1)\b/.test(code);
  return Buffer.from(code, declared ? "latin1" : "utf8");
}

async function textOf(path: string): Promise<string> {
  if (!existsSync(path)) return "";
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(Math.min((await file.stat()).size, MOST_OUTPUT_BYTES));
    await file.read(buffer, 0, buffer.length, 0);
    return escapedWhereNoText(buffer);
  } finally {
    await file.close();
  }
}

/** UTF-8; a byte that is none becomes `\xNN`. */
function escapedWhereNoText(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  if (!text.includes("\ufffd") || Buffer.from(text, "utf8").equals(bytes)) return text;
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = [1, 2, 3, 4].find((size) => isCharacter(bytes.subarray(at, at + size)));
    parts.push(length === undefined ? `\\x${hex(bytes[at] as number)}` : bytes.toString("utf8", at, at + length));
    at += length ?? 1;
  }
  return parts.join("");
}

function isCharacter(bytes: Buffer): boolean {
  const text = bytes.toString("utf8");
  return Array.from(text).length === 1 && Buffer.from(text, "utf8").equals(bytes);
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

function digest(parts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${part.length}:${part}`);
  return hash.digest("hex").slice(0, 32);
}
