// A run that somebody ends: how it ends, that nothing is left running, and that --resume finishes it.
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { eventually, stillRunning, tracerProcesses } from "../native/engine-processes.ts";
import { choices, generator } from "./seed.ts";
import { difference, rows, sharedWorkload } from "./workload.ts";

const [python] = await builtPythons();
const ROWS = 300;

const GRACEFUL = { status: 130, signal: null };
const KILLED = { status: null, signal: "SIGKILL" };
const ENDINGS: readonly [what: string, signals: NodeJS.Signals[], ends: object][] = [
  ["SIGINT", ["SIGINT"], GRACEFUL],
  ["SIGTERM", ["SIGTERM"], GRACEFUL],
  ["SIGHUP", ["SIGHUP"], GRACEFUL],
  ["SIGINT twice", ["SIGINT", "SIGINT"], GRACEFUL],
  ["SIGKILL", ["SIGKILL"], KILLED],
];

describe.skipIf(python !== undefined)("signals", () => {
  it("need a build", (test) => test.skip(NOT_BUILT));
});

describe.runIf(python !== undefined)("a run", () => {
  const shared = sharedWorkload(() => rows(generator("signals"), ROWS), python?.executable);

  it.each(ENDINGS)(
    "that is ended by %s leaves no process and is finished by --resume",
    async (what, signals, ends) => {
      const { it: workload, whole } = shared;
      const below = choices(what);
      const output = `${what.replaceAll(" ", "-")}.jsonl`;
      const run = workload.start(output);
      expect(await workload.underWay(run, output)).toBe(true);
      await sleep(below(200));
      const pids = tracerProcesses(run.child.pid ?? 0);
      for (const signal of signals) run.child.kill(signal);
      expect(await run.result).toMatchObject(ends);
      expect(pids.length).toBeGreaterThan(0);
      expect(await eventually(() => stillRunning(pids).length === 0)).toBe(true);
      const { state, resumed } = await workload.run(output, { resume: true });
      expect([state, resumed > 0]).toEqual(["finished", true]);
      expect(difference(workload.outcome(output), whole)).toBeNull();
    },
    60_000,
  );

  it("that is killed again and again gets to its end", async () => {
    const { it: workload, whole } = shared;
    const below = choices("again");
    for (let kills = 0; kills < 4; kills++) {
      const run = workload.start("again.jsonl", "--resume");
      // Anywhere, the start included.
      await sleep(300 + below(1_500));
      run.child.kill("SIGKILL");
      await run.result;
    }
    await workload.run("again.jsonl", { resume: true });
    expect(difference(workload.outcome("again.jsonl"), whole)).toBeNull();
  }, 60_000);
});
