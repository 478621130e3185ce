// Calls with literals are made without CPython's compiler. What the function gets is what it gets from compiled code:
// values, their sizes, which of them are one object and which strings are interned; and what is no such call fails the
// same way.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openTracer } from "../../src/engine/tracer.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";

const CODE = `import sys

def describe(value, seen):
    for number, other in enumerate(seen):
        if other is value:
            return ("again", number)
    seen.append(value)
    kind = type(value).__name__
    size = sys.getsizeof(value)
    if kind in ("list", "tuple", "set", "frozenset"):
        return (kind, size, [describe(item, seen) for item in value])
    if kind == "dict":
        return (kind, size, [(describe(key, seen), describe(item, seen)) for key, item in value.items()])
    if kind == "str":
        return (kind, size, value, sys.intern("".join(list(value))) is value)
    return (kind, size, repr(value))

def f(*values, **named):
    seen = []
    return [describe(value, seen) for value in values], [(name, describe(named[name], seen)) for name in named]

g = print
Case = match = f

def shown(*values):
    return [type(item).__name__ for item in sys._getframe(1).f_code.co_consts]
`;

/** A comment is for the compiler. */
const COMPILED = "  # compiled";

const EDGES = [
  ...[
    "f()",
    "f( )",
    "f ()",
    "f\t( 1 ,\t2 )",
    "  f(1)",
    "f(1) ",
    "f(1,)",
    "f(,)",
    "f(1,,)",
    "f(1",
    "f(1))",
    "f(1)(2)",
    "f(1).x",
  ],
  ...[
    "f(1); 2",
    "f(1) + 1",
    "f\n(1)",
    "f(\n1)",
    "f(1)\n",
    "f(1)\f",
    "f(1 2)",
    "f[1]",
    "f",
    "g(1)",
    "Case(1)",
    "match(1)",
  ],
  ...[
    "None(1)",
    "not(1)",
    "lambda(1)",
    "yield(1)",
    "await(1)",
    "__debug__(1)",
    "print(f(1))",
    "absent(1)",
    "é(1)",
    "1(2)",
  ],
  ...[
    "f(a=1)",
    "f(1, a=1)",
    "f(a=1, 1)",
    "f(a=1, a=2)",
    "f(a = [1], b=[1])",
    "f(a==1)",
    "f(None=1)",
    "f(if=1)",
    "f(__debug__=1)",
  ],
  ...[
    "f(match=1, _=2)",
    "f(*[1])",
    "f(**{'a': 1})",
    "f(a)",
    "f(a, b=1)",
    "f(*(x for x in [1]))",
    "f(b=1, a=2, c=3)",
    "f(f=1)",
  ],
  ...[
    "f(0)",
    "f(-0)",
    "f(00)",
    "f(01)",
    "f(007)",
    "f(- 5)",
    "f(--5)",
    "f(+5)",
    "f(~5)",
    "f(-5, -6, 256, 257, 257, -6)",
    "f(1_000)",
  ],
  ...[
    "f(999999999999999999, -999999999999999999, 9999999999999999999, 10**3)",
    "f(0x10, 0b1, 0o7)",
    "f(1j)",
    "f(1if 1else 2)",
  ],
  ...[
    "f(1.5, 1.5, -1.5, 0.0, -0.0, 0.0)",
    "f(1., .5, 1.e5, 1e5, 1E-5, 01.5)",
    "f(1..real)",
    "f(1.5.real)",
    "f(1.0, 1, True)",
  ],
  ...[
    "f(1.7976931348623157, 123456789012345678901234567890.5)",
    "f(True, False, None, Truex)",
    "f(None)",
    "f(Nonesuch)",
    "f(-True)",
  ],
  ...[
    "f('a' 'b')",
    "f('''a''')",
    "f('', '')",
    "f(''')",
    "f('a\"b', \"a'b\")",
    "f('a b', \"a b\", ['a b'], ('a b',))",
    "f('a",
    "f(\"a')",
  ],
  ...[
    "f('ab_1', ['ab_1'], {'ab_1': 'ab_1'})",
    "f('é', 'éé', '\u{1f600}', '日本')",
    "f('é', 'é')",
    "f('\ud800')",
    "f('a\tb')",
    "f('a\u0001b')",
  ],
  ...[
    "f('a\\nb', '\\t', '\\\\', '\\'', \"\\\"\", '\\r')",
    "f('\\x41')",
    "f('\\d')",
    "f('\\0')",
    "f('a\\\nb')",
    "f('\\')",
    "f('a\rb')",
    "f('a\0b')",
  ],
  ...[
    "f(b'a')",
    "f(r'a')",
    "f(f'a')",
    "f(u'a')",
    "f('a'.upper())",
    "f('%s' % 1)",
    "f([1] * 2)",
    "f((1) + (2))",
    "f([1][0])",
  ],
  ...[
    "f((), (), (1,), (1,), (1), ((1)))",
    "f((1, 2), (1, 2), [(1, 2)], ((1, 2), 3), (1.5, 'a b'), (1.5, 'a b'))",
    "f(((1, [2]), 3), (1, 2, [3]))",
  ],
  ...[
    "f([], [[]], [[], []], [1, 'a', None], [(1, 2), (1, 2), (1, 2)], [1, [2], 3, 4])",
    "f([,])",
    "f([1,])",
    "f([1 2])",
    "f([1)",
    "f((1,]))",
  ],
  ...[
    "f({}, {1: 2}, {1: 2,}, {'a': [1], 'b': [1]}, {(1, 2): 3}, {1: 'a', 1.0: 'b', True: 'c'}, {'a': 1, 'a': 2})",
    "f({,})",
    "f({1})",
  ],
  ...[
    "f({1, 2, 3})",
    "f({[1]: 2})",
    "f({(1, [2]): 3})",
    "f({1: 2, **{}})",
    "f({1})",
    "f({1: 2 3: 4})",
    "f({1:})",
    "f({1 2})",
    "f({None: 1, 'a': 2})",
  ],
  ...[
    "f(1, 2, 3, 4, 5, 6, 7, 8)",
    "f(1, 2, 3, 4, 5, 6, 7, 8, 9)",
    "f(1, 2, 3, 4, a=5, b=6, c=7, d=8)",
    "f(a=1, b=2, c=3, d=4, e=5, f=6, g=7, h=8)",
  ],
  `f(${"[".repeat(60)}${"]".repeat(60)})`,
  `f(${"(".repeat(20)}1${")".repeat(20)})`,
];

/** Lists, tuples and dicts of every length around where the compiler changes its way. */
const LENGTHS = Array.from({ length: 42 }, (_, n) => n).flatMap((n) => {
  const items = (item: (i: number) => string): string => Array.from({ length: n }, (_, i) => item(i)).join(", ");
  return [
    `f([${items(String)}], (${items(String)}))`,
    `f([${items((i) => `[${i}]`)}], (${items((i) => `[${i}]`)}))`,
    `f({${items((i) => `${i}: ${i}`)}}, {${items((i) => `'k${i}': [${i}]`)}})`,
    `f({${items((i) => `${i % 3 === 0 ? i : `'k${i}'`}: ${i}`)}}, {${items((i) => `${i % 9 === 8 ? i : `'k${i}'`}: ${i}`)}})`,
    `f([${items((i) => `${300 + (i % 30)}`)}], [${items((i) => `'a ${i % 25}'`)}], [${items((i) => `${i % 20}.5`)}])`,
  ];
});
const MANY = `f([${Array.from({ length: 600 }, (_, i) => 1000 + (i % 500)).join(", ")}])`;

const { literal } = fc.letrec<{ literal: string; atom: string }>((tie) => ({
  atom: fc.oneof(
    fc.integer({ min: -400, max: 400 }).map(String),
    fc.constantFrom(
      "None",
      "True",
      "False",
      "1.5",
      "-0.0",
      "0.0",
      "'a b'",
      '"a b"',
      "'ab'",
      "''",
      "'é'",
      "12345678901",
    ),
    fc.string({ maxLength: 6 }).map((text) => JSON.stringify(text)),
    fc.string({ unit: "grapheme", maxLength: 4 }).map((text) => `'${text}'`),
  ),
  literal: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    tie("atom"),
    fc.array(tie("literal"), { maxLength: 5 }).map((items) => `[${items.join(", ")}]`),
    fc.array(tie("literal"), { maxLength: 5 }).map((items) => `(${items.join(",")}${items.length === 1 ? "," : ""})`),
    fc
      .array(fc.tuple(tie("atom"), tie("literal")), { maxLength: 5 })
      .map((pairs) => `{${pairs.map(([key, value]) => `${key}: ${value}`).join(", ")}}`),
  ),
}));
const call = fc
  .tuple(fc.array(literal, { maxLength: 5 }), fc.array(literal, { maxLength: 4 }))
  .map(([values, named]) => `f(${[...values, ...named.map((value, i) => `n${i}=${value}`)].join(", ")})`);

const pythons = await builtPythons();

describe.skipIf(pythons.length > 0)("calls with literals", () => {
  it("need a build", (test) => test.skip(NOT_BUILT));
});

describe.each(pythons)("Python $version", ({ executable }) => {
  const settings = { python: executable, workers: 1, maxValueChars: 0, mode: "untraced" } as const;

  it("gives the function what compiled calls give it", async () => {
    const entries = [...EDGES, ...LENGTHS, MANY, ...fc.sample(call, { numRuns: 1500, seed: 7 })];
    const made = await outcomes(entries);
    const compiled = await outcomes(entries.map((entry) => `${entry}${COMPILED}`));
    // A traceback shows the line as it is written.
    for (const outcome of compiled) outcome.printed = outcome.printed.replaceAll(COMPILED, "");
    for (const [index, entry] of entries.entries()) expect(made[index], entry).toEqual(compiled[index]);
    const ended = compiled.map(({ status }) => status);
    expect(ended.filter((status) => status === "ok").length).toBeGreaterThan(1000);
    expect(ended.filter((status) => status !== "ok").length).toBeGreaterThan(40);
  });

  it("makes them itself", async () => {
    const [list, compiled, dict] = await outcomes([
      "shown([1, 2, 3])",
      `shown([1, 2, 3])${COMPILED}`,
      "shown({1: 2}, 'a')",
    ]);
    expect(list?.result).toBe("['list']");
    expect(compiled?.result).toBe("['tuple']");
    expect(dict?.result).toBe("['dict', 'str']");
  });

  async function outcomes(entries: readonly string[]) {
    await using tracer = await openTracer(settings);
    const found: { status: string; result: string | null; error: string | null; printed: string }[] = [];
    const programs = entries.map((entry, index) => ({ id: String(index), code: CODE, entry }));
    for await (const { outcome, stdout, stderr } of tracer.run(programs)) {
      const error = outcome.exception;
      found.push({
        status: outcome.status,
        result: outcome.result?.repr ?? null,
        error: error === null || error === undefined ? null : `${error.type}: ${error.message}`,
        printed: `${stdout}${stderr}`,
      });
    }
    return found;
  }
});
