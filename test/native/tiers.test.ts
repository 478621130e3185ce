// In which way each program of `shared` is kept from the others.
import { describe, expect, it } from "vitest";
import { noTiers, TIERS, type Tier } from "../../src/base/schema/tiers.ts";
import { openTracer } from "../../src/engine/tracer.ts";
import type { Status } from "../../src/record/trace/value.ts";

/** Programs that must have this tier, and how they end. */
const PROGRAMS: readonly (readonly [tier: Tier, code: string, status?: Status])[] = [
  ["tame", "total = sum(range(10))\nprint(total)"],
  ["restored", "import builtins\nbuiltins.left = 1"],
  ["restored", "import os\nos._exit(4 - 1)", "crash"],
  ["forked", "m = __import__('cty' + 'pes')\nprint(m.c_int(3).value)"],
  ["forked", "import marshal\nprint(marshal.loads(marshal.dumps([1])))"],
  ["forked", "def f(): pass\nprint(f.__code__.replace(co_name='g').co_name)"],
  ["forked", "import fcntl\ntry:\n    fcntl.ioctl(70, 21505)\nexcept OSError:\n    pass"],
  ["forked", "import builtins  # as_strided"],
  // What looks as if it took native access has a process of its own, where it shows what it does.
  ["forked", "import os\nos._exit(4)", "crash"],
];

describe("tiers", () => {
  it("are chosen by what programs do, in one run and in order", async () => {
    await using tracer = await openTracer({ workers: 1 });
    const snapshots = tracer.sandbox?.noSnapshots === "";
    for (const [tier, code, status = "ok"] of PROGRAMS) {
      for await (const batch of tracer.runRendered([{ id: code, code }], "record")) {
        const expected = snapshots || tier === "tame" ? tier : "forked";
        expect([code, batch.tiers], code).toEqual([code, { ...noTiers(), [expected]: 1 }]);
        expect([code, batch.statuses[status]]).toEqual([code, 1]);
      }
    }
  }, 60_000);

  it("add up over a batch in which all of them occur, and nothing is left for the next program", async () => {
    const left = "import builtins\nprint(hasattr(builtins, 'left'))";
    const programs = PROGRAMS.flatMap(([, code]) => [code, left]).map((code, i) => ({ id: `p${i}`, code }));
    await using tracer = await openTracer({ workers: 1 });
    const found: string[] = [];
    for await (const trace of tracer.run(programs)) if (trace.program.code === left) found.push(trace.stdout);
    expect(found).toEqual(PROGRAMS.map(() => "False\n"));
    const counts = noTiers();
    for await (const { tiers } of tracer.runRendered(programs, "record"))
      for (const tier of TIERS) counts[tier] += tiers[tier];
    expect(counts.tame + counts.restored + counts.forked).toBe(programs.length);
  }, 60_000);

  it("are one in fork isolation", async () => {
    await using tracer = await openTracer({ workers: 1, isolation: "fork" });
    for await (const { tiers } of tracer.runRendered([{ id: "a", code: "x = 1" }], "record"))
      expect(tiers).toEqual({ ...noTiers(), forked: 1 });
  }, 60_000);
});
