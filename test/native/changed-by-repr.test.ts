// With --objects repr the program's own __repr__ runs: where that changes how the program ends, its row is rejected.
import { expect, test } from "vitest";
import { openTracer } from "../../src/engine/tracer.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";

const CLASS = `class C:
    looks = 0
    def __repr__(self):
        EFFECT
        return "C"
def f():
    c = C()
    d = [c]
    RETURN
`;
const program = (id: string, effect: string, returns: string): { id: string; code: string; entry: string } => {
  return { id, code: CLASS.replace("EFFECT", effect).replace("RETURN", returns), entry: "f()" };
};

/** What the effect changes, null: nothing that a row shows. */
const PROGRAMS: [program: ReturnType<typeof program>, changed: string | null][] = [
  [program("no effect", "pass", "return d"), null],
  [program("counts unseen", "C.looks += 1", "return 1"), null],
  [program("another type", "C.looks += 1", "return str(C.looks) if C.looks else 0"), "type of the result"],
  [program("an exception", "C.looks += 1", "return 1 if not C.looks else {}[1]"), "status"],
  [program("another exception", "C.looks += 1", "return {}[1] if not C.looks else [][1]"), "exception"],
  [program("prints later", "C.looks += 1", "print(C.looks)"), "stdout"],
  [program("complains later", "C.looks += 1", "import sys; print(C.looks, file=sys.stderr)"), "stderr"],
  [program("ends it", "raise SystemExit", "return 1"), null],
  [program("again no effect", "pass", "return 2"), null],
];

const [python] = await builtPythons();

test.skipIf(python !== undefined)("needs a build", (context) => context.skip(NOT_BUILT));

test.skipIf(python === undefined)("rows that --objects repr changed are rejected, and no others", async () => {
  const rejected = new Map<string, [reason: string, message: string]>();
  const rows: string[] = [];
  await using tracer = await openTracer({ python: python?.executable ?? "", workers: 1, objects: "repr" });
  for await (const batch of tracer.runRendered(
    PROGRAMS.map(([one]) => one),
    "events",
  )) {
    rows.push(...Buffer.from(batch.output).toString().split("\n").filter(Boolean));
    for (const { id, reason, message } of batch.rejected) rejected.set(id, [reason, message]);
    batch.release();
  }
  for (const [{ id }, changed] of PROGRAMS) {
    const row = rejected.get(id);
    expect(row?.[0] ?? null, id).toBe(changed === null ? null : "changed-by-repr");
    if (changed !== null) expect(row?.[1], id).toContain(changed);
  }
  const kept = PROGRAMS.filter(([, changed]) => changed === null).map(([{ id }]) => id);
  expect(rows.map((row) => JSON.parse(row).id)).toEqual(kept);
});

test.skipIf(python === undefined)("with structure nothing is compared, and nothing changes", async () => {
  await using tracer = await openTracer({ python: python?.executable ?? "", workers: 1 });
  const programs = PROGRAMS.map(([one]) => one);
  let rows = 0;
  for await (const batch of tracer.runRendered(programs, "events")) {
    expect(batch.rejected).toEqual([]);
    rows += batch.rows;
    batch.release();
  }
  expect(rows).toBe(PROGRAMS.length);
});
