import { beforeAll, describe, expect, it } from "vitest";
import { corePath } from "../../src/base/addon/artefacts.ts";
import type { InlineOpenOptions, InlineRunOptions } from "../../src/base/addon/contract.ts";
import { loadAddon } from "../../src/base/addon/load.ts";
import { traceOptionsSchema } from "../../src/base/schema/options.ts";
import { type ProgramInput, programSchema } from "../../src/base/schema/program.ts";
import { decodeRecords, encodeBatch } from "../../src/engine/host/host-messages.ts";
import { findPython } from "../../src/engine/python/find-python.ts";
import { Trace } from "../../src/record/trace/trace.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";

// One process, one Python: the newest one that is built. inline-lifetime.test.ts goes through all of them.
const python = (await builtPythons()).at(-1);

const { isolation: _isolation, preload, ...defaults } = traceOptionsSchema.parse({ maxRecordBytes: 1 << 24 });
const ENDLESS = "while True:\n    pass\n";
const SLEEPING = "import time\nwhile True:\n    time.sleep(0.001)\n";

function batch(...programs: Omit<ProgramInput, "id">[]): Uint8Array {
  return encodeBatch(
    0,
    programs.map((program, i) => programSchema.parse({ id: `${i}`, ...program })),
  );
}

async function traces(payload: Uint8Array, options: Partial<InlineRunOptions> = {}): Promise<Trace[]> {
  const { promise } = loadAddon().inlineRun(payload, { ...defaults, ...options });
  return decodeRecords(new Uint8Array(await promise)).records.map((record) => new Trace(record));
}

const coded = (code: string, message: RegExp): unknown =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

describe.skipIf(python === undefined)(`inline engine (else: ${NOT_BUILT})`, () => {
  let open: InlineOpenOptions;

  beforeAll(async () => {
    const { executable, libpython, minor } = await findPython(python?.executable);
    open = { executable, libpython, core: corePath(minor), site: false, preload };
    await expect(loadAddon().inlineRun(batch({ code: "" }), defaults).promise).rejects.toEqual(
      coded("not-open", /inlineOpen/),
    );
    await expect(loadAddon().inlineOpen({ ...open, libpython: "/nowhere/libpython.so" })).rejects.toEqual(
      coded("cannot-open", /\/nowhere\/libpython\.so/),
    );
    expect(await loadAddon().inlineOpen(open)).toEqual({ version: python?.version });
  });

  it("runs a batch in order", async () => {
    const [first, second, third] = await traces(
      batch(
        { code: "def f(a):\n    return a + 1\n", entry: "f(2)", expected: "3" },
        { code: "import sys\nprint(input(), sys.argv[1])\n", stdin: "hello\n", argv: ["world"] },
        { code: "1 / 0\n" },
      ),
    );
    expect(first?.outcome).toMatchObject({ status: "ok", result: { repr: "3" } });
    expect(second?.stdout).toBe("hello world\n");
    expect(third?.outcome).toMatchObject({ status: "exception", exception: { type: "ZeroDivisionError", line: 1 } });
  });

  it("gives each program its own streams over descriptors that are not Node's", async () => {
    const names = "import sys\nprint([f.name for f in (sys.stdin, sys.stdout, sys.stderr)], sys.stdout.fileno() > 2)\n";
    const codes = [
      names,
      "import sys\nprint(sys.stdin.buffer.read())\nsys.stdout.flush()\nsys.stdout.buffer.write(b'\\xff\\n')\n",
      "import os, sys\nprint(os.read(sys.stdin.fileno(), 9), open(sys.stdin.fileno()).read())\n",
      "import os, sys\nprint('lost')\nos.close(sys.stdout.fileno())\n",
      "import sys\nsys.stdout = None\nsys.stdin.close()\n",
      names,
    ];
    const all = await traces(batch(...codes.map((code) => ({ code, stdin: "two\nlines\n" }))));
    const first = "['<stdin>', '<stdout>', '<stderr>'] True\n";
    const outputs = ["b'two\\nlines\\n'\n\\xff\n", "b'two\\nlines' \n\n", "", ""];
    expect(all.map(({ stdout }) => stdout)).toEqual([first, ...outputs, first]);
    expect(all[3]?.outcome).toMatchObject({ status: "exception", exception: { type: "OSError" } });
    expect(all.map(({ outcome }) => outcome.status === "ok")).toEqual([true, true, true, false, true, true]);
  });

  it("gives each program the hooks of sys that no program has set", async () => {
    const names = ["excepthook", "unraisablehook", "displayhook", "breakpointhook"];
    const own = names.map((name) => `sys.${name} = lambda *_: None\n`).join("");
    const asked = `import sys\nprint(${names.map((name) => `sys.${name} is sys.__${name}__`).join(", ")})\n`;
    const [, second] = await traces(batch({ code: `import sys\n${own}` }, { code: asked }));
    expect(second?.stdout).toBe("True True True True\n");
  });

  it("accepts the same Python again and no other", async () => {
    expect(await loadAddon().inlineOpen(open)).toEqual({ version: python?.version });
    await expect(loadAddon().inlineOpen({ ...open, preload: ["json"] })).rejects.toEqual(
      coded("already-open", /already opened Python 3\..*one Python/),
    );
    await expect(loadAddon().inlineOpen({ ...open, libpython: "/other.so" })).rejects.toEqual(
      coded("already-open", /already opened/),
    );
  });

  it("gives Python its own zlib, not Node's", async () => {
    const [trace] = await traces(batch({ code: "import zlib\nprint(zlib.ZLIB_RUNTIME_VERSION == zlib.ZLIB_VERSION)" }));
    expect(trace?.stdout).toBe("True\n");
  });

  it("ends a program at its deadline, and only that one", async () => {
    const programs = ["x = 1\n", SLEEPING, "x = 2\n", ENDLESS, "x = 3\n"].map((code) => ({ code }));
    const limits = { timeoutMs: 200, recordTimeMs: 200, maxEvents: 0 };
    const statuses = (await traces(batch(...programs), limits)).map(({ outcome }) => outcome.status);
    expect(statuses).toEqual(["ok", "timeout", "ok", "timeout", "ok"]);
  });

  it("ends a program that catches everything and one inside library code", async () => {
    const stubborn = "while True:\n    try:\n        while True: sum(range(10 ** 5))\n    except BaseException: pass\n";
    const library = "import json\njson.dumps([[0] * 50] * 10 ** 6, indent=1)\n";
    const payload = batch({ code: stubborn }, { code: library }, { code: "x = 1\n" });
    const statuses = (await traces(payload, { timeoutMs: 300, maxEvents: 0, memoryMb: 0 })).map(
      ({ outcome }) => outcome.status,
    );
    expect(statuses).toEqual(["timeout", "timeout", "ok"]);
  }, 30_000);

  it("cancels a running batch and one that waits", async () => {
    const unbounded = { ...defaults, timeoutMs: 0, maxEvents: 0 };
    const running = loadAddon().inlineRun(batch({ code: ENDLESS }), unbounded);
    const waiting = loadAddon().inlineRun(batch({ code: ENDLESS }), unbounded);
    const after = traces(batch({ code: "x = 1\n" }));
    const ends = Promise.allSettled([running.promise, waiting.promise]);
    setTimeout(() => {
      waiting.cancel();
      running.cancel();
    }, 50);
    const cancelled = { status: "rejected", reason: coded("cancelled", /cancelled/) };
    expect(await ends).toEqual([cancelled, cancelled]);
    expect((await after)[0]?.outcome.status).toBe("ok");
    running.cancel();
  });

  it("refuses bytes that are no batch", () => {
    const whole = batch({ code: "x = 1\n", entry: "x", stdin: "", expected: "1", argv: ["a", ""] });
    for (let size = 0; size < whole.length; size++) {
      expect(() => loadAddon().inlineRun(whole.subarray(0, size), defaults)).toThrow(coded("bad-batch", /^batch: /));
    }
    const more = Buffer.concat([whole, Uint8Array.of(0)]);
    expect(() => loadAddon().inlineRun(more, defaults)).toThrow(coded("bad-batch", /bytes follow/));
    const noSource = Uint8Array.of(0, 0, 1, 0, 0);
    expect(() => loadAddon().inlineRun(noSource, defaults)).toThrow(coded("bad-batch", /names source 0 of 0/));
    const flags = Uint8Array.of(0, 1, 0, 1, 0, 0x10);
    expect(() => loadAddon().inlineRun(flags, defaults)).toThrow(coded("bad-batch", /unknown flags 16/));
    const huge = Uint8Array.of(0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1);
    expect(() => loadAddon().inlineRun(huge, defaults)).toThrow(coded("bad-batch", /sources/));
  });

  it("names the option that is wrong", () => {
    const payload = batch({ code: "" });
    const attempt = (wrong: Record<string, unknown>) => () =>
      loadAddon().inlineRun(payload, { ...defaults, ...wrong } as InlineRunOptions);
    expect(attempt({ maxEvents: -1 })).toThrow(coded("bad-argument", /^maxEvents must be an integer from 0/));
    expect(attempt({ timeoutMs: 0.5 })).toThrow(coded("bad-argument", /^timeoutMs /));
    expect(attempt({ scope: "none" })).toThrow(coded("bad-argument", /^scope must be one of: program, entry, all$/));
    expect(attempt({ timings: 1 })).toThrow(coded("bad-argument", /^timings must be true or false$/));
    expect(() => loadAddon().inlineOpen({ ...open, core: "core.so" })).toThrow(coded("bad-argument", /absolute path/));
    expect(() => loadAddon().inlineOpen({ ...open, preload: ["a\0b"] })).toThrow(
      coded("bad-argument", /^preload\[0\]/),
    );
  });
});
