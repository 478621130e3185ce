// A text does not depend on when it was made: tracing with a format writes what rendering the stored records with it later
// does, in every format, and rejects the same rows for the same reasons.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packagePath } from "../../src/base/package-root.ts";
import type { Program } from "../../src/base/schema/program.ts";
import { openTracer, type Tracer } from "../../src/engine/tracer.ts";
import { runRender } from "../../src/jobs/render.ts";
import { readPrograms } from "../../src/programs/sources/read.ts";
import { listRenderers } from "../../src/views/formats/registry.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { rowsOf, writeRecordFile } from "../helpers/record-rows.ts";
import { TestFolder } from "../helpers/test-folder.ts";

const INPUTS = ["oracle", "values"].map((name) => packagePath("test", "programs", `${name}.jsonl`));
const FORMATS = listRenderers();

const [python] = await builtPythons();
const folder = new TestFolder("file");

test.skipIf(python !== undefined)("needs a build", (context) => context.skip(NOT_BUILT));

describe.skipIf(python === undefined).each(["all", "skip"] as const)(
  "the same text at once and later, --loops %s,",
  (loops) => {
    const options = { python: python?.executable ?? "", workers: 1, timeoutMs: 30_000, loops };
    const records = folder.at(`${loops}.tmr`);
    const programs: Program[] = [];
    let tracer: Tracer;
    afterAll(() => tracer?.[Symbol.asyncDispose]());
    beforeAll(async () => {
      for await (const row of readPrograms(INPUTS)) if ("program" in row) programs.push(row.program);
      tracer = await openTracer(options);
      await writeRecordFile(records, await rowsOf(tracer, programs));
    }, 120_000);

    test.each(FORMATS)("$name", { timeout: 120_000 }, async ({ name: format }) => {
      const chunks: Uint8Array[] = [];
      const rejected: unknown[] = [];
      for await (const batch of tracer.runRendered(programs, format)) {
        chunks.push(Uint8Array.from(batch.output));
        rejected.push(...batch.rejected.map(({ id, reason }) => [id, reason]));
        batch.release();
      }
      const output = `${loops}.${format}.jsonl`;
      const { counts } = await runRender({ records, output: folder.at(output), format });
      expect(counts.rendered).toBeGreaterThan(50);
      const lines = Buffer.concat(chunks).toString().split("\n");
      expect(lines).toEqual(folder.text(output).split("\n"));
      const later = folder.text(`${output}.rejected.jsonl`).split("\n").filter(Boolean);
      expect(rejected).toEqual(later.map((line) => JSON.parse(line)).map(({ id, reason }) => [id, reason]));
    });
  },
);
