// A run that faults are done to: what goes in, and what an undisturbed run makes of it.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll } from "vitest";
import type { JobResult } from "../../src/jobs/job.ts";
import { runTrace, type TraceRequest } from "../../src/jobs/trace.ts";
import { type CliResult, type CliRun, cli, startCli } from "../cli/run-cli.ts";
import type { Below } from "./seed.ts";

const FORMAT = "statelens";
const WORKERS = 2;

/** Some milliseconds each, nearly all of them in C; programs that fail and rows that are none are among them. */
export function rows(below: Below, count: number): string {
  const row = (i: number): string => {
    const kind = below(20);
    if (kind === 0) return "{nope";
    const id = `p${i}`;
    if (kind === 1) return JSON.stringify({ id, code: "def f(:", entry: "f()" });
    if (kind === 2) return JSON.stringify({ id, code: "import os\nos._exit(3)", entry: "f()" });
    if (kind === 3) return JSON.stringify({ id, code: "def f(x):\n    return 1 // x", entry: "f(0)" });
    const code = `def f(n):\n    big = sum(range(n))\n    word = "${"ab".repeat(1 + below(20))}"\n    return big, word`;
    return JSON.stringify({ id, code, entry: `f(${100_000 + below(100_000)})` });
  };
  return Array.from({ length: count }, (_, i) => `${row(i)}\n`).join("");
}

/** What a run came to: the rows, and the rejected rows. */
export interface Outcome {
  rows: string;
  rejected: string;
}

/** A folder with an input, and runs of it. */
export class Workload {
  readonly folder: string;
  readonly #python: string;
  readonly #limits: readonly string[];

  constructor(input: string, python: string, limits: readonly string[] = []) {
    this.folder = mkdtempSync(join(tmpdir(), "tracemill-"));
    this.#python = python;
    this.#limits = limits;
    writeFileSync(this.path("in.jsonl"), input);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  args(output: string, ...more: string[]): string[] {
    const { path } = this;
    const fixed = ["trace", path.call(this, "in.jsonl"), "--as", FORMAT, "--workers", String(WORKERS)];
    return [...fixed, "-o", output, ...this.#limits, ...more];
  }

  start(output: string, ...more: string[]): CliRun {
    return startCli(this.args(output, ...more), { cwd: this.folder, python: this.#python });
  }

  cli(output: string, ...more: string[]): Promise<CliResult> {
    return cli(this.args(output, ...more), { cwd: this.folder, python: this.#python });
  }

  /** In this process. */
  run(output: string, more: Partial<TraceRequest> = {}): Promise<JobResult> {
    const tracer = { workers: WORKERS, python: this.#python };
    return runTrace({ inputs: [this.path("in.jsonl")], output: this.path(output), format: FORMAT, tracer, ...more });
  }

  outcome(output: string): Outcome {
    const rows = readFileSync(this.path(output), "utf8");
    return { rows, rejected: readFileSync(this.path(`${output}.rejected.jsonl`), "utf8") };
  }

  /** Waits until programs of a run are written; false when it ended before. */
  async underWay({ child }: CliRun, output: string): Promise<boolean> {
    const journal = this.path(`${output}.journal.jsonl`);
    while (child.exitCode === null && child.signalCode === null) {
      if (existsSync(journal) && /"programs":[1-9]/.test(readFileSync(journal, "utf8"))) return true;
      await sleep(5);
    }
    return false;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** The first line that differs, in a few words; null where none does. A whole run is too long to be shown. */
export function difference(got: Outcome, whole: Outcome): string | null {
  for (const what of ["rows", "rejected"] as const) {
    const [ours, theirs] = [got[what].split("\n"), whole[what].split("\n")];
    const line = theirs.findIndex((text, i) => text !== ours[i]);
    if (line >= 0)
      return `line ${line + 1} of ${what} is ${ours[line]?.slice(0, 200)}, not ${theirs[line]?.slice(0, 200)}`;
    if (ours.length > theirs.length) return `${ours.length - theirs.length} more ${what}`;
  }
  return null;
}

/** One for all tests of a file, with what an undisturbed run makes of it. */
export function sharedWorkload(input: () => string, python: string | undefined): { it: Workload; whole: Outcome } {
  const shared = {} as { it: Workload; whole: Outcome };
  beforeAll(async () => {
    if (python === undefined) return;
    shared.it = new Workload(input(), python);
    await shared.it.run("whole.jsonl");
    shared.whole = shared.it.outcome("whole.jsonl");
  }, 60_000);
  afterAll(() => shared.it?.remove());
  return shared;
}
