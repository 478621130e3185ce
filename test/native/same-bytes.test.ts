// One program, one record: in every isolation, with any number of workers, in any order, stored or not. The programs here
// write nothing outside of their own module; those that change the interpreter are not this file's.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { zstdCodec } from "../../src/base/addon/codec.ts";
import { RecordError, RenderError } from "../../src/base/errors.ts";
import { packagePath } from "../../src/base/package-root.ts";
import type { Program } from "../../src/base/schema/program.ts";
import { openTracer, type Tracer, type TracerOptions } from "../../src/engine/tracer.ts";
import type { RecordRow } from "../../src/record/store/container.ts";
import { dump } from "../../src/record/trace/dump.ts";
import { Trace } from "../../src/record/trace/trace.ts";
import { findRenderer } from "../../src/views/formats/registry.ts";
import { withMeta } from "../../src/views/formats/renderer.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { differences, readRecordFile, rowsOf, tracedRows, writeRecordFile } from "../helpers/record-rows.ts";
import { run } from "../helpers/run.ts";
import { CRUXEVAL_MISSING, cruxevalPrograms, FULL, oraclePrograms, spread } from "../helpers/sample-programs.ts";
import { TestFolder } from "../helpers/test-folder.ts";
import { mutant } from "../unit/record/mutation.ts";
import type { RecordRequest } from "./record-child.ts";

const CRUXEVAL_SAMPLE = 150;
const FORMATS = ["events", "statelens", "statelens-skip"];
const COMPARED_DUMPS = FULL ? Number.POSITIVE_INFINITY : 20;
const MUTATED_RECORDS = 40;
/** Over all Pythons, in a full run for each. */
const MUTANTS = 2_000;
const SHUFFLE_SEED = 20_240_229;
/** A machine under load may take long; no program of the sample may meet the limit. */
const TIMEOUT_MS = 30_000;
const TEST_MS = FULL ? 1_200_000 : 120_000;

const dumpTool = join(resolve(process.env["TRACEMILL_NATIVE_TEST_DIR"] ?? "build/native-test"), "tracemill-dump");
const toolMissing = existsSync(dumpTool) ? null : `no ${dumpTool}: npm run test:native builds it`;

const pythons = await builtPythons();
const oracle = await oraclePrograms();
const programs = [...oracle, ...(await cruxevalPrograms(CRUXEVAL_SAMPLE))];
const folder = new TestFolder("file");

describe.skipIf(pythons.length > 0)("same bytes", () => {
  it("needs a build", (test) => test.skip(NOT_BUILT));
});

it("runs programs of CRUXEval", (test) => {
  test.skip(CRUXEVAL_MISSING !== null, CRUXEVAL_MISSING ?? "");
  expect(programs.length - oracle.length).toBeGreaterThanOrEqual(CRUXEVAL_SAMPLE);
});

describe.each(pythons)("Python $version", ({ executable, minor }) => {
  const options = (isolation: "shared" | "fork" | "inline", workers: number): TracerOptions => {
    return { python: executable, isolation, workers, timeoutMs: TIMEOUT_MS };
  };
  let rows: RecordRow[] = [];
  beforeAll(async () => {
    rows = await tracedRows(options("shared", 1), programs);
  }, TEST_MS);

  it("gives one record per program, in the order of the input, and no limit decides how it ends", () => {
    expect(rows.map(({ program }) => program)).toEqual(programs);
    const ends = new Set(rows.map(({ record }) => new Trace(record).outcome.status));
    expect([...ends].sort()).toEqual(["exception", "ok", "syntax-error"]);
  });

  it.each([
    ["shared", 2],
    ["fork", 1],
    ["fork", 2],
  ] as const)(
    "gives the same records in %s isolation with %i worker(s)",
    async (isolation, workers) => {
      expect(differences(rows, await tracedRows(options(isolation, workers), programs))).toEqual([]);
    },
    TEST_MS,
  );

  it(
    "gives the same records in inline isolation with 1 and 2 workers",
    async () => {
      const runs = [1, 2].map((workers) => {
        const output = folder.at(`inline-3.${minor}-${workers}.tmr`);
        return { options: options("inline", workers), output };
      });
      const request: RecordRequest = { programs, runs };
      const file = folder.write(`inline-3.${minor}.json`, JSON.stringify(request));
      const loader = packagePath("src", "base", "io", "from-source.mjs");
      const child = packagePath("test", "native", "record-child.ts");
      const finished = await run(process.execPath, ["--import", loader, child, file], TEST_MS);
      expect(finished).toEqual({ status: 0, stdout: "", stderr: "" });
      // Before 3.13 CPython reads the lines of a traceback from the file, which a program has none of inside Node.
      const showsLines = new Set(
        rows.filter(({ record }) => minor < 13 && new Trace(record).stderr !== "").map(({ program }) => program.id),
      );
      expect(showsLines.size).toBeLessThan(20);
      const alike = (all: RecordRow[]): RecordRow[] => all.filter(({ program }) => !showsLines.has(program.id));
      for (const { output } of runs) {
        expect(differences(alike(rows), alike(await readRecordFile(output))), output).toEqual([]);
      }
    },
    TEST_MS,
  );

  it(
    "gives the same record in another order",
    async () => {
      const order = shuffled(rows, SHUFFLE_SEED);
      expect(order).not.toEqual(rows);
      const inOrder = order.map(({ program }) => program);
      expect(differences(order, await tracedRows(options("shared", 1), inOrder))).toEqual([]);
    },
    TEST_MS,
  );

  it(
    "renders stored records as it renders while tracing",
    async () => {
      await using tracer = await openTracer(options("shared", 2));
      const traced = await rowsOf(tracer, programs);
      const path = folder.at(`stored-3.${minor}.tmr`);
      await writeRecordFile(path, traced);
      const stored = await readRecordFile(path);
      expect(differences(traced, stored)).toEqual([]);
      expect(stored.map(({ program }) => program)).toEqual(programs);

      for (const format of FORMATS) {
        const { output, rows, rejected } = await renderedWhileTracing(tracer, format);
        const later = render(stored, format);
        expect(later.rejected, format).toEqual(rejected);
        expect(later.lines.length, format).toBe(rows);
        expect(rows, format).toBeGreaterThan(oracle.length / 2);
        expect(Buffer.from(later.lines.join("")).equals(output), format).toBe(true);
      }
      const recorded = await renderedWhileTracing(tracer, "record");
      expect(recorded).toMatchObject({ rows: programs.length, rejected: [] });
      const expected = Buffer.concat(stored.flatMap(containerRow));
      // Blocks of a record file are a zstd stream of its rows.
      expect(expected.equals(zstdCodec().decompress(recorded.output, expected.length))).toBe(true);
    },
    TEST_MS,
  );

  it(
    "writes records of which the C++ reader prints the same dump",
    (test) => {
      test.skip(toolMissing !== null, toolMissing ?? "");
      for (const [i, { program, record }] of spread(rows, COMPARED_DUMPS).entries()) {
        const theirs = execFileSync(dumpTool, { input: record, maxBuffer: 1 << 28 }).toString();
        expect(dump(record), `${i}: ${program.id}`).toBe(theirs);
      }
    },
    TEST_MS,
  );

  it(
    "writes records whose damage is read, or rejected with RecordError",
    () => {
      const sample = spread(rows, MUTATED_RECORDS);
      const count = FULL ? MUTANTS : Math.ceil(MUTANTS / pythons.length);
      let readable = 0;
      for (let i = 0; i < count; i++) {
        const { program, record } = sample[i % sample.length] as RecordRow;
        if (readsToTheEnd(program, mutant(record, minor, i))) readable += 1;
      }
      expect(readable).toBeGreaterThan(count / 50);
      expect(readable).toBeLessThan(count - count / 50);
    },
    TEST_MS,
  );
});

/** Everything that reads a record; false for one that is rejected, and any other error is thrown. */
function readsToTheEnd(program: Program, record: Uint8Array): boolean {
  try {
    dump(record);
    const trace = new Trace(record);
    for (const event of trace.events()) trace.stateAfter(event.index);
    void [trace.stdout, trace.stderr, trace.complete && trace.outcome];
    if (trace.complete) for (const format of FORMATS) render([{ program, record }], format);
    return true;
  } catch (error) {
    if (error instanceof RecordError) return false;
    throw error;
  }
}

interface Refused {
  id: string;
  reason: string;
}

/** JSON lines, and the programs that the format cannot show. */
function render(rows: readonly RecordRow[], format: string): { lines: string[]; rejected: Refused[] } {
  const renderer = findRenderer(format);
  const lines: string[] = [];
  const rejected: Refused[] = [];
  for (const { program, record } of rows) {
    try {
      const made = renderer.render(program, new Trace(record));
      lines.push(...made.map(({ row }) => `${JSON.stringify(withMeta(row, program))}\n`));
    } catch (error) {
      if (!(error instanceof RenderError)) throw error;
      rejected.push({ id: program.id, reason: error.code });
    }
  }
  return { lines, rejected };
}

async function renderedWhileTracing(
  tracer: Tracer,
  format: string,
): Promise<{ output: Buffer; rows: number; rejected: Refused[] }> {
  const outputs: Uint8Array[] = [];
  const rejected: Refused[] = [];
  let rows = 0;
  for await (const batch of tracer.runRendered(programs, format)) {
    outputs.push(batch.output);
    rejected.push(...batch.rejected.map(({ id, reason }) => ({ id, reason })));
    rows += batch.rows;
  }
  return { output: Buffer.concat(outputs), rows, rejected };
}

/** As record/container-format.ts describes a row. */
function containerRow({ program, record }: RecordRow): Uint8Array[] {
  return [Buffer.from(JSON.stringify(program)), record].flatMap((bytes) => {
    const size = Buffer.alloc(4);
    size.writeUInt32LE(bytes.length);
    return [size, bytes];
  });
}

function shuffled<T>(all: readonly T[], seed: number): T[] {
  const result = [...all];
  let state = seed;
  for (let i = result.length - 1; i > 0; i--) {
    // The generator of POSIX; its low bits have short periods and are left out.
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    const k = (state >>> 8) % (i + 1);
    [result[i], result[k]] = [result[k] as T, result[i] as T];
  }
  return result;
}
