// Native code in a program can write whatever it shares with the supervisor. It may spoil its own record, and nothing
// else: no other program's record, no verdict on one, no limit, and not the supervisor.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { packagePath } from "../../src/base/package-root.ts";
import { openTracer, type Tracer } from "../../src/engine/tracer.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { tracerProcesses } from "./engine-processes.ts";

const TIMEOUT_MS = 1_500;
const RECORD_TIME_MS = 100;
const LIMITS = { workers: 1, timeoutMs: TIMEOUT_MS } as const;
/** That promise to hold against native code. */
const LEVELS = ["fork"] as const;

const FORGING = readFileSync(packagePath("test", "native", "forging.py"), "utf8");
const FORGE_OWN = `
ctypes.memmove(word(ARENA), FORGED, len(FORGED))
store(SIZES + 8 * ITEM, len(FORGED))`;
const SAY_DONE = `
for fd in range(3, 80):
    _libc.send(fd, b"E", 1, 0x4000)
time.sleep(100)`;

/** What each does after the address of everything shared was found. */
const ATTACKS: Record<string, string> = {
  "later records": `
area = word(ARENA) - OFFSET
for i in range(8):
    ctypes.memmove(area + OFFSET + 64 * i, FORGED, len(FORGED))
    store(SIZES + 8 * (ITEM + i), len(FORGED))
store(STARTED_AT, 0)
store(COMPLETED, ITEM + 8, 4)
store(CONFIRMED, ITEM + 8, 4)
${SAY_DONE}`,
  "later records, and no word about them": `
for i in range(64):
    if readable(RECORDS + 64 * i):
        ctypes.memmove(RECORDS + 64 * i, FORGED, len(FORGED))
for i in range(200):
    store(SIZES + 8 * i, len(FORGED))`,
  "earlier records": `
at = RECORDS - 64
while readable(at):
    ctypes.memmove(at, FORGED, len(FORGED))
    at -= 64`,
  "blame for the next program's death": `${FORGE_OWN}
store(COMPLETED, ITEM + 1, 4)
store(CONFIRMED, ITEM + 1, 4)
os._exit(7)`,
  "blame for the next program's time": `${FORGE_OWN}
store(COMPLETED, ITEM + 1, 4)
store(CONFIRMED, ITEM + 1, 4)
time.sleep(100)`,
  "a record as large as the area, and another one that runs": `
store(SIZES + 8 * ITEM, word(ARENA + 8))
store(COMPLETED, ITEM + 1, 4)
store(CONFIRMED, ITEM + 1, 4)
store(ARENA + 16, 1 << 62)
time.sleep(100)`,
  "a size beyond the area": `
store(SIZES + 8 * ITEM, word(ARENA + 8) + 1)
store(COMPLETED, ITEM + 1, 4)
os._exit(7)`,
  "committed bytes beyond the area": `
store(ARENA + 16, (1 << 64) - 1)
os._exit(7)`,
  "an offset beyond the area": `
store(NEXT_OFFSET, 1 << 40)
os._exit(7)`,
  "a count of items beyond the batch": `
store(COMPLETED, 0xFFFFFFFF, 4)
store(CONFIRMED, 0xFFFFFFFF, 4)
${SAY_DONE}`,
  "a count of items that goes back": `
store(COMPLETED, 0, 4)
store(STARTED_AT, 0)
${SAY_DONE}`,
  "numbers of the outcome": `
for at in range(PROGRESS, SIZES, 4):
    store(at, 0xFFFFFFFF, 4)
os._exit(7)`,
  "every word of what is shared": `
import random
choice = random.Random(SEED).choice
values = (0, 1, ITEM + 1, 64, 1 << 20, 1 << 26, (1 << 32) - 1, 1 << 40, (1 << 63) + 1, (1 << 64) - 1)
for at in range(CONTROL, SIZES + 128, 4):
    if not ARENA <= at < ARENA + 8:
        store(at, choice(values), 4)
os._exit(7)`,
};
/** Each waits for the end of its time, which it cannot put off. */
const DELAYS: Record<string, string> = {
  "a start in the future": "store(STARTED_AT, 1 << 62)",
  "no start": "store(STARTED_AT, 0)",
  "a long recording": "store(PROGRESS + 32, 1 << 62)",
  "a look at a value that began long ago": "store(PROGRESS + 40, 1)",
  "other items in the meantime": "store(COMPLETED, ITEM + (time.monotonic_ns() >> 28) % 64, 4)",
};

const pythons = await builtPythons();

/** Nothing of it is recorded. */
const attack = (body: string, forged: string, seed = 0): string =>
  `exec(${JSON.stringify(`${FORGING}\nimport time\nSEED = ${seed}\nFORGED = bytes.fromhex("${forged}")\n${body}\n`)})`;
const ordinary = (i: number) => ({ id: `ordinary ${i}`, code: `total = ${i}\nfor i in range(3):\n    total += i\n` });

interface Run {
  records: Map<string, Buffer>;
  ids: string[];
  tookMs: number;
}

async function run(tracer: Tracer, programs: { id: string; code: string }[]): Promise<Run> {
  const began = performance.now();
  const records = new Map<string, Buffer>();
  const ids: string[] = [];
  for await (const trace of tracer.run(programs)) {
    ids.push(trace.program.id);
    records.set(trace.program.id, Buffer.from(trace.bytes));
  }
  return { records, ids, tookMs: performance.now() - began };
}

const supervisors = (): number[] => tracerProcesses(process.pid).slice(0, 1);

describe.skipIf(pythons.length > 0)("forged records", () => {
  it("needs a build", (test) => test.skip(NOT_BUILT));
});

describe.each(pythons)("Python $version", ({ executable }) => {
  const around = Array.from({ length: 60 }, (_, i) => ordinary(i));

  it.each(LEVELS)(
    "leaves every other record as it was, in %s isolation",
    async (isolation) => {
      await using tracer = await openTracer({ python: executable, isolation, ...LIMITS });
      const calm = await run(tracer, around);
      const forged = (await run(tracer, [{ id: "forged", code: "print('forged')" }])).records.get("forged");
      const supervisor = supervisors();
      const bodies = Object.entries(ATTACKS).flatMap(([id, body]) =>
        Array.from({ length: body.includes("SEED") ? 20 : 1 }, (_, seed) => ({ id: `${id} ${seed}`, body, seed })),
      );
      // Batches of 4 and 16 come first.
      for (let first = 0; first < bodies.length; first += 4) {
        const attacks = bodies.slice(first, first + 4).map(({ id, body, seed }) => ({
          id,
          code: attack(body, (forged as Buffer).toString("hex"), seed),
        }));
        const programs = around.flatMap((program, i) => {
          const here = i % 5 === 0 && i >= 25 ? attacks[(i - 25) / 5] : undefined;
          return here === undefined ? [program] : [program, here];
        });
        const got = await run(tracer, programs);
        expect(got.ids).toEqual(programs.map(({ id }) => id));
        for (const [id, record] of calm.records) {
          expect(got.records.get(id)?.equals(record), `${id} beside ${attacks.map((a) => a.id).join(", ")}`).toBe(true);
        }
      }
      expect(supervisors()).toEqual(supervisor);
    },
    240_000,
  );

  it.each(LEVELS)(
    "gives nobody more time, in %s isolation",
    async (isolation) => {
      await using tracer = await openTracer({ python: executable, isolation, ...LIMITS, recordTimeMs: RECORD_TIME_MS });
      for (const [id, body] of Object.entries(DELAYS)) {
        const code = attack(`while True:\n    ${body}\n    time.sleep(0.01)`, "");
        const { tookMs } = await run(tracer, [ordinary(0), { id, code }, ordinary(1)]);
        expect(tookMs, id).toBeLessThan(TIMEOUT_MS + RECORD_TIME_MS + 2_000);
      }
    },
    120_000,
  );

  it.each(LEVELS)(
    "shows no program what an earlier one recorded, in %s isolation",
    async (isolation) => {
      await using tracer = await openTracer({ python: executable, isolation, ...LIMITS });
      const secret = { id: "secret", code: `print("${"xyzzy".repeat(4_000)}")\nplace = 1` };
      const search = attack(
        `
found = 0
needle = b"xy" b"zzyxyzzy"
for start in (RECORDS - OFFSET, CONTROL):
    for at in range(start, start + (1 << 22), 4096):
        if not readable(at):
            break
        found += ctypes.string_at(at, 4096).count(needle) if at & ~4095 != RECORDS & ~4095 else 0
print(found)`,
        "",
      );
      const texts: string[] = [];
      const programs = [...around.slice(0, 24), secret, { id: "search", code: search }, ...around.slice(24)];
      for await (const trace of tracer.run(programs)) if (trace.program.id === "search") texts.push(trace.stdout);
      expect(texts).toEqual(["0\n"]);
    },
    60_000,
  );

  it.each(["shared", "fork"] as const)(
    "shows Python code nothing of the tracer, in %s isolation",
    async (isolation) => {
      await using tracer = await openTracer({ python: executable, isolation, workers: 1 });
      const code = `exec(${JSON.stringify(readFileSync(packagePath("test", "native", "reachable.py"), "utf8"))})`;
      for await (const trace of tracer.run([{ id: "search", code }])) expect(trace.stdout).toBe("True []\n");
    },
    60_000,
  );
});
