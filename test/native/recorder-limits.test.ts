// What recording takes is the recorder's: programs meet their own limits where they would untraced, and what the recorder
// takes has limits and a status of its own.
import { describe, expect, it } from "vitest";
import { artefacts } from "../../src/base/addon/artefacts.ts";
import { type TraceOptionsInput, traceOptionsSchema } from "../../src/base/schema/options.ts";
import { HostProcess } from "../../src/engine/host/host-process.ts";
import { RecordList } from "../../src/engine/host/record-list.ts";
import { findPython } from "../../src/engine/python/find-python.ts";
import { openTracer } from "../../src/engine/tracer.ts";
import { Trace } from "../../src/record/trace/trace.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { collect } from "../helpers/collect.ts";

const pythons = await builtPythons();

// Each takes memory until it is refused, with values at hand that are looked at through Python, and says how much it got.
const NEAR_THE_LIMIT = {
  "large blocks": (body: string) => `${body}\nwhile True:\n  blocks.append(bytearray(1 << 16)); n += 1`,
  "blocks just past the small ones": (body: string) => `${body}\nwhile True:\n  blocks.append(bytearray(4000)); n += 1`,
  "a string that grows": (body: string) => `${body}\nwhile True:\n  text += text[:50000]; n += 1`,
  "a list that grows": (body: string) => `${body}\nblocks.append(text)\nwhile True:\n  blocks.extend(blocks); n += 1`,
};
const PROLOGUE = `
import collections, decimal
def fill():
  blocks = []
  text = "x" * 100000
  counted = collections.Counter("abracadabra")
  queue = collections.deque(range(5), 9)
  price = decimal.Decimal("1.25")
  n = 0
  try:
    BODY
  except MemoryError:
    blocks = None
  return n
print(fill())
`;

function nearTheLimit(make: (body: string) => string): string {
  const body = make("counted[n] = queue").replaceAll("\n", "\n    ");
  return PROLOGUE.replace("BODY", body);
}

const RECURSION = `
import sys
sys.setrecursionlimit(10 ** 6)
def dive(n):
  return dive(n + 1)
try:
  dive(0)
except MemoryError:
  print("refused")
`;

// One iteration that calls a function so often that its events fill the recorder's memory before the loop ends.
const PENDING = `
def leaf(n): return [n, n + 1, n + 2]
def tree(n):
  return leaf(n) if n == 0 else [tree(n - 1), tree(n - 1)]
for i in range(4):
  t = tree(11) if i == 3 else None
`;
const HOT = "n = 0\ndef f():\n  n = 0\n  for i in range(600000):\n    n += 1\n  return n\nf()\n";

describe.skipIf(pythons.length > 0)("recorder limits", () => {
  it("needs a build", (test) => test.skip(NOT_BUILT));
});

describe.each(pythons)("Python $version", ({ executable, minor }) => {
  async function run(code: string, options: TraceOptionsInput): Promise<Trace> {
    await using tracer = await openTracer({ python: executable, workers: 1, isolation: "fork", ...options });
    const [trace] = await collect(tracer.run([{ id: "p", code }]));
    return trace as Trace;
  }

  it.each(Object.entries(NEAR_THE_LIMIT))(
    "refuses memory at the same allocation, recorded or not: %s",
    async (name, make) => {
      const code = nearTheLimit(make);
      const options = { memoryMb: 16, maxEvents: 0, timeoutMs: 60_000, recordTimeMs: 60_000 };
      const told: string[] = [];
      for (const how of [{ mode: "untraced" }, { loops: "skip" }, { loops: "all" }, { objects: "repr" }] as const) {
        const { outcome, stdout } = await run(code, { ...options, ...how });
        told.push(`${outcome.status} ${stdout}`);
      }
      expect(told[0]).toMatch(/^ok [1-9]/);
      // While CPython 3.11 traces, it copies a string that it would make longer where it is.
      const alike = minor === 11 && name === "a string that grows" ? told.slice(1) : told;
      expect(new Set(alike).size, told.join()).toBe(1);
    },
    240_000,
  );

  it("charges no frame object to a program that recurses until memory ends", async () => {
    const limits = { memoryMb: 16, maxEvents: 0, timeoutMs: 60_000, recordTimeMs: 60_000, maxRecordBytes: 2 ** 28 };
    for (const loops of ["all", "skip"] as const) {
      const caught = await run(RECURSION, { ...limits, loops });
      expect(`${caught.outcome.status} ${caught.stdout}`).toBe("ok refused\n");
      const unhandled = await run(RECURSION.replace("except MemoryError", "except KeyError"), { ...limits, loops });
      expect(unhandled.outcome.status).toBe("memory-limit");
    }
  }, 240_000);

  it("ends as record-limit where the recorder has no memory left, and keeps what it recorded", async () => {
    const limits = { loops: "skip", timeoutMs: 60_000, recordTimeMs: 60_000 } as const;
    expect((await run(PENDING, limits)).outcome.status).toBe("ok");
    const bounded = await run(PENDING, { ...limits, recordMemoryMb: 1 });
    expect(bounded.outcome.status).toBe("record-limit");
    expect(bounded.eventCount).toBeGreaterThan(4);
  }, 120_000);

  it("ends as record-limit where recording takes too long, as timeout where the program does", async () => {
    const hot = await run(HOT, { loops: "skip", recordTimeMs: 5, timeoutMs: 60_000 });
    expect(hot.outcome.status).toBe("record-limit");
    // Whichever of the two takes longer, a program that does not end is too slow by itself.
    for (const timeoutMs of [50, 500]) {
      const endless = await run("while True:\n  n = 1\n", {
        loops: "skip",
        recordTimeMs: 100,
        timeoutMs,
        maxEvents: 0,
      });
      expect(endless.outcome.status).toBe("timeout");
    }
    const asleep = await run("import time\ntime.sleep(60)\n", { timeoutMs: 300, recordTimeMs: 60_000 });
    expect(asleep.outcome.status).toBe("timeout");
    expect((await run(HOT, { loops: "skip", timeoutMs: 60_000 })).outcome.status).toBe("ok");
  }, 120_000);

  it("tells events from bytes", async () => {
    expect((await run(HOT, { maxEvents: 1000 })).outcome.status).toBe("event-limit");
    const full = await run(HOT, { maxEvents: 0, maxRecordBytes: 65_536 * 4 });
    expect(full.outcome.status).toBe("record-limit");
    expect(full.eventCount).toBeGreaterThan(1000);
  }, 120_000);

  it("survives the end of its memory at any allocation", async () => {
    const code = "import collections\nd = collections.Counter('abc')\nfor i in range(9):\n  print(i, [str(i)] * i)\n";
    const statuses = new Set<string>();
    const { libpython, executable: found, readable } = await findPython(executable);
    const { host, core } = artefacts(minor);
    const files = { host, core, libpython, executable: found, readable };
    for (let bytes = 16; bytes < 2 ** 20; bytes = Math.ceil(bytes * 1.7)) {
      const options = { ...traceOptionsSchema.parse({ loops: "skip" }), recordMemoryMb: bytes / 2 ** 20 };
      const tracer = new HostProcess(options, files, minor);
      const list = new RecordList();
      await tracer.run([{ id: "p", code, entry: null }], list);
      await tracer.dispose();
      const { outcome } = new Trace(list.records[0] as Uint8Array);
      expect(["ok", "record-limit"], `${bytes} bytes: ${outcome.detail}`).toContain(outcome.status);
      statuses.add(outcome.status);
    }
    expect([...statuses]).toEqual(["record-limit", "ok"]);
  }, 240_000);
});
