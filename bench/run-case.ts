// Runs one case in this process and prints its measurements as JSON; started by run.ts.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CASES } from "./cases/list.ts";

const [name = "", length = "", executable = "", python] = process.argv.slice(2);
const found = CASES.find((candidate) => candidate.name === name);
if (!found) throw new Error(`there is no case ${name}`);
const folder = await mkdtemp(join(tmpdir(), "tracemill-bench-"));
try {
  const measurements = await found.run({ python, executable, short: length === "short", folder });
  console.log(JSON.stringify({ name, title: found.title, measurements }));
} finally {
  await rm(folder, { recursive: true, force: true });
}
