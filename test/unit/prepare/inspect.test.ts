import { expect, test, vi } from "vitest";
import type { ProgramInput } from "../../../src/base/schema/program.ts";
import type { Facts } from "../../../src/prepare/inspect/facts.ts";
import { inspect } from "../../../src/prepare/inspect/inspect.ts";
import { builtPythons, NOT_BUILT } from "../../helpers/built-pythons.ts";
import { collect } from "../../helpers/collect.ts";

// Tracer processes start in each of them.
vi.setConfig({ testTimeout: 120_000 });

const pythons = await builtPythons();

const CODE = `import numpy as np
from random import choice as pick
class A:
    def m(self, x, /, y=1, *a, k, **kw):
        for i in range(3):
            while True:
                break
        else:
            pass
        return pick(x) + np.random.rand()
def f(é, n): s = "ü"; return (lambda t: t)(n) if n else s
def f(n):
    def g():
        nonlocal n
        yield n
    try:
        pass
    except E:
        n = 2
`;

async function facts(program: Omit<ProgramInput, "id">, python: string): Promise<Facts> {
  const [row] = await collect(inspect([{ id: "p", ...program }], { python }));
  if (row === undefined || !("facts" in row)) throw new Error(JSON.stringify(row));
  return row.facts;
}

test.skipIf(pythons.length === 0)(
  `Python's grammar says what is in a program${pythons.length ? "" : ` (${NOT_BUILT})`}`,
  async () => {
    for (const { executable } of pythons) {
      const found = await facts({ code: CODE, entry: "f(2)" }, executable);
      expect(found.entry).toEqual({ kind: "call", function: "f", line: 12 });
      expect(found.uses).toEqual(["numpy", "numpy.random", "numpy.random.rand", "random.choice"]);
      expect(
        found.functions.map(({ qualname, line, endLine, generator }) => [qualname, line, endLine, generator]),
      ).toEqual([
        ["A.m", 4, 10, false],
        ["f", 11, 11, false],
        ["f.<locals>.<lambda>", 11, 11, false],
        ["f", 12, 19, false],
        ["f.<locals>.g", 13, 15, true],
      ]);
      expect(found.functions[0]?.parameters.map(({ name, kind, default: has }) => [name, kind, has])).toEqual([
        ["self", "positional-only", false],
        ["x", "positional-only", false],
        ["y", "positional", true],
        ["a", "var-positional", false],
        ["k", "keyword-only", false],
        ["kw", "var-keyword", false],
      ]);
      expect(found.loops).toEqual([
        {
          kind: "for",
          line: 5,
          endLine: 9,
          body: { line: 6, endLine: 7 },
          else: { line: 9, endLine: 9 },
          depth: 0,
          scope: "A.m",
        },
        { kind: "while", line: 6, endLine: 7, body: { line: 7, endLine: 7 }, else: null, depth: 1, scope: "A.m" },
      ]);
      expect(found.branches.map(({ kind, line, arms }) => [kind, line, arms.length])).toEqual([
        ["conditional", 11, 2],
        ["try", 16, 2],
      ]);
      const inner = found.scopes.find(({ qualname }) => qualname === "f.<locals>.g");
      expect(inner).toMatchObject({ kind: "function", nonlocals: ["n"], free: ["n"], locals: [] });
      // Characters, not bytes: the names before it are not ASCII.
      expect(found.statements.find(({ kind, line }) => kind === "Return" && line === 11)).toMatchObject({ column: 22 });
    }
  },
);

test.skipIf(pythons.length === 0)(
  "what hostile sources do is their own row's error, whatever stands beside them",
  async () => {
    const programs = [
      { id: "ok", code: "x = 1" },
      { id: "syntax", code: "def f(:" },
      { id: "deep", code: `(${"-".repeat(100_000)}1)` },
      { id: "null", code: "x\0" },
      { id: "surrogate", code: "x = '\ud800'" },
      { id: "entry", code: "x = 1", entry: "f(" },
      { id: "last", code: "def f(): pass", entry: "f()" },
    ];
    const rows = await collect(inspect(programs, { python: pythons[0]?.executable }));
    expect(rows.map((row) => [row.id, "facts" in row])).toEqual([
      ["ok", true],
      ["syntax", false],
      ["deep", false],
      ["null", false],
      ["surrogate", false],
      ["entry", false],
      ["last", true],
    ]);
    expect(rows[1]).toMatchObject({ error: { type: "SyntaxError", line: 1 } });
    expect(rows[5]).toMatchObject({ error: { message: expect.stringContaining("in the entry") } });
  },
);

test.skipIf(pythons.length === 0)("copies with other names, comments and layout have one shape", async () => {
  const python = pythons[0]?.executable as string;
  const shape = async (code: string): Promise<string> => (await facts({ code }, python)).shape;
  const original = await shape("def f(a, b):\n    return a + b * 2");
  expect(await shape('def add(x: int, y) -> int:\n    """Adds."""\n    # note\n    return (x\n      + y * 2)\n')).toBe(
    original,
  );
  expect(await shape("def f(a, b):\n    return b + a * 2")).not.toBe(original);
  expect(await shape("def f(a, b):\n    return a + b * 3")).not.toBe(original);
});
