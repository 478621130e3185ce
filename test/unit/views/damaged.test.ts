// Records are untrusted: whatever a format is given, it renders a row or throws RenderError or RecordError.
import { describe, expect, test } from "vitest";
import { RecordError, RenderError } from "../../../src/base/errors.ts";
import type { Program } from "../../../src/base/schema/program.ts";
import { Trace } from "../../../src/record/trace/trace.ts";
import { rowsWithin } from "../../../src/views/formats/budget.ts";
import { listRenderers } from "../../../src/views/formats/registry.ts";
import { estimateTokens } from "../../../src/views/text/tokens.ts";
import { mutant } from "../record/mutation.ts";
import { sampleRecord } from "../record/sample-record.ts";

const MUTANTS = 400;
const program: Program = {
  id: "damaged",
  code: "x = 1\n\ndef f(x, xs):\n    for i in x:\n        y = (\n 1)\n",
  entry: "f(1)",
};

describe.each(listRenderers())("$name", (renderer) => {
  test("renders damaged records or rejects them", () => {
    const { bytes } = sampleRecord();
    for (let number = 0; number < MUTANTS; number++) {
      const record = mutant(bytes, 7, number);
      const budget = number % 2 === 0 ? null : { maxTokens: 60, count: estimateTokens };
      try {
        rowsWithin(renderer, program, new Trace(record), renderer.corrects !== null && number % 3 === 0, budget);
      } catch (error) {
        if (!(error instanceof RenderError || error instanceof RecordError)) throw error;
        expect(error.code).not.toBe("");
      }
    }
  });
});
