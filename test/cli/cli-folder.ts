import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { type CliResult, type CliRun, cli, startCli } from "./run-cli.ts";

/** An empty folder for every test of a file, with the command line run in it. */
export class CliFolder {
  #path = "";
  readonly #python: string;

  /** `python`: whose executable programs are traced with. */
  constructor(python: string | undefined) {
    this.#python = python ?? "";
    beforeEach(() => {
      this.#path = mkdtempSync(join(tmpdir(), "tracemill-"));
    });
    afterEach(() => rmSync(this.#path, { recursive: true }));
  }

  get path(): string {
    return this.#path;
  }

  start(...args: string[]): CliRun {
    return startCli(args, { cwd: this.#path, python: this.#python });
  }

  run(...args: string[]): Promise<CliResult> {
    return cli(args, { cwd: this.#path, python: this.#python });
  }

  text(name: string): string {
    return readFileSync(join(this.#path, name), "utf8");
  }

  /** Into in.jsonl. */
  writeRows(rows: readonly unknown[]): void {
    writeFileSync(join(this.#path, "in.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  }
}
