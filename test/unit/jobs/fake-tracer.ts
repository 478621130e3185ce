import { traceOptionsSchema } from "../../../src/base/schema/options.ts";
import type { ProgramInput } from "../../../src/base/schema/program.ts";
import type { Sandbox } from "../../../src/base/schema/sandbox.ts";
import { noTiers } from "../../../src/base/schema/tiers.ts";
import type { RenderedBatch, RunOptions, Tracer, TracerOptions } from "../../../src/engine/tracer.ts";
import type { Status } from "../../../src/record/trace/value.ts";

export interface FakeBehaviour {
  batchSize?: number;
  python?: string;
  sandbox?: Sandbox;
  /** Called before a batch is handed out, with its number. */
  beforeBatch?: (number: number) => void;
  /** Filled with the ids that were run. */
  ran?: string[];
}

/** A tracer that runs nothing: a program becomes `{"id"}`, one whose code is "bad" is rejected as a timeout. */
export function fakeTracer(behaviour: FakeBehaviour = {}): (options: TracerOptions) => Promise<Tracer> {
  const { batchSize = 4, python = "3.12.1", sandbox = null, beforeBatch, ran } = behaviour;
  return async ({ workers: _workers, python: _python, signal: _signal, ...options }) => ({
    python: { version: python, executable: "/usr/bin/python3" },
    options: traceOptionsSchema.parse(options),
    sandbox,
    run: () => {
      throw new Error("not used");
    },
    trace: () => Promise.reject(new Error("not used")),
    async *runRendered(programs, _format, { signal }: RunOptions = {}) {
      let batch: ProgramInput[] = [];
      let first = 0;
      let number = 0;
      const finish = (): RenderedBatch => {
        beforeBatch?.(number++);
        signal?.throwIfAborted();
        ran?.push(...batch.map(({ id }) => id));
        const made = render(batch, first);
        first += batch.length;
        batch = [];
        return made;
      };
      for await (const program of programs) {
        batch.push(program);
        if (batch.length === batchSize) yield finish();
      }
      if (batch.length > 0) yield finish();
    },
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  });
}

function render(batch: readonly ProgramInput[], first: number): RenderedBatch {
  const good = batch.filter(({ code }) => code !== "bad");
  const rejected = batch.flatMap(({ id, code }, i) => {
    return code === "bad" ? [{ index: first + i, id, reason: "timeout", message: "took too long" }] : [];
  });
  const statuses = { ok: good.length, timeout: rejected.length } as Record<Status, number>;
  const output = Buffer.from(good.map(({ id }) => `${JSON.stringify({ id })}\n`).join(""));
  const tiers = { ...noTiers(), tame: batch.length };
  return { output, rows: good.length, rejected, statuses, tiers, consumed: batch.length, release: () => {} };
}
