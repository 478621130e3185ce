import { describe, expect, it } from "vitest";
import { artefacts } from "../../src/base/addon/artefacts.ts";
import { traceOptionsSchema } from "../../src/base/schema/options.ts";
import type { Program, ProgramInput } from "../../src/base/schema/program.ts";
import { HostProcess } from "../../src/engine/host/host-process.ts";
import { RecordList } from "../../src/engine/host/record-list.ts";
import type { RecordSink } from "../../src/engine/host/runner.ts";
import { MOST_PROGRAMS } from "../../src/engine/pool/batch-size.ts";
import { findPython } from "../../src/engine/python/find-python.ts";
import { openTracer } from "../../src/engine/tracer.ts";
import { Trace } from "../../src/record/trace/trace.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";

const [python] = await builtPythons();
const executable = python?.executable ?? "";
const CRASH = "import ctypes\nctypes.string_at(0)";
const EXIT = "import os\nos._exit(3)";
const HANG = "while True:\n    pass";

function numbered(codes: readonly string[]): Program[] {
  return codes.map((code, i) => ({ id: `p${i}`, code, entry: null }));
}

async function openHost(options: Parameters<typeof traceOptionsSchema.parse>[0]): Promise<HostProcess> {
  const { minor, libpython, executable: found, readable } = await findPython(executable);
  const { host, core } = artefacts(minor);
  const files = { host, core, libpython, executable: found, readable };
  return new HostProcess(traceOptionsSchema.parse(options), files, minor);
}

async function run(host: HostProcess, programs: Program[], signal?: AbortSignal): Promise<Uint8Array[]> {
  const list = new RecordList();
  await host.run(programs, list, signal);
  return list.records;
}

function told(records: readonly Uint8Array[]): string[] {
  return records.map((record) => {
    const { status, detail } = new Trace(record).outcome;
    return detail === null ? status : `${status}: ${detail}`;
  });
}

describe.skipIf(python !== undefined)("engine", () => {
  it("needs a build", (test) => test.skip(NOT_BUILT));
});

describe.runIf(python !== undefined).each(["shared", "fork"] as const)("a tracer process, %s", (isolation) => {
  const options = { isolation, timeoutMs: 300, maxEvents: 0, maxRecordBytes: 1 << 26 } as const;

  it("accounts for programs that end their process, and goes on", async () => {
    const host = await openHost(options);
    const records = await run(host, numbered(["x = 1", CRASH, HANG, "x = 2", EXIT, "x = 3"]));
    expect(told(records)).toEqual([
      "ok",
      "crash: killed by SIGSEGV",
      "timeout: no end after 300 ms of wall time",
      "ok",
      "crash: exited with status 3",
      "ok",
    ]);
    await host.dispose();
  }, 60_000);

  it("keeps what was recorded before a crash", async () => {
    const host = await openHost(options);
    const [record] = await run(
      host,
      numbered([`before = 41\nprint("seen", flush=True)\nprint("in the buffer")\n${CRASH}`]),
    );
    const trace = new Trace(record as Uint8Array);
    expect(trace.stdout).toBe("seen\n");
    expect(trace.stateAt(trace.eventCount - 1).get("before")?.repr).toBe("41");
    await host.dispose();
  }, 60_000);

  it("answers several outstanding batches in order, whatever dies between them", async () => {
    const host = await openHost(options);
    const answers = await Promise.all([
      run(host, numbered(["x = 1", EXIT])),
      run(host, numbered([EXIT, "x = 2"])),
      run(host, numbered(["x = 3"])),
    ]);
    expect(answers.map((records) => told(records).map((text) => text.split(":")[0]))).toEqual([
      ["ok", "crash"],
      ["crash", "ok"],
      ["ok"],
    ]);
    await host.dispose();
  }, 60_000);

  it("lets no program harm the next batch, also from a batch of its own", async () => {
    const host = await openHost(options);
    const takes = "import threading\nthreading._active_limbo_lock.acquire()";
    const needs = "import threading\nthread = threading.Thread(target=int)\nthread.start()\nthread.join()\ndel thread";
    for (const code of [takes, needs, takes, needs]) expect(told(await run(host, numbered([code])))).toEqual(["ok"]);
    await host.dispose();
  }, 60_000);

  it("goes on behind what it showed when the process dies", async () => {
    const host = await openHost({ ...options, timeoutMs: 20_000 });
    const shown = Array.from({ length: 20 }, (_, i) => `x = ${i}`);
    const records = await run(host, numbered([...shown, "import time\ntime.sleep(0.3)", CRASH, "x = 3"]));
    expect(told(records)).toEqual([...shown.map(() => "ok"), "ok", "crash: killed by SIGSEGV", "ok"]);
    await host.dispose();
  }, 60_000);

  it("fails the batch whose records cannot be taken, and no other", async () => {
    const host = await openHost(options);
    const failure = new Error("no room");
    const full: RecordSink = {
      add: () => {
        throw failure;
      },
    };
    const failed = host.run(numbered(["x = 1", "x = 2"]), full);
    const other = run(host, numbered(["x = 3"]));
    await expect(failed).rejects.toBe(failure);
    expect(told(await other)).toEqual(["ok"]);
    await host.dispose();
  }, 60_000);

  it("sends what is larger than the waiting room", async () => {
    const host = await openHost({ ...options, timeoutMs: 20_000, maxOutputBytes: 0x7fff_ffff });
    const records = await run(host, numbered(Array.from({ length: 5 }, () => "print('x' * 3_000_000)")));
    for (const record of records) expect(new Trace(record).stdout).toHaveLength(3_000_001);
    await host.dispose();
  }, 60_000);

  it("stops an aborted batch and runs the others", async () => {
    const host = await openHost({ ...options, timeoutMs: 0 });
    const abort = new AbortController();
    const aborted = run(host, numbered(["import time\ntime.sleep(1000)"]), abort.signal);
    const other = run(host, numbered(["x = 1"]));
    setTimeout(() => abort.abort(), 100);
    await expect(aborted).rejects.toMatchObject({ name: "AbortError" });
    expect(told(await other)).toEqual(["ok"]);
    await host.dispose();
  }, 60_000);
});

describe.runIf(python !== undefined)("a tracer process that cannot start", () => {
  it("says why", async () => {
    const { minor, executable: found, readable } = await findPython(executable);
    const { host, core } = artefacts(minor);
    const files = { host, core, libpython: "/nonexistent/libpython.so", executable: found, readable };
    const process = new HostProcess(traceOptionsSchema.parse({}), files, minor);
    await expect(run(process, numbered(["x = 1"]))).rejects.toThrow(/cannot load libpython/);
    await process.dispose();
  }, 60_000);
});

describe.runIf(python !== undefined)("a tracer", () => {
  it("keeps the order and pulls no further than it must", async () => {
    await using tracer = await openTracer({ python: executable, workers: 2 });
    let pulled = 0;
    let furthest = 0;
    let seen = 0;
    async function* programs(): AsyncGenerator<ProgramInput> {
      for (; pulled < 6_000; pulled++) yield { id: `p${pulled}`, code: `x = ${pulled}` };
    }
    for await (const trace of tracer.run(programs())) {
      expect(trace.program.id).toBe(`p${seen}`);
      expect(trace.stateAt(trace.eventCount - 1).get("x")?.repr).toBe(String(seen));
      seen += 1;
      furthest = Math.max(furthest, pulled - seen);
    }
    expect(seen).toBe(6_000);
    // Six batches in work, one being filled, one being read.
    expect(furthest).toBeLessThanOrEqual(8 * MOST_PROGRAMS);
  }, 60_000);

  it("gives out what there is while the input pauses", async () => {
    await using tracer = await openTracer({ python: executable, workers: 1 });
    let release: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    async function* programs(): AsyncGenerator<ProgramInput> {
      yield { id: "first", code: "x = 1" };
      await gate;
      yield { id: "second", code: "x = 2" };
    }
    const run = tracer.run(programs());
    expect((await run.next()).value?.program.id).toBe("first");
    release();
    expect((await run.next()).value?.program.id).toBe("second");
    expect((await run.next()).done).toBe(true);
  }, 60_000);

  it("renders in its workers and accounts for every program", async () => {
    await using tracer = await openTracer({ python: executable, workers: 2 });
    const ids = Array.from({ length: 200 }, (_, i) => `p${i}`);
    const rows: string[] = [];
    let consumed = 0;
    let ok = 0;
    const programs = ids.map((id) => ({ id, code: "x = 1" }));
    for await (const batch of tracer.runRendered(programs, "events")) {
      rows.push(...Buffer.from(batch.output).toString().trimEnd().split("\n"));
      consumed += batch.consumed;
      ok += batch.statuses.ok;
    }
    expect(rows.map((row) => (JSON.parse(row) as { id: string }).id)).toEqual(ids);
    expect([consumed, ok]).toEqual([200, 200]);
  }, 60_000);

  it("renders into memory that was given back, and leaves alone what was not", async () => {
    await using tracer = await openTracer({ python: executable, workers: 2 });
    const programs = Array.from({ length: 2_000 }, (_, i) => ({ id: `p${i}`, code: `x = ${i}` }));
    const copies: Buffer[] = [];
    const kept: { output: Uint8Array; copy: Buffer }[] = [];
    const released: ArrayBufferLike[] = [];
    for (let pass = 0; pass < 2; pass++) {
      for await (const batch of tracer.runRendered(programs, "events")) {
        const copy = Buffer.from(batch.output);
        copies.push(copy);
        if (copies.length % 2 === 0) {
          kept.push({ output: batch.output, copy });
          continue;
        }
        released.push(batch.output.buffer);
        batch.release();
        batch.release();
      }
    }
    const ids = Buffer.concat(copies)
      .toString()
      .trimEnd()
      .split("\n")
      .map((row) => (JSON.parse(row) as { id: string }).id);
    expect(ids).toEqual([...programs, ...programs].map(({ id }) => id));
    for (const { output, copy } of kept) expect(copy.equals(output)).toBe(true);
    // What went to a worker is no longer here.
    expect(released.some((memory) => memory.byteLength === 0)).toBe(true);
  }, 60_000);

  it("stays usable after an aborted call, and after one that was left early", async () => {
    await using tracer = await openTracer({ python: executable, workers: 1, timeoutMs: 0 });
    const abort = new AbortController();
    const run = tracer.run([{ id: "sleeper", code: "import time\ntime.sleep(1000)" }], { signal: abort.signal });
    setTimeout(() => abort.abort(), 100);
    await expect(run.next()).rejects.toMatchObject({ name: "AbortError" });
    for await (const trace of tracer.run(Array.from({ length: 100 }, (_, i) => ({ id: `p${i}`, code: "x = 1" })))) {
      expect(trace.outcome.status).toBe("ok");
      break;
    }
    const last = await tracer.run([{ id: "last", code: "x = 1" }]).next();
    expect(last.value?.outcome.status).toBe("ok");
  }, 60_000);

  it("names the option and the program that is wrong", async () => {
    await expect(openTracer({ timeoutMs: -1 })).rejects.toThrow(/timeoutMs/);
    await expect(openTracer({ workers: 0 })).rejects.toThrow(/workers/);
    await using tracer = await openTracer({ python: executable, workers: 1 });
    const wrong = [{ id: "a", code: "x = 1" }, { id: "b" } as ProgramInput];
    const readAll = async (): Promise<void> => {
      for await (const trace of tracer.run(wrong)) expect(trace.outcome.status).toBe("ok");
    };
    await expect(readAll()).rejects.toThrow(/program 1 .*code/);
  }, 60_000);
});
