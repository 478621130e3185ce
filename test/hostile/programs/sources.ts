// Sources that are hostile before they run; most cannot be written into a file.
import { type HostileProgram, parseExpectation } from "../hostile-program.ts";

type Extra = Partial<Pick<HostileProgram, "entry" | "exception" | "stdout">>;

function source(id: string, status: string, code: string, extra: Extra = {}): HostileProgram {
  return {
    id,
    category: "sources",
    code,
    entry: null,
    stdin: undefined,
    expectations: [parseExpectation(status)],
    exception: null,
    detail: null,
    stdout: null,
    expected: undefined,
    verdict: null,
    traced: false,
    never: null,
    notInline: null,
    witness: null,
    ...extra,
  };
}

const blocks = (depth: number): string =>
  `${Array.from({ length: depth }, (_, i) => `${" ".repeat(i)}if 1:\n`).join("")}${" ".repeat(depth)}x = 1\n`;

export const SOURCES: readonly HostileProgram[] = [
  source("zero byte", "syntax-error", "x = 1\0\ny = 2\n"),
  source("zero byte in a string", "syntax-error", "x = 'a\0b'\n"),
  source("zero byte in the entry", "syntax-error", "x = 1\n", { entry: "x\0" }),
  source("lone surrogate in a string", "syntax-error", "x = '\ud800'\n"),
  source("lone surrogate as a name", "syntax-error", "\udfff = 1\n"),
  source("lone surrogate in a comment", "ok or syntax-error: a comment need not be decoded", "# \ud800\nx = 1\n"),
  source("nothing", "ok", ""),
  source("only a comment", "ok", "# nothing"),
  // As compile() has it: whoever reads a file takes the mark off.
  source("byte order mark", "ok", "\ufeffprint('marked')\n"),
  source("form feeds and odd line ends", "ok", "x = 1\r\n\f\ny = 2\rprint(x + y)\r\n", { stdout: "3\n" }),
  source("tabs against spaces", "syntax-error", "if 1:\n        x = 1\n\ty = 2\n", { exception: "TabError" }),
  source("cookie of another encoding", "ok", "# -*- coding: latin-1 -*-\nprint(len('\u00e9'))\n", { stdout: "1\n" }),
  source("cookie of no encoding", "syntax-error", "# -*- coding: nonsense -*-\nprint('read')\n"),
  source("cookie of a decoder", "syntax-error", "# -*- coding: rot13 -*-\nprint('plain')\n"),
  source("100,000 open parentheses", "output-limit: of the line that is shown", "(".repeat(100_000)),
  source(
    "100,000 pairs of parentheses",
    "output-limit: of the line that is shown",
    `x = ${"(".repeat(100_000)}1${")".repeat(100_000)}\n`,
  ),
  source("100,000 minus signs", "syntax-error", `x = ${"-".repeat(100_000)}1\n`),
  source("100,000 nots", "syntax-error", `x = ${"not ".repeat(100_000)}1\n`),
  source(
    "sum of 100,000",
    "ok or syntax-error: as deep as the compiler of this version goes",
    `x = ${"1 + ".repeat(100_000)}1\n`,
  ),
  source(
    "5,000 attributes",
    "exception or syntax-error: as deep as the compiler of this version goes",
    `x = 1${".real".repeat(5_000)}.none\n`,
  ),
  source(
    "5,000 branches",
    "ok or syntax-error: as deep as the compiler of this version goes",
    `x = 0\nif x:\n    pass\n${"elif x:\n    pass\n".repeat(5_000)}`,
  ),
  source("blocks 120 deep", "syntax-error", blocks(120), { exception: "IndentationError" }),
  source(
    "loops 30 deep",
    "syntax-error",
    `${Array.from({ length: 30 }, (_, i) => `${" ".repeat(i)}for _ in x:\n`).join("")}${" ".repeat(30)}pass\n`,
  ),
  source(
    "functions 90 deep",
    "ok",
    `${Array.from({ length: 90 }, (_, i) => `${" ".repeat(i)}def f():\n`).join("")}${" ".repeat(90)}pass\n`,
  ),
  source(
    "formatted strings in each other",
    "ok or syntax-error: the same quotes inside each other since 3.12",
    'x = f"{f"{f"{1}"}"}"\n',
  ),
  source("a line of ten million characters", "ok", `x = '${"x".repeat(10_000_000)}'\nprint(len(x))\n`, {
    stdout: "10000000\n",
  }),
  // Not more: CPython 3.12 itself needs time that grows with the square of the lines when they are traced.
  source("five thousand lines", "ok", "x = 1\n".repeat(5_000)),
  source("more lines than memory", "memory-limit", "x = [1, 2, 3]\n".repeat(60_000)),
  source("a list of a hundred thousand", "ok", `x = [${"0, ".repeat(100_000)}]\n`),
  source(
    "a dictionary of ten thousand",
    "ok",
    `x = {${Array.from({ length: 10_000 }, (_, i) => `${i}: ${i}`).join(",")}}\n`,
  ),
  source("integer of 5,000 digits", "syntax-error", `x = ${"7".repeat(5_000)}\n`),
  source("hexadecimal integer of a million digits", "ok", `x = 0x${"7".repeat(1_000_000)}\n`),
  source("name of a million characters", "ok", `${"x".repeat(1_000_000)} = 1\n`),
  source(
    "a thousand arguments",
    "ok",
    `def f(${Array.from({ length: 1_000 }, (_, i) => `a${i}=${i}`).join(", ")}):\n    return a999\n`,
    { entry: "f()" },
  ),
  source(
    "constants that fold",
    "ok or memory-limit: folded or not",
    "x = 'x' * 2 ** 24\ny = (1 << 64) ** 64\nz = ((0,) * 4096) * 4096\n",
  ),
  source("constants that must not fold", "memory-limit", "x = 0\ny = 'x' * 10 ** 11\n"),
  source("not a chance", "syntax-error", "from __future__ import braces\n"),
  source("no such future", "syntax-error", "from __future__ import everything\n"),
  source("friendly future", "syntax-error", "from __future__ import barry_as_FLUFL\nprint(1 <> 2)\n"),
  source(
    "future annotations",
    "ok",
    "from __future__ import annotations\ndef f(x: no.such.name) -> 1 / 0: return x\n",
    { entry: "f(1)" },
  ),
  source("await outside of everything", "syntax-error", "await x\n"),
  source("return outside of a function", "syntax-error", "return 1\n"),
  source("yield in the entry", "syntax-error", "x = 1\n", { entry: "(yield x)" }),
  source("statement as the entry", "syntax-error", "x = 1\n", { entry: "x = 2" }),
  source("empty entry", "syntax-error", "x = 1\n", { entry: "" }),
  source("two lines as the entry", "syntax-error", "x = 1\n", { entry: "x\nx" }),
  source("walrus in the entry", "ok", "x = 1\n", { entry: "(x := 2)" }),
  source("entry that is not closed", "syntax-error", "def f(x): return x\n", { entry: "f(1" }),
  source("entry that closes more", "syntax-error", "def f(x): return x\n", { entry: "f(1)) or (2" }),
  source("string that is not closed", "syntax-error", 'x = """\n'),
  source("warnings of the compiler", "ok", 'x = "\\d"\nx is 1\nassert (x, "always")\n'),
  source("odd characters", "syntax-error", "x = 1\u00a0+ 1\n"),
  source("words written backwards", "ok", "x = 'a' # \u202e }'b'\nprint(x)\n", { stdout: "a\n" }),
];
