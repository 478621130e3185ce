import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { packagePath } from "../../src/native/package-root.ts";

/** Where scripts/consumers-venv.sh puts it. */
const FOLDER =
  process.env["TRACEMILL_CONSUMERS"] ??
  join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "tracemill", "consumers");

/** The environment's Python; null when there is none of these requirements. */
export const consumersPython: string | null = isComplete() ? join(FOLDER, "bin", "python") : null;

function isComplete(): boolean {
  const marker = join(FOLDER, "requirements.txt");
  const wanted = packagePath("test", "consumers", "requirements.txt");
  return existsSync(marker) && readFileSync(marker, "utf8") === readFileSync(wanted, "utf8");
}

/** Why tests that need it are skipped. */
export const NO_CONSUMERS: string = `no environment of the data sets' readers in ${FOLDER}: scripts/consumers-venv.sh makes it (2.5 GB are downloaded); the tests of test/consumers are skipped`;
