// What a crash or a power cut may leave: files that end anywhere. --resume makes the undisturbed result of them.
import { copyFileSync, mkdirSync, readdirSync, rmSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import type { JobResult } from "../../src/jobs/job.ts";
import { runTrace } from "../../src/jobs/trace.ts";
import { TestFolder } from "../helpers/test-folder.ts";
import { fakeTracer } from "../unit/jobs/fake-tracer.ts";
import { outcomeOf, sampleRows } from "./plain-run.ts";
import { choices, some } from "./seed.ts";

const CUTS = 30;
/** Sixty runs in a test. */
const PATIENCE = 60_000;
const FILES = [".part", ".rejected.jsonl.part", ".journal.jsonl"] as const;

const folder = new TestFolder();
beforeEach(() => {
  folder.write("in.jsonl", sampleRows(60));
});

/** Stops before batch `stopAt`. */
function trace(output: string, format: string, resume: boolean, stopAt = -1): Promise<JobResult> {
  const stop = new AbortController();
  const beforeBatch = (number: number): void => void (number === stopAt && stop.abort());
  return runTrace(
    { inputs: [folder.at("in.jsonl")], output, format, tracer: {}, resume, signal: stop.signal },
    { open: fakeTracer({ beforeBatch }) },
  );
}

/** As it is, in a folder of its own. */
function copyOf(from: string, name: string): string {
  const to = folder.at(name);
  mkdirSync(to);
  for (const file of readdirSync(from)) copyFileSync(join(from, file), join(to, file));
  return to;
}

describe.each(["events", "record"])("files of the format %s", (format) => {
  it.each(FILES)("resume from a %s that ends anywhere", { timeout: PATIENCE }, async (file) => {
    const below = choices(`${format} ${file}`);
    const name = "out";
    // Of the same name everywhere: it is in the journal.
    const whole = folder.at("whole");
    mkdirSync(whole);
    await trace(join(whole, name), format, false);
    const left = folder.at("left");
    mkdirSync(left);
    await trace(join(left, name), format, false, 7 + below(4));
    const size = statSync(join(left, `${name}${file}`)).size;
    for (const cut of some(below, CUTS, size)) {
      const torn = copyOf(left, `${file}-${cut}`);
      truncateSync(join(torn, `${name}${file}`), cut);
      // Cut again while it goes on.
      await trace(join(torn, name), format, true, 1 + below(3));
      const again = join(torn, `${name}${FILES[below(FILES.length)]}`);
      truncateSync(again, below(statSync(again).size + 1));
      expect((await trace(join(torn, name), format, true)).state).toBe("finished");
      expect(outcomeOf(join(torn, name)), `cut at byte ${cut}`).toEqual(outcomeOf(join(whole, name)));
    }
  });
});

describe("files of a run that ended, without their names", () => {
  it.each(FILES)("resume from a %s that ends anywhere", { timeout: PATIENCE }, async (file) => {
    const below = choices(`named ${file}`);
    const whole = folder.at("whole");
    mkdirSync(whole);
    await trace(join(whole, "out"), "events", false);
    const left = folder.at("left");
    mkdirSync(left);
    // Its name is taken from the output at the last moment.
    const taken = (): void => mkdirSync(join(left, "out"));
    const run = runTrace(
      { inputs: [folder.at("in.jsonl")], output: join(left, "out"), format: "events", tracer: {} },
      { open: fakeTracer({ beforeBatch: (number) => number === 3 && taken() }) },
    );
    await expect(run).rejects.toThrow(/EISDIR/);
    rmSync(join(left, "out"), { recursive: true });
    const whose = readdirSync(left).includes(`out${file}`) ? `out${file}` : `out${file}`.replace(/\.part$/, "");
    for (const cut of some(below, CUTS / 2, statSync(join(left, whose)).size)) {
      const torn = copyOf(left, `${file}-${cut}`);
      truncateSync(join(torn, whose), cut);
      if (whose === "out.rejected.jsonl") {
        await expect(trace(join(torn, "out"), "events", true)).rejects.toThrow("was changed since tracemill wrote it");
        rmSync(join(torn, whose));
      }
      expect((await trace(join(torn, "out"), "events", true)).state).toBe("finished");
      expect(outcomeOf(join(torn, "out")), `cut at byte ${cut}`).toEqual(outcomeOf(join(whole, "out")));
    }
  });
});
