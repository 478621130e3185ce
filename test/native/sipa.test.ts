import { describe, expect, it } from "vitest";
import { openTracer } from "../../src/engine/tracer.ts";
import { SourceStatements } from "../../src/python/statements.ts";
import type { Trace } from "../../src/record/trace/trace.ts";
import { stepsOfRun } from "../../src/views/rewards/metrics/run-steps.ts";
import { type AskStep, followRun } from "../../src/views/rewards/metrics/sipa.ts";
import { type Step, sameState } from "../../src/views/rewards/step-answer.ts";
import { builtPythons } from "../helpers/built-pythons.ts";

const [python] = await builtPythons();

const CODE = `def g(x, y):
    z = x * y
    return z


def f(n):
    total = 0
    for i in range(n):
        total += g(i, (n + 1))
    return total
`;

describe.skipIf(python === undefined)("the agent", () => {
  async function traced(entry: string): Promise<{ trace: Trace; steps: Step[] }> {
    await using tracer = await openTracer({
      ...(python === undefined ? {} : { python: python.executable }),
      workers: 1,
    });
    const trace = await tracer.trace({ id: "p", code: CODE, entry });
    return { trace, steps: stepsOfRun(trace, new SourceStatements(CODE)) };
  }

  /** Knows the run: of the true steps of a line the first that was not given yet, whatever state it is asked with. */
  function knowing(steps: readonly Step[]): AskStep {
    const left = [...steps];
    return async (line) => {
      const at = left.findIndex((step) => step.line === line);
      return at < 0 ? null : (left.splice(at, 1)[0] ?? null);
    };
  }

  it("comes to the run's output with a model that is right, through calls and returns that it is not asked for", async () => {
    const { trace, steps } = await traced("f(3)");
    const asked: number[] = [];
    const know = knowing(steps);
    const run = await followRun(trace, (line, state) => {
      asked.push(line);
      return know(line, state);
    });
    expect(run?.ended).toBe("finished");
    expect(run?.output?.repr).toBe("12");
    // Callees come before the end of the statement that called them, and returns are never asked for.
    expect(run?.steps.map(({ line }) => line)).toEqual([7, 8, 2, 3, 9, 8, 2, 3, 9, 8, 2, 3, 9, 8, 10]);
    expect(asked).toEqual([7, 8, 2, 9, 8, 2, 9, 8, 2, 9, 8]);
    expect(new Set(run?.steps.map(({ frame }) => frame)).size).toBe(4);
  });

  it("has no output after a slip, and does not go on for ever", async () => {
    const { trace, steps } = await traced("f(3)");
    const slip = steps.map((step): Step => {
      const state = new Map(step.state as ReadonlyMap<string, string>);
      if (state.has("total")) state.set("total", "99");
      return { ...step, state };
    });
    const run = await followRun(trace, knowing(slip));
    expect(run).toMatchObject({ ended: "finished", output: null });
    expect(sameState(run?.steps.at(-1)?.state ?? "", steps.at(-1)?.state ?? "")).toBe(false);
    const circle: Step = { line: null, state: new Map(), next: "8" };
    const endless = await followRun(trace, async () => circle);
    expect(endless).toMatchObject({ ended: "too-many-steps", output: null });
    expect(endless?.steps).toHaveLength(25);
    expect(await followRun(trace, async () => null)).toMatchObject({ ended: "not-a-step", steps: [] });
    expect(await followRun(trace, async () => ({ ...circle, state: "ValueError" }))).toMatchObject({ ended: "raised" });
  });

  it("has nothing to follow where no function is called", async () => {
    expect(await followRun((await traced("1 + 1")).trace, async () => null)).toBe(null);
  });
});
