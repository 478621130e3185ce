// The worked examples of docs/: a fenced block whose first line names a file (```json rows.jsonl) is that file, and in a
// block of the language `console` each line that begins with "$ " is run by a shell in a folder with these files, and
// what follows is what it prints. `tracemill` is the one that was built.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packagePath } from "../src/base/package-root.ts";

/** The pages with examples that are run. */
export const PAGES = ["questions.md", "evaluate.md"] as const;

const BLOCK = /^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm;
/** Differs from run to run. */
const SECONDS = /, \d+(?:\.\d+)? s$/gm;

/** The page with what its commands print today, run with this Python. Throws Error for a command that fails. */
export function withOutputs(page: string, python: string): string {
  const folder = mkdtempSync(join(tmpdir(), "tracemill-docs-"));
  try {
    const bin = join(folder, ".bin");
    const place = join(folder, "work");
    mkdirSync(bin);
    mkdirSync(place);
    const main = packagePath("dist", "app", "cli", "main.js");
    writeFileSync(join(bin, "tracemill"), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`, { mode: 0o755 });
    const env = { ...process.env, PATH: `${bin}:${process.env["PATH"]}`, TRACEMILL_PYTHON: python };
    const run = (command: string): string => {
      const { status, stdout, stderr } = spawnSync("sh", ["-c", command], { cwd: place, env, encoding: "utf8" });
      if (status !== 0) throw new Error(`${command}: exit status ${status}\n${stderr}`);
      return (stdout + saidAtEnd(stderr)).replace(SECONDS, "");
    };
    return page.replace(BLOCK, (block, language: string, file: string | undefined, text: string) => {
      if (file !== undefined) writeFileSync(join(place, file), text);
      if (language !== "console") return block;
      const commands = text.split("\n").filter((line) => line.startsWith("$ "));
      return `\`\`\`console\n${commands.map((line) => `${line}\n${run(line.slice(2))}`).join("")}\`\`\``;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Without what tells how far a run has come. */
function saidAtEnd(stderr: string): string {
  const lines = stderr
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("{") && !line.startsWith("warning: "));
  return lines.map((line) => `${line}\n`).join("");
}
