// Files of a run that somebody else removes, cuts or replaces while it writes them: an error that names the file, and
// never rows that differ from those of an undisturbed run.
import { existsSync, mkdirSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import type { JobResult } from "../../src/jobs/job.ts";
import { runTrace, type TraceRequest } from "../../src/jobs/trace.ts";
import { TestFolder } from "../helpers/test-folder.ts";
import { fakeTracer } from "../unit/jobs/fake-tracer.ts";
import { outcomeOf, sampleRows } from "./plain-run.ts";
import { type Below, choices } from "./seed.ts";

const folder = new TestFolder();
let output: string;
beforeEach(() => {
  output = folder.at("out.jsonl");
  folder.write("in.jsonl", sampleRows(60));
});

const trace = (
  request: Partial<TraceRequest> = {},
  beforeBatch: (number: number) => void = () => {},
): Promise<JobResult> =>
  runTrace(
    { inputs: [folder.at("in.jsonl")], output, format: "events", tracer: {}, ...request },
    { open: fakeTracer({ beforeBatch }) },
  );

const FAULTS: Record<string, (path: string, below: Below) => void> = {
  removed: (path) => rmSync(path),
  cut: (path, below) => truncateSync(path, below(statSync(path).size)),
  "replaced by a folder": (path) => {
    rmSync(path);
    mkdirSync(path);
  },
  "replaced by another file": (path) => {
    writeFileSync(`${path}.new`, "{}\n".repeat(2_000));
    renameSync(`${path}.new`, path);
  },
};
const FILES = [".part", ".rejected.jsonl.part", ".journal.jsonl"];
const cases = FILES.flatMap((file) => Object.keys(FAULTS).map((fault) => [file, fault] as const));

describe("a run", () => {
  it.each(cases)("whose %s is %s stops, and says so", async (file, fault) => {
    await trace();
    const whole = outcomeOf(output);
    rmSync(output);
    rmSync(`${output}.rejected.jsonl`);
    const below = choices(`${file} ${fault}`);
    const path = `${output}${file}`;
    const when = 3 + below(8);
    const disturbed = trace({}, (number) => number === when && FAULTS[fault]?.(path, below));
    await expect(disturbed).rejects.toMatchObject({
      code: "output-changed",
      message: expect.stringContaining(`${path} was changed by somebody else: `),
    });
    if (fault === "replaced by a folder") {
      await expect(trace({ resume: true })).rejects.toThrow(path);
      rmSync(path, { recursive: true });
    }
    if (fault === "replaced by another file") {
      await expect(trace({ resume: true })).rejects.toThrow(path);
      rmSync(path);
    }
    if (!existsSync(`${output}.journal.jsonl`)) {
      // Nothing says any more whose the other files are.
      for (const how of [{ resume: true }, { force: true }, {}]) {
        await expect(trace(how)).rejects.toThrow(/is not of an unfinished job\. Move it away/);
      }
      for (const other of [".part", ".rejected.jsonl.part"]) rmSync(`${output}${other}`);
    }
    expect((await trace({ resume: true })).state).toBe("finished");
    expect(outcomeOf(output)).toEqual(whole);
  });

  it("whose output changed after it was complete is not taken for complete", async () => {
    await trace();
    const whole = outcomeOf(output);
    truncateSync(output, choices("complete")(whole.rows.length));
    for (const how of [{ resume: true }, { force: true }, {}]) {
      await expect(trace(how)).rejects.toThrow(`${output} was changed since tracemill wrote it`);
    }
    rmSync(output);
    await trace({ resume: true });
    expect(outcomeOf(output)).toEqual(whole);
  });
});
