// Python itself is the judge: ast.literal_eval of what a literal is, `==` of what is equal.
import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { LiteralError, parseLiteral } from "../../../src/python/literal.ts";
import type { PythonValue } from "../../../src/python/python-value.ts";
import { equalValues } from "../../../src/views/verdict/compare.ts";

const PYTHON = process.env["TRACEMILL_PYTHON"] ?? "python3";
const hasPython = spawnSync(PYTHON, ["--version"]).status === 0;

function python(code: string, input: string = ""): string {
  const { stdout, stderr, status } = spawnSync(PYTHON, ["-W", "ignore", "-c", code], {
    input,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

// Values of all types, nested, with pairs that are equal across types; the texts are repr's.
const PAIRS = `
import json, random
random.seed(7)
ATOMS = [None, ..., True, False, 0, 1, -1, 2**53, 2**53 + 1, -10**30, 0.0, -0.0, 1.0, 1e16, 1.5, 1e300, 5e-324, float("inf"),
    float("nan"), 1j, -1.5j, 1+0j, complex("inf"), complex("-0-nanj"), float(2**53), 10.0**30, "", "a", "\\n'\\"", "\\0\\x7f\\x80", "é€😀",
    "\\ud800", "\\\\", b"", b"a'\\xff\\n", "1", b"1"]
def value(depth):
    kind = random.randrange(12)
    if depth == 0 or kind < 5: return random.choice(ATOMS)
    items = [value(depth - 1) for _ in range(random.randrange(4))]
    if kind < 7: return items
    if kind < 9: return tuple(items)
    def hashable(items):
        for item in items:
            try: hash(item)
            except TypeError: continue
            yield item
    if kind == 9: return set(hashable(items))
    if kind == 10: return frozenset(hashable(items))
    return {key: value(depth - 1) for key in hashable(items)}
def holds_nan(x):
    if isinstance(x, (list, tuple, set, frozenset)): return any(map(holds_nan, x))
    if isinstance(x, dict): return any(map(holds_nan, x)) or any(map(holds_nan, x.values()))
    return x != x
def variant(x):
    if isinstance(x, bool) or x is None: return x
    if isinstance(x, int): return random.choice([x, float(x) if abs(x) < 10**15 else x, complex(x) if abs(x) < 10**15 else x])
    if isinstance(x, float) and x.is_integer(): return random.choice([x, int(x)])
    if isinstance(x, list): return [variant(i) for i in x]
    if isinstance(x, tuple): return tuple(variant(i) for i in x)
    if isinstance(x, set): return random.choice([set, frozenset])(reversed(list(x)))
    if isinstance(x, dict): return {k: variant(v) for k, v in reversed(x.items())}
    return x
for n in range(6000):
    a = value(4)
    b = random.choice([lambda: a, lambda: variant(a), lambda: value(2)])()
    if holds_nan(a) and holds_nan(b): continue  # identity decides in Python
    print(json.dumps([repr(a), repr(b), a == b]))
`;

const SPELLINGS = `
import ast, json, sys
for line in sys.stdin.read().split("\\n"):
    text = json.loads(line)
    try: value = repr(ast.literal_eval(text))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError): value = None
    print(json.dumps(value))
`;

const TEXTS = [
  ...[
    "1_000",
    "0x_fF",
    "0o17",
    "0b1_0",
    "00",
    "0_0",
    "1e5",
    "1_0.5_0e-1_0",
    "1.",
    ".5",
    "5.e3",
    "1E+2",
    "0e0",
    "1_j",
    "1__0",
    "01",
  ],
  ...[
    "1j",
    "0.5J",
    "1+2j",
    "1.5-2j",
    "-1-2j",
    "-(1+2j)",
    "(1+2j)",
    "1+2",
    "2j+1",
    "1j+2j",
    "+1",
    "--1",
    "-+-1",
    "~1",
    "not 1",
    "-True",
    "-'a'",
  ],
  ...[
    "'a' 'b'",
    "'a' b'b'",
    "b'a' b'\\xff'",
    "u'x'",
    "U'x'",
    "ur'x'",
    "Rb'\\n'",
    "bR'\\''",
    "r'\\'",
    "'\\x4'",
    "'\\u12'",
    "'\\U00110000'",
  ],
  ...[
    "'\\777'",
    "b'\\777'",
    "b'\\400'",
    "'\\q'",
    "'\\\n'",
    "'a\nb'",
    "'''a\nb'''",
    '"""a"b"""',
    "''''a'''",
    "'''a''''",
    "b'é'",
    "b'\\u1234'",
    "'\\08'",
  ],
  ...[
    "f'a'",
    "'a",
    "()",
    "(1)",
    "(1,)",
    "1,",
    "1, 2",
    ",",
    "(,)",
    "[1,]",
    "[,]",
    "[1 2]",
    "{}",
    "{1}",
    "{1,}",
    "{1: 2,}",
    "{1: 2, 3}",
    "{1, 2: 3}",
  ],
  ...[
    "set()",
    "set ( )",
    "set([])",
    "frozenset()",
    "dict()",
    "{[]}",
    "{[]: 1}",
    "{(1, [])}",
    "{**{}}",
    "[*[]]",
    "{1: 1, 1: 2}",
    "{1, 1.0, True}",
  ],
  ...[
    "None",
    "True",
    "none",
    "...",
    "Ellipsis",
    "....",
    "nan",
    "inf",
    "1e999",
    "-1e999",
    "__import__('os')",
    "a",
    "a.b",
    "[].a",
    "1 if 1 else 2",
    "1;2",
    "1\n2",
  ],
  ...[
    "",
    " ",
    " 1",
    "\t1",
    "\n1",
    "1\n",
    "1 # c",
    "# c",
    "[1, # c\n2]",
    "[\n1\n]",
    "(1\\\n)",
    "1\\\n",
    "\f1",
    "1 \\",
    "é",
    "'é'",
    "lambda: 1",
    "1<2",
    "[1][0]",
  ],
  ...[
    "9".repeat(4300),
    "9".repeat(4301),
    `0x${"f".repeat(3000)}`,
    "1_0".repeat(2000),
    `${"[".repeat(90)}${"]".repeat(90)}`,
    `${"[".repeat(300)}${"]".repeat(300)}`,
  ],
  ...[
    "1if",
    "1or",
    "1.real",
    "1..real",
    "0xg",
    "0b2",
    "1e",
    "1e+",
    "'a'1",
    "1'a'",
    "{'a' 'b': 1}",
    "{1:2}",
    "{1:-2}",
    "[1,-2,+3.5,None,'x',b'y',(4,),{5},{6:7}]",
  ],
];

describe.skipIf(!hasPython)("literals", () => {
  it("are read as Python reads them, and equal where it says so", () => {
    const lines = python(PAIRS).trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(4_000);
    const equal = lines.filter((line) => {
      const [one, other, same] = JSON.parse(line) as [string, string, boolean];
      const values = [parseLiteral(one, true), parseLiteral(other, true)] as const;
      expect([line, equalValues(values[0], values[1], null)]).toEqual([line, same]);
      expect([line, equalValues(values[1], values[0], null)]).toEqual([line, same]);
      return same;
    });
    expect(equal.length).toBeGreaterThan(1_000);
  });

  it("are what ast.literal_eval takes, in every spelling", () => {
    const values = python(SPELLINGS, TEXTS.map((text) => JSON.stringify(text)).join("\n"))
      .trimEnd()
      .split("\n");
    for (const [i, text] of TEXTS.entries()) {
      const theirs = JSON.parse(values[i] as string) as string | null;
      const ours = parsed(text);
      const same =
        theirs === null || ours === null ? theirs === ours : equalValues(ours, parseLiteral(theirs, true), null);
      expect([text, theirs, same]).toEqual([text, theirs, true]);
    }
  });
});

it("a literal that is cut anywhere, or has something added, is read or refused", () => {
  const whole = `[1, -2.5e3, 'a\\x41\\u00e9', b'\\'', (None, True), {1: {2, 3}, "k": set()}, 1+2j, ...]`;
  for (let i = 0; i < whole.length; i++) {
    for (const text of [whole.slice(0, i), whole.slice(i), `${whole.slice(0, i)}\\${whole.slice(i)}`]) parsed(text);
  }
  expect(parsed(whole)).not.toBeNull();
});

it("tolerance is math.isclose, for numbers that are neither keys nor elements of sets", () => {
  const close = (one: string, other: string, relative: number, absolute: number): boolean => {
    return equalValues(parseLiteral(one, true), parseLiteral(other, true), { relative, absolute });
  };
  expect(close("[0.1, {'a': (0.3,)}]", "[0.1, {'a': (0.30000000000000004,)}]", 1e-9, 0)).toBe(true);
  expect(close("1", "1.0000001", 0, 1e-6)).toBe(true);
  expect(close("0.0", "1e-12", 1e-9, 0)).toBe(false);
  expect(close("1+1j", "1.0000000001+1j", 1e-9, 0)).toBe(true);
  expect(close("inf", "1e308", 0.5, 0)).toBe(false);
  expect(close("nan", "nan", 1, 1)).toBe(false);
  expect(close("{0.3}", "{0.30000000000000004}", 1, 1)).toBe(false);
  expect(close("'1'", "1", 1, 1)).toBe(false);
});

function parsed(text: string): PythonValue | null {
  try {
    return parseLiteral(text);
  } catch (error) {
    if (error instanceof LiteralError) return null;
    throw error;
  }
}
