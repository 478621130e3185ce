// Verdicts on NumPy's arrays and numbers, as they are recorded; programs that would be right by any means but the value.
import { describe, expect, it } from "vitest";
import { openTracer } from "../../src/engine/tracer.ts";
import { type Verdict, verdictOf } from "../../src/views/verdict/verdict.ts";
import { builtPythons } from "../helpers/built-pythons.ts";
import { NO_PACKAGES, packagesPython } from "../packages/environment.ts";

const versions = (await builtPythons())
  .map(({ minor }) => `3.${minor}`)
  .filter((version) => packagesPython(version) !== null);
if (versions.length === 0) console.warn(NO_PACKAGES);

type Case = [result: string, expected: string, verdict: Verdict["is"], setup?: string];

const HONEST: Case[] = [
  ["np.arange(4).reshape(2, 2)", "[[0, 1], [2, 3]]", "yes"],
  ["np.arange(4).reshape(2, 2)", "[0, 1, 2, 3]", "no"],
  ["np.arange(4)[::-1]", "[3, 2, 1, 0]", "yes"],
  ["np.array(7)", "7", "yes"],
  ["np.zeros((0, 3))", "[]", "yes"],
  ["np.array([0.1, 0.5], dtype='f4')", "[0.1, 0.5]", "yes"],
  ["np.array([0.1, 0.5], dtype='f4')", "[0.1001, 0.5]", "no"],
  ["np.array([1 / 3])", "[1 / 3]", "not-comparable"],
  ["np.array([1 / 3])", "[0.3333333333333333]", "not-comparable"],
  ["np.array([1 / 3])", "[0.3334]", "no"],
  ["np.array([0.1000000000001])", "[0.1]", "not-comparable"],
  ["np.array([0.1, -2.5e10])", "[0.1, -2.5e10]", "yes"],
  ["np.array([1e-300, np.inf])", "[1e-300, 1e999]", "yes"],
  ["np.array([1 + 2j, -0.5j])", "[1+2j, -0.5j]", "yes"],
  ["np.array([True, False])", "[True, False]", "yes"],
  ["np.array(['a', 'bc'])", "['a', 'bc']", "yes"],
  ["np.array([b'a'])", "[b'a']", "yes"],
  ["np.array([[1, 2], 'x', None, [3]], dtype=object)", "[[1, 2], 'x', None, [3]]", "yes"],
  ["np.array([1, 2], dtype='>i4')", "[1, 2]", "yes"],
  [
    "{'mean': np.float64(0.1) + 0.2, 'all': [np.int8(3), np.True_]}",
    "{'mean': 0.30000000000000004, 'all': [3, True]}",
    "yes",
  ],
  ["np.float32(0.1)", "0.1", "yes"],
  ["np.int64(3)", "3.0", "yes"],
  ["np.arange(5000)", "[0]", "not-comparable"],
  ["[np.arange(5000)]", "[[0]]", "not-comparable"],
];

const EQUALS_ALL = "__eq__ = lambda s, o: True\n    __hash__ = None";
const FORGED: Case[] = [
  ["array([1])", "[1]", "not-comparable", "class array(list): pass"],
  ["[array([1])]", "[[1]]", "not-comparable", "class array(list): pass"],
  ["ndarray([1])", "[1]", "not-comparable", `class ndarray(list):\n    ${EQUALS_ALL}`],
  ["A(1)", "[1]", "not-comparable", "class A(np.ndarray): pass"],
  ["np.array([2]).view(A)", "[1]", "not-comparable", `class A(np.ndarray):\n    ${EQUALS_ALL}`],
  ["float64(1)", "2.0", "not-comparable", `class float64(np.float64):\n    ${EQUALS_ALL}`],
  ["np.matrix([[1]])", "[[1]]", "not-comparable"],
  ["np.ma.array([1, 2], mask=[0, 1])", "[1, 2]", "not-comparable"],
  ["np.array([(1, 2.5)], dtype=[('a', 'i4'), ('b', 'f8')])", "[(1, 2.5)]", "not-comparable"],
  ["np.array([A()], dtype=object)", "[1]", "not-comparable", `class A:\n    ${EQUALS_ALL}`],
  ["np.array([2])", "[1]", "no", "np.set_printoptions(formatter={'all': lambda x: '1'})"],
  ["np.array([2])", "[1]", "no", "np.array_repr = np.array_equal = np.all = lambda *a: True"],
];

describe.skipIf(versions.length > 0)("verdicts of packages' values", () => {
  it("need an environment", (context) => context.skip(NO_PACKAGES));
});

describe.runIf(versions.length > 0).each(versions)("third-party packages of Python %s", (version) => {
  it("are compared by value and shape where the row asks for it", async () => {
    const python = packagesPython(version) ?? "";
    await using tracer = await openTracer({ python, workers: 1, timeoutMs: 60_000, preload: ["numpy"] });
    const cases = [...HONEST, ...FORGED];
    const programs = cases.map(([result, expected, , setup = ""], i) => {
      const code = `import numpy as np\n${setup}\ndef f():\n    return ${result}\n`;
      return { id: String(i), code, entry: "f()", expected, numpy: true };
    });
    const found: unknown[] = [];
    for await (const { program, outcome } of tracer.run(programs)) {
      const [result, expected] = cases[Number(program.id)] as Case;
      found.push([result, expected, verdictOf(program, outcome)?.is ?? outcome.exception?.message]);
    }
    expect(found).toEqual(cases.map((one) => one.slice(0, 3)));
  }, 240_000);

  it("are not compared otherwise, and the reason says what would", async () => {
    const python = packagesPython(version) ?? "";
    await using tracer = await openTracer({ python, workers: 1, timeoutMs: 60_000, preload: ["numpy"] });
    const program = { id: "one", code: "import numpy as np\n", entry: "np.arange(2)", expected: "[0, 1]" };
    for await (const { outcome } of tracer.run([program])) {
      expect(verdictOf(program, outcome)).toMatchObject({
        is: "not-comparable",
        reason: expect.stringContaining('"numpy": true'),
      });
    }
  }, 120_000);

  it("believes no repr of a library that the program told how to print", async () => {
    const python = packagesPython(version) ?? "";
    await using tracer = await openTracer({
      python,
      workers: 1,
      timeoutMs: 60_000,
      objects: "repr",
      preload: ["numpy"],
    });
    const code = "import numpy as np\nnp.set_printoptions(formatter={'all': lambda x: '1'})\n";
    const program = { id: "one", code, entry: "np.array([2])", expected: "[1]", numpy: true };
    for await (const { outcome } of tracer.run([program])) {
      expect(verdictOf(program, outcome)?.is).toBe("not-comparable");
    }
  }, 120_000);
});
