// However it ends, no tracer process is left behind.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { describe, expect, it, onTestFinished } from "vitest";
import { packagePath } from "../../src/base/package-root.ts";
import { openTracer } from "../../src/engine/tracer.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { eventually, stillRunning, tracerProcesses } from "./engine-processes.ts";

const [python] = await builtPythons();
const ENDLESS = { id: "endless", code: "import time\nwhile True:\n    time.sleep(0.01)" };
const FOREVER = { timeoutMs: 0, maxEvents: 0 } as const;

describe.skipIf(python !== undefined)("process hygiene", () => {
  it("needs a build", (test) => test.skip(NOT_BUILT));
});

describe.runIf(python !== undefined)("no tracer process is left", () => {
  const executable = python?.executable ?? "";

  it.each(["shared", "fork"] as const)(
    "by close() in the middle of a run, %s",
    async (isolation) => {
      const tracer = await openTracer({ ...FOREVER, isolation, workers: 2, python: executable });
      const next = tracer.run([ENDLESS, ENDLESS, ENDLESS, ENDLESS, ENDLESS, ENDLESS]).next();
      const outcome = next.then(
        () => "resolved",
        (error: Error) => error.name,
      );
      expect(await eventually(() => tracerProcesses(process.pid).length === 4, 20_000)).toBe(true);
      await tracer.close();
      expect(tracerProcesses(process.pid)).toEqual([]);
      expect(await outcome).toBe("AbortError");
    },
    60_000,
  );

  it("by an aborted signal, promptly", async () => {
    const abort = new AbortController();
    const tracer = await openTracer({ ...FOREVER, workers: 1, python: executable, signal: abort.signal });
    const next = tracer.run([ENDLESS]).next();
    expect(await eventually(() => tracerProcesses(process.pid).length === 2, 20_000)).toBe(true);
    const before = performance.now();
    abort.abort();
    await expect(next).rejects.toMatchObject({ name: "AbortError" });
    expect(performance.now() - before).toBeLessThan(1_000);
    expect(await eventually(() => tracerProcesses(process.pid).length === 0)).toBe(true);
    await tracer.close();
  }, 60_000);

  it("by the end of a worker thread", async () => {
    const file = packagePath("test", "native", "engine-child.ts");
    const loader = packagePath("src", "base", "io", "from-source.mjs");
    const worker = new Worker(file, { argv: [executable], execArgv: ["--import", loader], stdout: true });
    onTestFinished(async () => void (await worker.terminate()));
    expect(await eventually(() => tracerProcesses(process.pid).length === 4, 30_000)).toBe(true);
    const pids = tracerProcesses(process.pid);
    await worker.terminate();
    expect(await eventually(() => stillRunning(pids).length === 0)).toBe(true);
  }, 60_000);

  it("by process.exit() in the middle", async () => {
    const { child, pids } = await busyChild("exit");
    expect(await ended(child)).toEqual([7, null]);
    expect(await eventually(() => stillRunning(pids).length === 0)).toBe(true);
  }, 60_000);

  it("by an uncaught error", async () => {
    const { child, pids } = await busyChild("throw");
    expect(await ended(child)).toEqual([1, null]);
    expect(await eventually(() => stillRunning(pids).length === 0)).toBe(true);
  }, 60_000);

  it("by SIGKILL of Node", async () => {
    const { child, pids } = await busyChild("wait");
    expect(pids).toHaveLength(4);
    child.kill("SIGKILL");
    expect(await ended(child)).toEqual([null, "SIGKILL"]);
    expect(await eventually(() => stillRunning(pids).length === 0)).toBe(true);
  }, 60_000);

  it("by SIGKILL of a tracer process, whose programs still get their records", async () => {
    await using tracer = await openTracer({ workers: 1, python: executable });
    const programs = Array.from({ length: 40 }, (_, i) => ({ id: `p${i}`, code: "import time\ntime.sleep(0.02)" }));
    const statuses: string[] = [];
    let killed: number[] = [];
    for await (const trace of tracer.run(programs)) {
      statuses.push(trace.outcome.status);
      if (statuses.length !== 4) continue;
      killed = tracerProcesses(process.pid);
      process.kill(Math.min(...killed), "SIGKILL");
    }
    expect(statuses).toEqual(programs.map(() => "ok"));
    expect(stillRunning(killed)).toEqual([]);
  }, 60_000);

  async function busyChild(ending: string): Promise<{ child: ChildProcess; pids: number[] }> {
    const file = packagePath("test", "native", "engine-child.ts");
    const args = ["--import", "tsx", file, executable, ending];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"], cwd: packagePath() });
    onTestFinished(() => void child.kill("SIGKILL"));
    const [line] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
    return { child, pids: JSON.parse(line.toString()) as number[] };
  }

  async function ended(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    return [child.exitCode, child.signalCode];
  }
});
