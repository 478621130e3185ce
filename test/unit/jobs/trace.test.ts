import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { beforeEach, expect, test } from "vitest";
import { manifestSchema } from "../../../src/base/schema/manifest.ts";
import type { Sandbox } from "../../../src/base/schema/sandbox.ts";
import { noTiers } from "../../../src/base/schema/tiers.ts";
import type { JobResult } from "../../../src/jobs/job.ts";
import { runTrace, type TraceRequest } from "../../../src/jobs/trace.ts";
import { checkGenerateOptions, type GenerateOptions } from "../../../src/programs/generate/generate-options.ts";
import { TestFolder } from "../../helpers/test-folder.ts";
import { type FakeBehaviour, fakeTracer } from "./fake-tracer.ts";

const folder = new TestFolder();
let input: string;
let output: string;
beforeEach(() => {
  input = folder.write("in.jsonl", sample(50));
  output = folder.at("out.jsonl");
});

/** Good rows, rows that are rejected by the source (every 7th) and by the format (every 5th). */
function sample(rows: number): string {
  const line = (i: number): string => {
    if (i % 7 === 3) return "{nope";
    return JSON.stringify({ id: `p${i}`, code: i % 5 === 4 ? "bad" : "good" });
  };
  return Array.from({ length: rows }, (_, i) => `${line(i)}\n`).join("");
}

const trace = (behaviour: FakeBehaviour = {}, request: Partial<TraceRequest> = {}): Promise<JobResult> =>
  runTrace({ inputs: [input], output, format: "events", tracer: {}, ...request }, { open: fakeTracer(behaviour) });

const text = (path: string): string => readFileSync(path, "utf8");
const rejectedRows = (): unknown[] =>
  text(`${output}.rejected.jsonl`)
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line).row);

/** Stops a run when its n-th batch is due. */
function stopAt(n: number): { behaviour: FakeBehaviour; signal: AbortSignal } {
  const controller = new AbortController();
  return { behaviour: { beforeBatch: (number) => number === n && controller.abort() }, signal: controller.signal };
}

const interruptAt = async (n: number, request: Partial<TraceRequest> = {}): Promise<JobResult> => {
  const { behaviour, signal } = stopAt(n);
  return trace(behaviour, { ...request, signal });
};

test("every row ends in the output or among the rejected, in the order of the input", async () => {
  const result = await trace();
  expect(result.state).toBe("finished");
  const rows = text(output).trim().split("\n");
  const ids = Array.from({ length: 50 }, (_, i) => i).filter((i) => i % 7 !== 3 && i % 5 !== 4);
  expect(rows.map((row) => JSON.parse(row).id)).toEqual(ids.map((i) => `p${i}`));
  const others = Array.from({ length: 50 }, (_, i) => i).filter((i) => i % 7 === 3 || i % 5 === 4);
  expect(rejectedRows()).toEqual(others.map((i) => i + 1));
  expect(JSON.parse(text(`${output}.rejected.jsonl`).split("\n")[1] as string)).toEqual({
    id: "p4",
    file: input,
    row: 5,
    reason: "timeout",
    message: "took too long",
  });
  expect(readdirSync(folder.path).sort()).toEqual([
    "in.jsonl",
    "out.jsonl",
    "out.jsonl.manifest.json",
    "out.jsonl.rejected.jsonl",
  ]);
});

test("the manifest says what kept programs in; a run goes on, and is the same, where that differs", async () => {
  const sandbox: Sandbox = {
    capabilities: true,
    noNewPrivileges: true,
    rlimits: true,
    landlock: 0,
    seccomp: true,
    namespaces: true,
    ownFiles: true,
    uid: 1000,
    missing: [{ layer: "landlock", reason: "Function not implemented" }],
    noSnapshots: "userfaultfd: Operation not permitted",
  };
  const manifest = () => manifestSchema.parse(JSON.parse(text(`${output}.manifest.json`)));
  const told: (Sandbox | null)[] = [];
  const request: Partial<TraceRequest> = { resume: true, onSandbox: (held) => void told.push(held) };
  expect((await interruptAt(3, request)).state).toBe("interrupted");
  expect((await trace({ sandbox }, request)).state).toBe("finished");
  expect(manifest().sandbox).toEqual(sandbox);
  expect((await trace({}, request)).state).toBe("unchanged");
  expect(told).toEqual([null, sandbox, null]);
});

test("the manifest counts, and names what went in and came out", async () => {
  await trace({}, { tracer: { timeoutMs: 7, seed: 3 }, source: "native" });
  const manifest = manifestSchema.parse(JSON.parse(text(`${output}.manifest.json`)));
  expect(manifest).toMatchObject({
    command: "trace",
    format: "events",
    source: "native",
    versions: { node: process.versions.node, python: "3.12.1" },
    options: { timeoutMs: 7, objects: "fields" },
    seeds: { random: 3 },
    counts: {
      programs: 43,
      rendered: 34,
      rejected: { "malformed-json": 7, timeout: 9 },
      statuses: { ok: 34, timeout: 9 },
    },
    inputs: [{ path: input, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
  });
  expect(manifest.outputs.map(({ path, bytes }) => [path, bytes])).toEqual([
    [output, readFileSync(output).length],
    [`${output}.rejected.jsonl`, readFileSync(`${output}.rejected.jsonl`).length],
  ]);
});

test("a run that is interrupted anywhere and resumed writes what one run writes", async () => {
  await trace();
  const whole = { rows: text(output), rejected: text(`${output}.rejected.jsonl`) };
  for (let n = 0; n < 10; n++) {
    for (const name of readdirSync(folder.path)) if (name !== "in.jsonl") rmSync(folder.at(name));
    const first = await interruptAt(n, { resume: true });
    expect(first).toMatchObject({ state: "interrupted", counts: { programs: 4 * n } });
    expect(existsSync(output)).toBe(false);
    // What a killed process may leave behind the last line of its journal.
    appendFileSync(`${output}.part`, '{"id": "half');
    appendFileSync(`${output}.rejected.jsonl.part`, "{");
    appendFileSync(`${output}.journal.jsonl`, '{"checkpoint": {"cou');
    const again = await interruptAt(1, { resume: true });
    expect(again.resumed).toBe(4 * n);
    const ran: string[] = [];
    const last = await trace({ ran, batchSize: 3 }, { resume: true });
    expect(last.state).toBe("finished");
    expect(ran.length).toBe(43 - Math.min(43, 4 * (n + 1)));
    expect({ rows: text(output), rejected: text(`${output}.rejected.jsonl`) }).toEqual(whole);
    expect(last.counts).toEqual({
      programs: 43,
      rendered: 34,
      rejected: { "malformed-json": 7, timeout: 9 },
      statuses: { ok: 34, timeout: 9 },
      tiers: { ...noTiers(), tame: 43 },
    });
  }
});

test("bytes that a power cut lost are written again", async () => {
  await trace();
  const whole = text(output);
  rmSync(output);
  await interruptAt(6);
  truncateSync(`${output}.part`, 100);
  await interruptAt(1, { resume: true });
  await trace({}, { resume: true });
  expect(text(output)).toBe(whole);
});

test("an unfinished run is neither lost nor mixed with another", async () => {
  await interruptAt(3);
  await expect(trace()).rejects.toThrow(
    /unfinished run exists\. Go on with it by --resume, or start again with --force/,
  );
  await expect(trace({}, { resume: true, tracer: { timeoutMs: 9 } })).rejects.toThrow(
    "options.timeoutMs was 5000 and is 9",
  );
  await expect(trace({}, { resume: true, limit: 5 })).rejects.toThrow("limit was null and is 5");
  await expect(trace({ python: "3.11.2" }, { resume: true })).rejects.toThrow('python was "3.12.1" and is "3.11.2"');
  appendFileSync(input, "\n");
  await expect(trace({}, { resume: true })).rejects.toThrow("inputs.0.bytes was");
  expect(existsSync(`${output}.part`)).toBe(true);
  const ran: string[] = [];
  expect((await trace({ ran }, { force: true })).state).toBe("finished");
  expect(ran.length).toBe(43);
});

test("resuming a finished run does nothing, unless it is another", async () => {
  await trace();
  const ran: string[] = [];
  expect(await trace({ ran }, { resume: true })).toMatchObject({ state: "unchanged", counts: { programs: 43 } });
  expect(ran).toEqual([]);
  await expect(trace({}, { resume: true, limit: 3 })).rejects.toThrow("was made by another run");
  await expect(trace({}, { limit: 3 })).rejects.toThrow("or replace it by --force");
  expect((await trace({}, { limit: 3, force: true })).counts.programs).toBe(3);
  expect((await trace({}, { limit: 3 })).counts.programs).toBe(3);
});

test("a run that was killed while its files got their names is finished by --resume", async () => {
  await trace();
  const whole = text(output);
  const manifest = text(`${output}.manifest.json`);
  await interruptAt(0, { force: true });
  // As after the last line of the journal and the first renaming.
  appendFileSync(`${output}.journal.jsonl`, `${JSON.stringify({ finished: JSON.parse(manifest) })}\n`);
  rmSync(`${output}.rejected.jsonl.part`);
  rmSync(`${output}.manifest.json`);
  rmSync(output);
  writeFileSync(`${output}.part`, whole);
  const ran: string[] = [];
  expect((await trace({ ran }, { resume: true })).state).toBe("finished");
  expect(ran).toEqual([]);
  expect(text(output)).toBe(whole);
  expect(text(`${output}.manifest.json`)).toBe(manifest);
  expect(existsSync(`${output}.journal.jsonl`)).toBe(false);
});

test("an engine that fails leaves a run that can be resumed, and nothing when nothing was done", async () => {
  const failAt = (n: number): FakeBehaviour => ({
    beforeBatch: (number) => {
      if (number === n) throw new Error("the engine broke");
    },
  });
  await expect(trace(failAt(0))).rejects.toThrow("the engine broke");
  expect(readdirSync(folder.path)).toEqual(["in.jsonl"]);
  await expect(trace(failAt(2))).rejects.toThrow("the engine broke");
  expect((await trace({}, { resume: true })).resumed).toBe(8);
});

test("nothing but rejected rows, and nothing at all", async () => {
  writeFileSync(input, "nope\n".repeat(12_000));
  expect((await trace()).counts).toEqual({
    programs: 0,
    rendered: 0,
    rejected: { "malformed-json": 12_000 },
    statuses: {},
    tiers: noTiers(),
  });
  expect(text(output)).toBe("");
  expect(rejectedRows().length).toBe(12_000);
  writeFileSync(input, "");
  const empty = await trace({}, { force: true });
  expect(empty.counts).toEqual({ programs: 0, rendered: 0, rejected: {}, statuses: {}, tiers: noTiers() });
});

test("an output that is an input is refused", async () => {
  await expect(trace({}, { output: input })).rejects.toThrow("is an input too");
  expect(text(input)).toBe(sample(50));
});

const GENERATE: GenerateOptions = checkGenerateOptions({ seed: 7, count: 30 });
const generated: Partial<TraceRequest> = { inputs: [], generate: GENERATE };
const ids = (path: string): string[] =>
  text(path)
    .trim()
    .split("\n")
    .map((row) => JSON.parse(row).id);

test("generated programs are counted, named in the manifest, and cut into shards", async () => {
  const progress: [number, number][] = [];
  const onProgress: TraceRequest["onProgress"] = ({ done, total }) => void progress.push([done, total]);
  expect((await trace({}, { ...generated, onProgress })).counts).toMatchObject({ programs: 30, rendered: 30 });
  expect(ids(output)).toEqual(Array.from({ length: 30 }, (_, i) => `g7-${i + 1}`));
  expect(progress.at(-1)).toEqual([30, 30]);
  const manifest = manifestSchema.parse(JSON.parse(text(`${output}.manifest.json`)));
  expect(manifest.inputs).toEqual([
    { path: expect.stringMatching(/^generate:seed=7,count=30,depth=2,/), bytes: 0, sha256: null },
  ]);
  await trace({}, { ...generated, shard: { index: 2, count: 7 }, force: true });
  expect(ids(output)).toEqual(["g7-2", "g7-9", "g7-16", "g7-23", "g7-30"]);
  await trace({}, { ...generated, shard: { index: 2, count: 7 }, limit: 3, force: true });
  expect(ids(output)).toEqual(["g7-2", "g7-9", "g7-16"]);
  await expect(trace({}, { generate: GENERATE })).rejects.toThrow("Generated programs have no inputs");
});

test("a run of generated programs that was interrupted goes on where it was", async () => {
  await trace({}, generated);
  const whole = text(output);
  rmSync(output);
  expect((await interruptAt(3, generated)).counts.programs).toBe(12);
  const other = { ...generated, resume: true, generate: { ...GENERATE, seed: 8 } };
  await expect(trace({}, other)).rejects.toThrow(/inputs\.0\.path was "generate:seed=7.*" and is "generate:seed=8/);
  const ran: string[] = [];
  expect((await trace({ ran }, { ...generated, resume: true })).resumed).toBe(12);
  expect(ran[0]).toBe("g7-13");
  expect(text(output)).toBe(whole);
});
