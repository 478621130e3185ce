// Processes and threads that end in the middle of a run, whoever ended them: the run goes on, and nothing is lost.
import { setTimeout as sleep } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { eventually, stillRunning, tracerProcesses } from "../native/engine-processes.ts";
import { killAll, type TracerTree, tracerTrees } from "./processes.ts";
import { choices, generator } from "./seed.ts";
import { difference, type Outcome, rows, sharedWorkload } from "./workload.ts";

const [python] = await builtPythons();
const ROWS = 600;
const KILLS = 4;

/** Which processes of one worker are killed. */
const VICTIMS: Record<string, (tree: TracerTree) => number[]> = {
  "its executor": ({ executors }) => executors,
  "its supervisor": ({ supervisor }) => [supervisor],
  "its whole process tree": ({ supervisor, executors }) => [supervisor, ...executors],
};

describe.skipIf(python !== undefined)("killed processes", () => {
  it("need a build", (test) => test.skip(NOT_BUILT));
});

describe.runIf(python !== undefined)("a worker that loses", () => {
  const shared = sharedWorkload(() => rows(generator("input"), ROWS), python?.executable);

  it.each(Object.keys(VICTIMS))(
    "%s goes on, and every row is accounted for",
    async (what) => {
      const below = choices(what);
      const output = `${what.replaceAll(" ", "-")}.jsonl`;
      const seen: number[] = [];
      let ended = false;
      const running = shared.it.run(output).finally(() => {
        ended = true;
      });
      // One that is still starting runs no programs; ended three times in a row it would be given up.
      const working = (): TracerTree[] => tracerTrees(process.pid).filter(({ executors }) => executors.length > 0);
      for (let kills = 0; kills < KILLS && !ended; kills++) {
        await eventually(() => ended || working().length > 0, 30_000);
        await sleep(20 + below(150));
        const trees = working();
        const tree = trees[below(Math.max(1, trees.length))];
        if (tree === undefined) continue;
        const victims = VICTIMS[what]?.(tree) ?? [];
        killAll(victims);
        seen.push(...victims);
      }
      expect((await running).state).toBe("finished");
      expect(seen.length).toBeGreaterThan(0);
      expectAllButBlamed(shared.it.outcome(output), shared.whole, seen.length);
      expect(stillRunning(seen)).toEqual([]);
      expect(tracerProcesses(process.pid)).toEqual([]);
    },
    60_000,
  );

  it("its thread gets another one, and the rows are those of an undisturbed run", async () => {
    const below = choices("thread");
    const threads: Worker[] = [];
    let begun = 0;
    const note = (thread: Worker): void => {
      begun++;
      threads.push(thread);
      thread.once("exit", () => threads.splice(threads.indexOf(thread), 1));
    };
    process.on("worker", note);
    const running = shared.it.run("thread.jsonl");
    for (let ends = 0; ends < 2; ends++) {
      await eventually(() => tracerTrees(process.pid).some(({ executors }) => executors.length > 0));
      await sleep(20 + below(150));
      await threads[below(threads.length)]?.terminate();
    }
    const { state } = await running;
    process.off("worker", note);
    expect(state).toBe("finished");
    expect(begun).toBe(4);
    expect(difference(shared.it.outcome("thread.jsonl"), shared.whole)).toBeNull();
    expect(await eventually(() => tracerProcesses(process.pid).length === 0)).toBe(true);
  }, 60_000);
});

/**
 * A program that was the first of its executor when that was killed gets the blame, since nothing tells who killed it:
 * at most one per kill. All else must be as it was.
 */
function expectAllButBlamed(outcome: Outcome, whole: Outcome, kills: number): void {
  const blamed = idsOf(
    outcome.rejected.split("\n").filter((line) => /killed by SIGKILL|tracer process down/.test(line)),
  );
  expect(blamed.size).toBeLessThanOrEqual(kills);
  const without = (text: string): string[] => text.split("\n").filter((line) => line === "" || !blamed.has(idOf(line)));
  expect(without(outcome.rows)).toEqual(without(whole.rows));
  expect(without(outcome.rejected)).toEqual(without(whole.rejected));
}

function idsOf(lines: readonly string[]): Set<unknown> {
  return new Set(lines.map(idOf));
}

function idOf(line: string): unknown {
  return (JSON.parse(line) as { id?: string }).id;
}
