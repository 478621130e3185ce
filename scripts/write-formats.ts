// npx tsx scripts/write-formats.ts: writes docs/formats.md.
import { mkdirSync, writeFileSync } from "node:fs";
import { packagePath } from "../src/base/package-root.ts";
import { formatsDoc } from "./formats-doc.ts";

mkdirSync(packagePath("docs"), { recursive: true });
writeFileSync(packagePath("docs", "formats.md"), await formatsDoc());
