import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { packagePath } from "../../src/base/package-root.ts";

/** What was asked for; empty: none, so that the tests are skipped. */
const NAMED = process.env["TRACEMILL_CONSUMERS"];

/** Where scripts/consumers-venv.sh puts it. */
const FOLDER = NAMED ?? join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "tracemill", "consumers");

/** The environment's Python; null when there is none of these requirements. */
export const consumersPython: string | null = isComplete() ? join(FOLDER, "bin", "python") : null;
if (consumersPython === null && NAMED) throw new Error(`TRACEMILL_CONSUMERS is ${NAMED}, which is not complete`);

function isComplete(): boolean {
  const marker = join(FOLDER, "requirements.txt");
  const wanted = packagePath("test", "consumers", "requirements.txt");
  return existsSync(marker) && readFileSync(marker, "utf8") === readFileSync(wanted, "utf8");
}

/** Why tests that need it are skipped. */
export const NO_CONSUMERS: string = `no environment of the data sets' readers in ${FOLDER || '""'}: scripts/consumers-venv.sh makes it (2.5 GB are downloaded); test/consumers is skipped`;
