// npx tsx scripts/write-examples.ts: writes into the pages of docs/ what their commands print.
import { readFileSync, writeFileSync } from "node:fs";
import { packagePath } from "../src/base/package-root.ts";
import { PAGES, withOutputs } from "./worked-examples.ts";

for (const name of PAGES) {
  const path = packagePath("docs", name);
  writeFileSync(path, withOutputs(readFileSync(path, "utf8"), process.env["TRACEMILL_PYTHON"] ?? "python3"));
}
