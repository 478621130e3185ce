// Programs that would be right by every means but the right value, and what honest ones are told.
import { describe, expect, it } from "vitest";
import { TRACE_OPTIONS } from "../../src/base/schema/trace-option-table.ts";
import { openTracer } from "../../src/engine/tracer.ts";
import { type Verdict, verdictOf } from "../../src/views/verdict/verdict.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";

interface Case {
  what: string;
  code: string;
  expected: string;
  verdict: Verdict["is"];
  /** Of the type that a reason names. */
  type?: string;
}

const EQUALS_ALL =
  "    def __eq__(self, other): return True\n    def __ne__(self, other): return False\n    __hash__ = None\n";

function returns(what: string, expression: string, expected: string, verdict: Verdict["is"], type?: string): Case {
  return {
    what,
    code: `def f():\n    return ${expression}\n`,
    expected,
    verdict,
    ...(type === undefined ? {} : { type }),
  };
}

function forged(what: string, code: string, type?: string): Case {
  return { what, code, expected: "1", verdict: "not-comparable", ...(type === undefined ? {} : { type }) };
}

const HONEST: Case[] = [
  returns("an int", "1", "1", "yes"),
  returns("another int", "2", "1", "no"),
  returns("an int of two words", "1 << 200", String(1n << 200n), "yes"),
  returns("a float that is whole", "1.0", "1", "yes"),
  returns("a bool", "True", "1", "yes"),
  returns("a string for a number", "'1'", "1", "no"),
  returns("a string with everything in it", "'\\ud800\\x00\\'\"\\\\é😀'", "'\\ud800\\x00\\'\"\\\\é😀'", "yes"),
  returns("bytes", "b'\\xff\\'\"'", 'b"\\xff\'\\""', "yes"),
  returns("None", "None", "None", "yes"),
  returns(
    "containers",
    "[(1,), {2: {3, 4}}, frozenset([5]), [], {}, set()]",
    "[(1,), {2: {4, 3}}, {5}, [], {}, set()]",
    "yes",
  ),
  returns("a tuple for a list", "(1, 2)", "[1, 2]", "no"),
  returns("a complex number", "1+2j", "1+2j", "yes"),
  returns("Ellipsis", "...", "...", "yes"),
  returns("infinity", "[1e999, -1e999]", "[1e999, -1e999]", "yes"),
  returns("not a number", "float('nan')", "0.0", "no"),
  returns("a long list", "list(range(5000))", `[${Array.from({ length: 5000 }, (_, i) => i).join(",")}]`, "yes"),
  returns(
    "its last element",
    "list(range(5000))",
    `[${Array.from({ length: 5000 }, (_, i) => Math.min(i, 4998)).join(",")}]`,
    "no",
  ),
  returns("more than is recorded", "'a' * 100000", `'${"a".repeat(100_000)}'`, "not-comparable", "str"),
  returns("no literal", "1", "f(1)", "not-comparable"),
];

const FORGED: Case[] = [
  { ...forged("an object that equals all", `class A:\n${EQUALS_ALL}def f(): return A()\n`, "A") },
  forged("in a list", `class A:\n${EQUALS_ALL}def f(): return [A()]\n`, "list"),
  forged(
    "as a key",
    "class A:\n    __eq__ = lambda s, o: True\n    __hash__ = lambda s: hash(1)\ndef f(): return {A(): 1}\n",
    "dict",
  ),
  forged("an int of its own", `class N(int):\n${EQUALS_ALL}def f(): return N(2)\n`, "N"),
  forged("an int of its own called int", `Int = int\nclass int(Int):\n${EQUALS_ALL}def f(): return int(2)\n`, "int"),
  forged("a str of its own", `class S(str):\n${EQUALS_ALL}def f(): return S('1')\n`, "S"),
  forged("a float of its own", "class F(float): pass\ndef f(): return F(1)\n", "F"),
  forged("a list of its own", `class L(list):\n${EQUALS_ALL}def f(): return L([1])\n`, "L"),
  forged("a tuple with names", "from collections import namedtuple\ndef f(): return namedtuple('P', 'x')(1)\n", "P"),
  forged("a counter", "from collections import Counter\ndef f(): return Counter('a')\n", "Counter"),
  forged("a dict in order", "from collections import OrderedDict\ndef f(): return [OrderedDict(a=1)]\n", "list"),
  forged(
    "a member of an enumeration",
    "from enum import IntEnum\nclass E(IntEnum):\n    A = 1\ndef f(): return E.A\n",
    "E",
  ),
  forged("a number of the library", "from decimal import Decimal\ndef f(): return Decimal(1)\n", "Decimal"),
  forged("a fraction", "from fractions import Fraction\ndef f(): return (Fraction(1),)\n", "tuple"),
  forged("mock.ANY", "from unittest.mock import ANY\ndef f(): return ANY\n"),
  forged("mock.ANY in a dict", "from unittest.mock import ANY\ndef f(): return {'a': ANY}\n", "dict"),
  forged(
    "an object that says it is an int",
    "class A:\n    __class__ = int\n    __repr__ = lambda s: '1'\ndef f(): return A()\n",
  ),
  forged("a class called set", "class set: pass\ndef f(): return set()\n", "set"),
  forged("a class called frozenset", "class frozenset(list): pass\ndef f(): return [frozenset()]\n", "list"),
  forged(
    "a class called nan",
    "nan = type('nan', (), {'__repr__': lambda s: 'nan'})\ndef f(): return [nan()]\n",
    "list",
  ),
  forged("a class called 1", "One = type('1', (int,), {})\ndef f(): return One(1)\n"),
  forged(
    "a class whose equality is its metaclass's",
    "class M(type):\n    __eq__ = lambda s, o: True\n    __hash__ = type.__hash__\nclass A(metaclass=M): pass\ndef f(): return A\n",
  ),
  forged("bytes that change", "def f(): return bytearray(b'1')\n", "bytearray"),
  forged("a range", "def f(): return range(1)\n", "range"),
  forged("a list in itself", "def f():\n    a = []\n    a.append(a)\n    return a\n", "list"),
  {
    ...forged("a patched parser", "import ast\nast.literal_eval = lambda text: 2\ndef f(): return 2\n"),
    verdict: "no",
  },
  {
    ...forged(
      "a patched int",
      "import builtins\nbuiltins.int = builtins.bool = builtins.repr = lambda *a: 1\ndef f(): return 2\n",
    ),
    verdict: "no",
  },
  {
    ...forged("a patched compile", "import builtins\nbuiltins.compile = lambda *a, **k: None\ndef f(): return 2\n"),
    verdict: "no",
  },
  {
    ...forged(
      "one that looks for it",
      "import gc\ndef f(): return [o for o in gc.get_objects() if isinstance(o, str) and o == '1' * 3]\n",
    ),
    expected: "'111'",
    verdict: "no",
  },
  {
    ...forged(
      "a hash that is no hash",
      "class K(str):\n    __hash__ = lambda s: 0\n    __eq__ = lambda s, o: True\ndef f(): return {K('b')}\n",
    ),
    expected: "{'a'}",
  },
];

const pythons = await builtPythons();

describe.skipIf(pythons.length > 0)("verdicts", () => {
  it("need a build", (test) => test.skip(NOT_BUILT));
});

describe.each(pythons)("Python $version", ({ executable }) => {
  // One process can hold one Python.
  const isolations =
    executable === pythons[0]?.executable
      ? TRACE_OPTIONS.isolation.choices
      : TRACE_OPTIONS.isolation.choices.filter((one) => one !== "inline");

  it.each(isolations)("says what is so, %s", async (isolation) => {
    await using tracer = await openTracer({ python: executable, workers: 1, isolation, scope: "entry" });
    const told = await verdicts(tracer, [...HONEST, ...FORGED]);
    for (const { what, verdict, found, type } of told) {
      expect([what, found?.is]).toEqual([what, verdict]);
      if (found?.is === "not-comparable" && found.what === "result") {
        expect([what, found.reason]).toEqual([what, expect.stringContaining(`a ${type ?? ""}`)]);
      }
    }
  });

  it("believes no repr", async () => {
    await using tracer = await openTracer({ python: executable, workers: 1, objects: "repr" });
    const code = "class A:\n    __repr__ = lambda s: '1'\n    __eq__ = lambda s, o: True\ndef f(): return ";
    const cases = ["A()", "[A()]", "{'a': A()}"].map((result) => ({ ...forged(result, `${code}${result}\n`) }));
    for (const { found } of await verdicts(tracer, cases)) expect(found?.is).toBe("not-comparable");
  });

  it("shows no program what is expected", async () => {
    await using tracer = await openTracer({ python: executable, workers: 1 });
    const program = { id: "p", code: "def f(): return 2\n", entry: "f()" };
    const records: Buffer[] = [];
    for await (const { bytes } of tracer.run([program, { ...program, id: "q", expected: "'secret'" }])) {
      records.push(Buffer.from(bytes));
    }
    expect(records[1]).toEqual(records[0]);
  });

  it("takes numbers that are close where the row says so", async () => {
    await using tracer = await openTracer({ python: executable, workers: 1 });
    const program = { code: "def f(): return [0.1 + 0.2, 1]\n", entry: "f()", expected: "[0.3, 1]" };
    const rows = [
      { ...program, id: "exact" },
      { ...program, id: "close", tolerance: { relative: 1e-9 } },
    ];
    const found: (string | undefined)[] = [];
    for await (const { program: row, outcome } of tracer.run(rows)) found.push(verdictOf(row, outcome)?.is);
    expect(found).toEqual(["no", "yes"]);
  });
});

async function verdicts(tracer: Awaited<ReturnType<typeof openTracer>>, cases: readonly Case[]) {
  const programs = cases.map(({ code, expected }, i) => ({ id: String(i), code, entry: "f()", expected }));
  const found: (Case & { found: Verdict | null })[] = [];
  for await (const { program, outcome } of tracer.run(programs)) {
    found.push({ ...(cases[Number(program.id)] as Case), found: verdictOf(program, outcome) });
  }
  return found;
}
