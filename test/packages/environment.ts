import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { packagePath } from "../../src/base/package-root.ts";

/** What was asked for; empty: none, so that the tests are skipped. */
const NAMED = process.env["TRACEMILL_PACKAGES"];

/** Where scripts/packages-venv.sh puts it. */
const FOLDER = NAMED ?? join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "tracemill", "packages");

/** The environment's Python for a minor version ("3.13"); null when there is none of these requirements. */
export function packagesPython(version: string): string | null {
  const marker = join(FOLDER, version, "requirements.txt");
  const wanted = packagePath("test", "packages", "requirements.txt");
  const complete = existsSync(marker) && readFileSync(marker, "utf8") === readFileSync(wanted, "utf8");
  return complete ? join(FOLDER, version, "bin", "python") : null;
}

/** Why tests that need it are skipped. */
export const NO_PACKAGES: string = `no environment of third-party packages in ${FOLDER || '""'}: scripts/packages-venv.sh makes it; its tests are skipped`;
