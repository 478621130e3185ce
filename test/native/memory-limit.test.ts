// The limit of a program's memory holds whoever takes it, and ends the program as such whatever the refusal is called.
import { describe, expect, it } from "vitest";
import { openTracer } from "../../src/engine/tracer.ts";
import type { Status } from "../../src/record/trace/value.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { NO_PACKAGES, packagesPython } from "../packages/environment.ts";

const LIMITS = { workers: 1, memoryMb: 256, timeoutMs: 20_000 } as const;

interface Case {
  code: string;
  entry?: string;
  status: Status;
  stdout?: string;
}

const refused = (code: string): Case => ({ code, status: "memory-limit" });
const fits = (code: string, stdout: string): Case => ({ code, status: "ok", stdout });
const threads = (count: number): string => `import threading
gate = threading.Event()
threads = [threading.Thread(target=gate.wait) for _ in range(${count})]
for thread in threads:
    thread.start()
gate.set()
for thread in threads:
    thread.join()
print("done")`;

const CASES: Record<string, Case> = {
  "shared memory": refused("import mmap\nmmap.mmap(-1, 600 << 20)"),
  "private memory": refused("import mmap\nmmap.mmap(-1, 600 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)"),
  "many small mappings": refused("import mmap\nkept = [mmap.mmap(-1, 16 << 20) for _ in range(40)]"),
  "shared memory that fits": fits("import mmap\nprint(len(mmap.mmap(-1, 200 << 20)) >> 20)", "200\n"),
  scrypt: refused("import hashlib\nhashlib.scrypt(b'x', salt=b'y', n=1 << 20, r=8, p=1, maxmem=(1 << 31) - 1)"),
  sqlite: refused(`import sqlite3
database = sqlite3.connect(":memory:")
database.execute("create table t(x)")
for _ in range(600):
    database.execute("insert into t values (zeroblob(1048576))")`),
  "many contexts of ssl": refused(
    "import ssl\nkept = []\nwhile True:\n    kept.append(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))",
  ),
  "a large dictionary of lzma": refused(
    "import lzma\nlzma.LZMACompressor(filters=[{'id': lzma.FILTER_LZMA2, 'preset': 9, 'dict_size': 1 << 30}])",
  ),
  "memory of C": fits(
    "import ctypes\nmalloc = ctypes.CDLL(None).malloc\nmalloc.restype = ctypes.c_void_p\nprint(malloc(ctypes.c_size_t(600 << 20)))",
    "None\n",
  ),
  "two hundred threads": fits(threads(200), "done\n"),
  "threads with large stacks": refused(`import threading\nthreading.stack_size(64 << 20)\n${threads(20)}`),
  "memory beside threads": refused(`${threads(30)}\nimport mmap\nmmap.mmap(-1, 600 << 20)`),
  "one object": refused("bytearray(600 << 20)"),
  "a refusal that is handled": fits(
    "import mmap\ntry:\n    mmap.mmap(-1, 600 << 20)\nexcept OSError:\n    print('handled')",
    "handled\n",
  ),
  "another exception after one": {
    code: "import mmap\ntry:\n    mmap.mmap(-1, 600 << 20)\nexcept OSError:\n    pass\nint('x')",
    status: "exception",
  },
  "another exception after one of malloc": {
    code: "import hashlib\ntry:\n    hashlib.scrypt(b'x', salt=b'y', n=1 << 20, r=8, p=1, maxmem=(1 << 31) - 1)\nexcept ValueError:\n    pass\nint('x')",
    status: "exception",
  },
  "an error of its own": { code: "raise OSError(12, 'mine')", status: "exception" },
  "deep recursion": fits(
    "import sys\nsys.setrecursionlimit(10 ** 6)\ndef f(n):\n    return n and 1 + f(n - 1)\nprint(f(20_000))",
    "20000\n",
  ),
  "memory at the end": fits(
    "import atexit\ndef more():\n    try:\n        bytearray(300 << 20)\n    except MemoryError:\n        print('refused')\natexit.register(more)",
    "refused\n",
  ),
};

const pythons = await builtPythons();

describe.skipIf(pythons.length > 0)("the limit of memory", () => {
  it("needs a build", (test) => test.skip(NOT_BUILT));
});

async function ends(options: Parameters<typeof openTracer>[0], cases: Record<string, Case>): Promise<object[]> {
  await using tracer = await openTracer(options);
  const programs = Object.entries(cases).map(([id, { code, entry }]) => ({ id, code, ...(entry && { entry }) }));
  const got: object[] = [];
  for await (const { program, outcome, stdout } of tracer.run(programs)) {
    const { status, detail } = outcome;
    if (detail) expect(detail, program.id).not.toMatch(/any machine/);
    got.push({ id: program.id, status, ...(cases[program.id as string]?.stdout && { stdout }) });
  }
  return got;
}

const expected = (cases: Record<string, Case>): object[] =>
  Object.entries(cases).map(([id, { status, stdout }]) => ({ id, status, ...(stdout && { stdout }) }));

describe.each(pythons)("Python $version", ({ executable }) => {
  it.each(["shared", "fork"] as const)(
    "bounds what programs take, in %s isolation",
    async (isolation) => {
      expect(await ends({ python: executable, isolation, ...LIMITS }, CASES)).toEqual(expected(CASES));
    },
    240_000,
  );

  it("bounds what a program takes while its result is described", async () => {
    const code = `import mmap
class Large:
    def __repr__(self):
        try:
            return str(len(mmap.mmap(-1, 600 << 20)))
        except OSError:
            return "refused"`;
    await using tracer = await openTracer({ python: executable, isolation: "fork", objects: "repr", ...LIMITS });
    for await (const { outcome } of tracer.run([{ id: "large", code, entry: "Large()" }])) {
      expect(JSON.stringify(outcome.result)).toContain("refused");
    }
  }, 60_000);
});

describe.each(["3.11", "3.12", "3.13"])("packages of Python %s", (minor) => {
  const python = packagesPython(minor);
  const ARRAYS: Record<string, Case> = {
    "all imports": fits("import numpy, scipy.stats, pandas, sklearn.ensemble, sympy, networkx\nprint(1)", "1\n"),
    "an array": fits("import numpy\nprint(numpy.ones(10_000_000).sum())", "10000000.0\n"),
    "a product": fits("import numpy\na = numpy.ones((300, 300))\nprint((a @ a)[0, 0])", "300.0\n"),
    "an array that is too large": refused("import numpy\nnumpy.ones(600 << 17)"),
    "an array of a hundred gigabytes": refused("import numpy\nnumpy.ones(100 << 27)"),
    "many arrays": refused("import numpy\nkept = [numpy.ones(1 << 17) for _ in range(600)]"),
  };
  it.skipIf(python === null)(
    `have memory of their own${python === null ? `: ${NO_PACKAGES}` : ""}`,
    async () => {
      const options = { python: python as string, isolation: "fork", ...LIMITS } as const;
      expect(await ends(options, ARRAYS)).toEqual(expected(ARRAYS));
    },
    120_000,
  );
});
