import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeEach } from "vitest";

/** A folder that tests write into, removed after them. */
export class TestFolder {
  #path = "";

  /** "test": an empty one for every test of a file; "file": one for all of them, there at once. */
  constructor(lasts: "test" | "file" = "test") {
    const make = (): void => {
      this.#path = mkdtempSync(join(tmpdir(), "tracemill-"));
    };
    const remove = (): void => rmSync(this.#path, { recursive: true });
    if (lasts === "file") {
      make();
      afterAll(remove);
    } else {
      beforeEach(make);
      afterEach(remove);
    }
  }

  get path(): string {
    return this.#path;
  }

  at(...names: string[]): string {
    return join(this.#path, ...names);
  }

  text(...names: string[]): string {
    return readFileSync(this.at(...names), "utf8");
  }

  /** The folders on its way are made; returns its path. */
  write(name: string, content: string | Uint8Array): string {
    const path = this.at(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  /** As JSON lines; a row that is text already stays as it is. */
  writeRows(rows: readonly unknown[], name = "in.jsonl"): string {
    return this.write(name, rows.map((row) => `${typeof row === "string" ? row : JSON.stringify(row)}\n`).join(""));
  }
}
