// Programs that harm their process: each ends with its status, and the ordinary programs around it are as they are alone.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { packagePath } from "../../src/base/package-root.ts";
import type { ProgramInput } from "../../src/base/schema/program.ts";
import { openTracer } from "../../src/engine/tracer.ts";
import type { Status } from "../../src/record/trace/value.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";

const EXPECTED: Record<string, readonly Status[]> = {
  "endless-loop": ["timeout"],
  "hard-exit": ["crash"],
  "null-read": ["crash"],
  "huge-power": ["timeout", "memory-limit"],
  "huge-allocation": ["memory-limit"],
  "output-flood": ["output-limit"],
  "syntax-error": ["syntax-error"],
  "deep-recursion": ["exception"],
};

const programs = readFileSync(packagePath("test", "programs", "hostile-batch.jsonl"), "utf8")
  .trimEnd()
  .split("\n")
  .map((row) => JSON.parse(row) as ProgramInput);
// Unbounded events: the endless loop has to meet the limit of its time.
const LIMITS = { workers: 1, timeoutMs: 1_000, recordTimeMs: 1_000, maxEvents: 0 } as const;
const isOrdinary = ({ id }: ProgramInput): boolean => !(id in EXPECTED);

const pythons = await builtPythons();

describe.skipIf(pythons.length > 0)("limits", () => {
  it("needs a build", (test) => test.skip(NOT_BUILT));
});

describe.each(pythons)("Python $version", ({ executable }) => {
  it.each(["shared", "fork"] as const)(
    "holds hostile programs in %s isolation",
    async (isolation) => {
      await using tracer = await openTracer({ python: executable, isolation, ...LIMITS });
      const ids: string[] = [];
      const wrong: object[] = [];
      const records = new Map<string, Uint8Array>();
      for await (const trace of tracer.run(programs)) {
        const { id } = trace.program;
        const { status, detail } = trace.outcome;
        ids.push(id);
        if (!(EXPECTED[id] ?? ["ok"]).includes(status)) wrong.push({ id, status, detail });
        if (id === "deep-recursion") expect(trace.outcome.exception?.type).toBe("RecursionError");
        if (isOrdinary(trace.program)) records.set(id, Uint8Array.from(trace.bytes));
      }
      expect(ids).toEqual(programs.map(({ id }) => id));
      expect(wrong).toEqual([]);

      // Alone: a tracer process that has run nothing else.
      for (const program of programs.filter(isOrdinary).slice(0, 3)) {
        await using fresh = await openTracer({ python: executable, isolation, ...LIMITS });
        for await (const trace of fresh.run([program])) {
          expect(Buffer.from(trace.bytes).equals(records.get(program.id) ?? new Uint8Array()), program.id).toBe(true);
        }
      }
      // And all ordinary ones without a hostile neighbour.
      await using calm = await openTracer({ python: executable, isolation, ...LIMITS });
      for await (const trace of calm.run(programs.filter(isOrdinary))) {
        const { id } = trace.program;
        expect(Buffer.from(trace.bytes).equals(records.get(id) ?? new Uint8Array()), id).toBe(true);
      }
    },
    120_000,
  );
});
