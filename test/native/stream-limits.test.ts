// The limit of output holds whichever way a program writes, and what it wrote before it was stopped or died is kept.
import { describe, expect, it } from "vitest";
import type { ProgramInput } from "../../src/base/schema/program.ts";
import { openTracer, type ProgramTrace, type TracerOptions } from "../../src/engine/tracer.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";

const LIMIT = 10_000;
const FLOODS: Record<string, string> = {
  print: "while True:\n    print('x' * 99)\n",
  "one print": "print('x' * 20000)\n",
  "write to the buffer": "import sys\nwhile True:\n    sys.stdout.buffer.write(b'x' * 99)\n",
  "os.write": "import os\nwhile True:\n    os.write(1, b'x' * 99)\n",
  "os.write to stderr": "import os\nwhile True:\n    os.write(2, b'x' * 99)\n",
  "os.writev": "import os\nwhile True:\n    os.writev(1, [b'x' * 50, b'y' * 49])\n",
  "os.pwrite far away": "import os\nos.pwrite(1, b'x', 1 << 40)\n",
  "os.ftruncate": "import os\nos.ftruncate(1, 1 << 40)\n",
  "os.lseek and write": "import os\nos.lseek(1, 1 << 30, 0)\nos.write(1, b'x')\n",
  "os.sendfile": "import os\nwhile True:\n    os.sendfile(1, 0, 0, 100)\n",
  "another layer": "f = open(1, 'w', closefd=False)\nwhile True:\n    f.write('x' * 99)\n",
  "an error that is caught":
    "import os\nfor i in range(200):\n    try:\n        os.write(1, b'x' * 99)\n    except OSError:\n        pass\n",
  "the signal as by default":
    "import os, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_DFL)\nwhile True:\n    os.write(1, b'x' * 99)\n",
};

const pythons = await builtPythons();

describe.skipIf(pythons.length > 0)("limits of streams", () => {
  it("needs a build", (test) => test.skip(NOT_BUILT));
});

describe.each(pythons)("Python $version", ({ executable }) => {
  const traces = async (programs: ProgramInput[], options: TracerOptions): Promise<ProgramTrace[]> => {
    await using tracer = await openTracer({ python: executable, workers: 1, ...options });
    const all: ProgramTrace[] = [];
    for await (const trace of tracer.run(programs)) all.push(trace);
    return all;
  };

  it.each(["shared", "fork"] as const)(
    "stops every flood at the limit, in %s isolation",
    async (isolation) => {
      const witness = "import os\nprint(os.fstat(1).st_size, os.lseek(1, 0, 1), os.fstat(2).st_size, input())\n";
      const programs = Object.entries(FLOODS).flatMap(([id, code]) => [
        { id, code, stdin: "x".repeat(500) },
        { id: `after ${id}`, code: witness, stdin: "in\n" },
      ]);
      for (const trace of await traces(programs, { isolation, maxOutputBytes: LIMIT, timeoutMs: 10_000 })) {
        const { id } = trace.program;
        const { status } = trace.outcome;
        if (id in FLOODS) {
          expect({ id, status }).toEqual({ id, status: "output-limit" });
          expect(trace.stdout.length, id).toBeLessThanOrEqual(LIMIT);
          const wrote = /print|flood|buffer|os\.write|layer|caught|signal/.test(id);
          if (wrote) expect(Math.max(trace.stdout.length, trace.stderr.length), id).toBe(LIMIT);
        } else {
          expect({ id, status, stdout: trace.stdout }).toEqual({ id, status: "ok", stdout: "0 0 0 in\n" });
        }
      }
    },
    120_000,
  );

  it("takes inputs that are longer than the output may be", async () => {
    await using tracer = await openTracer({ python: executable, workers: 1, maxOutputBytes: LIMIT });
    const code = "import sys\nprint(len(sys.stdin.read()))\n";
    // A batch each, so that the second comes to a process which was not made for it.
    for (const size of [10, 100_000, 1_000_000, 10]) {
      for await (const trace of tracer.run([{ id: String(size), code, stdin: "x".repeat(size) }])) {
        expect([trace.outcome.status, trace.stdout]).toEqual(["ok", `${size}\n`]);
      }
    }
  }, 60_000);

  it.each(["shared", "fork"] as const)(
    "keeps what was printed before a program was stopped, in %s isolation",
    async (isolation) => {
      const endless = "while True:\n    sum(range(100_000))\n";
      const programs = [
        { id: "printed", code: `print('seen')\n${endless}` },
        { id: "written", code: `import os\nprint('in the buffer')\nos.write(1, b'written\\n')\n${endless}` },
        { id: "flushed", code: `print('a', flush=True)\nprint('b')\n${endless}` },
      ];
      const options = { isolation, timeoutMs: 1_000, maxEvents: 0, loops: "skip" } as const;
      const got = await traces(programs, options);
      expect(got.map(({ outcome }) => outcome.status)).toEqual(["timeout", "timeout", "timeout"]);
      // Of what was only printed nothing is lost; past the text layer the file says what there is.
      expect(got[1]?.stdout).toBe("written\n");
      expect(got[2]?.stdout.startsWith("a\n")).toBe(true);
      const [all] = await traces(programs.slice(0, 1), { ...options, loops: "all", maxEvents: 50 });
      expect([all?.outcome.status, all?.stdout]).toEqual(["event-limit", "seen\n"]);
    },
    60_000,
  );

  it.each(["shared", "fork"] as const)(
    "loses what CPython loses when a program dies, in %s isolation",
    async (isolation) => {
      const programs = [
        { id: "exit", code: "import os\nprint('lost')\nos._exit(3)\n" },
        { id: "exit after flush", code: "import os\nprint('kept', flush=True)\nprint('lost')\nos._exit(0)\n" },
        { id: "abort", code: "import os\nprint('kept', flush=True)\nprint('lost')\nos.abort()\n" },
        { id: "unrelated", code: "print('x')\n" },
      ];
      const got = await traces(programs, { isolation });
      expect(got.map(({ stdout }) => stdout)).toEqual(["", "kept\n", "kept\n", "x\n"]);
      expect(got.map(({ outcome }) => outcome.stdoutBytes)).toEqual([0, 5, 5, 2]);
    },
    60_000,
  );

  it("says where text was printed, and what reached the stream where that is something else", async () => {
    const [plain, mixed] = await traces(
      [
        { id: "plain", code: "print('a')\nx = 1\nprint('b')\n" },
        { id: "mixed", code: "import os\nprint('a')\nos.write(1, b'\\xff\\n')\n" },
      ],
      {},
    );
    expect(plain?.stdout).toBe("a\nb\n");
    expect(mixed?.stdout).toBe("\\xff\na\n");
    expect(mixed?.outcome.stdoutBytes).toBe(4);
  }, 60_000);
});
