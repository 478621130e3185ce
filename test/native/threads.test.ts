// Threads of programs: what plain Python makes of them, and every event with its thread.
import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { openTracer, type ProgramTrace, type TracerOptions } from "../../src/engine/tracer.ts";
import { dump } from "../../src/record/trace/dump.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";

const pythons = await builtPythons();

describe.skipIf(pythons.length > 0)("threads", () => {
  it("needs a build", (test) => test.skip(NOT_BUILT));
});

/** Programs that end the same whatever the threads' turns are. */
const PLAIN: Record<string, string> = {
  "a main function with a large stack": `
import sys, threading
sys.setrecursionlimit(10**6)
threading.stack_size(2**26)
def deep(n):
    return 0 if n == 0 else 1 + deep(n - 1)
def main():
    print(deep(3000))
t = threading.Thread(target=main)
t.start()
t.join()
`,
  "thousands of short threads": `
import threading
done = []
for i in range(2000):
    t = threading.Thread(target=done.append, args=(i,))
    t.start()
    t.join()
print(len(done), sum(done), threading.active_count())
`,
  "exceptions that nobody catches": `
import sys, threading
def fail(n):
    raise ValueError(n)
t = threading.Thread(target=fail, args=(1,), name="first")
t.start()
t.join()
def hook(args):
    print(args.exc_type.__name__, args.exc_value, args.thread.name, args.exc_traceback.tb_next is not None)
threading.excepthook = hook
t = threading.Thread(target=fail, args=(2,), name="second")
t.start()
t.join()
`,
  "threads below threading": `
import _thread, sys, time
lock = _thread.allocate_lock()
lock.acquire()
class Target:
    def __call__(self, *args, **named):
        print(args, named)
        try:
            raise KeyError("k")
        finally:
            lock.release()
sys.unraisablehook = lambda u: print(type(u.object).__name__, u.exc_type.__name__, str(u.err_msg).split(" at 0x")[0])
target = Target()
print(_thread.start_new_thread(target, (1, 2), {"a": 3}) > 0)
lock.acquire()
while _thread._count():
    time.sleep(0.001)
try:
    _thread.start_new_thread(1, ())
except TypeError as error:
    print(error)
print(_thread.start_new_thread.__name__, _thread.start_new_thread.__module__, _thread.start_new.__self__ is _thread)
`,
  "what belongs to a thread": `
import contextvars, sys, threading
var = contextvars.ContextVar("var", default=0)
local = threading.local()
seen = []
def work(n):
    var.set(n)
    local.n = n
    seen.append((var.get(), local.n, sys.gettrace(), threading.gettrace(), threading.current_thread().name))
threads = [threading.Thread(target=work, args=(n,), name=f"t{n}") for n in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sorted(seen), var.get(), hasattr(local, "n"), sys.gettrace())
`,
  "pools, queues and asyncio": `
import asyncio, queue, threading
from concurrent.futures import ThreadPoolExecutor, as_completed
def double(n):
    if n == 3:
        raise ValueError(n)
    return n * 2
with ThreadPoolExecutor(4) as pool:
    futures = {pool.submit(double, n): n for n in range(6)}
    print(sorted((n, repr(f.exception()) if f.exception() else f.result()) for f, n in futures.items()))
    print(list(pool.map(double, [5, 7])))
q, out = queue.Queue(), []
def consume():
    while (item := q.get()) is not None:
        out.append(item)
        q.task_done()
workers = [threading.Thread(target=consume) for _ in range(3)]
for w in workers:
    w.start()
for n in range(50):
    q.put(n)
q.join()
for w in workers:
    q.put(None)
for w in workers:
    w.join()
print(sorted(out) == list(range(50)))
async def main():
    return await asyncio.gather(asyncio.to_thread(double, 4), asyncio.to_thread(double, 8))
print(asyncio.run(main()))
`,
  "threads that outlive the module": `
import threading, time, atexit
atexit.register(lambda: print("exit"))
def late():
    time.sleep(0.05)
    print("late")
    threading.Thread(target=lambda: print("later")).start()
threading.Thread(target=late).start()
print("module")
`,
  "a daemon that never ends": `
import threading, time
def spin():
    try:
        while True:
            time.sleep(0.001)
    finally:
        print("never")
threading.Thread(target=spin, daemon=True).start()
threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
print("done")
`,
  "two that count beside a Counter": `
import sys, threading
from collections import Counter, OrderedDict
sys.setswitchinterval(1e-5)
counts = []
def work():
    seen, ordered, n = Counter(range(40)), OrderedDict((i, i) for i in range(40)), 0
    for i in range(1500):
        n += 1
        seen[i % 40] += 1
        ordered[i % 40] = n
        if i % 500 == 0:
            print("t")
    counts.append(n)
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(counts)
`,
};

/** The repr of an object lets the other thread do something before it answers. */
const INTERRUPTED = `
import threading
turn = threading.Event()
answer = threading.Event()
looking = False
class Slow:
    def __init__(self, n):
        self.n = n
    def __repr__(self):
        if looking:
            turn.set()
            answer.wait()
            answer.clear()
        return f"Slow({self.n})"
def other():
    at = 0
    while True:
        turn.wait()
        turn.clear()
        at += 100
        at += 1
        answer.set()
def f(rounds):
    global looking
    first = 1.5
    for i in range(rounds):
        before = i + 0.5
        looking = True
        slow = Slow(i)
        after = i + 0.25
        looking = False
    return slow
`;

describe.each(pythons)("Python $version", ({ executable }) => {
  async function run(code: string, options: TracerOptions = {}, entry: string | null = null): Promise<ProgramTrace> {
    await using tracer = await openTracer({ python: executable, workers: 1, ...options });
    for await (const trace of tracer.run([{ id: "a", code, entry }])) return trace;
    throw new Error("no trace");
  }

  it.each(Object.entries(PLAIN))(
    "leaves alone: %s",
    async (_, code) => {
      const plain = spawnSync(executable, ["-c", code], { encoding: "utf8", env: { PYTHONHASHSEED: "0" } });
      for (const loops of ["all", "skip"] as const) {
        const trace = await run(code, { loops, timeoutMs: 60_000 });
        expect(trace.outcome.status).toBe("ok");
        expect(trace.stdout).toBe(plain.stdout);
        expect(lastLines(trace.stderr)).toEqual(lastLines(plain.stderr));
      }
    },
    180_000,
  );

  it("records each event with its thread, or those of the main thread only", async () => {
    const code = PLAIN["what belongs to a thread"] as string;
    const trace = await run(code);
    expect(trace.threads).toEqual([0, 1, 2, 3]);
    const frames = new Map<number, Set<number>>();
    for (const { frame, thread } of trace.events()) {
      frames.set(frame, (frames.get(frame) ?? new Set()).add(thread));
    }
    expect([...frames.values()].every((threads) => threads.size === 1)).toBe(true);
    for (const thread of [1, 2, 3]) {
      const [call, ...events] = trace.ofThread(thread).events();
      expect(call).toMatchObject({ kind: "call", function: "work", parent: null, thread: 0 });
      expect(events.at(-1)).toMatchObject({ kind: "return", function: "work" });
    }
    const main = await run(code, { threads: "main" });
    expect(main.threads).toEqual([0]);
    expect(main.stdout).toBe(trace.stdout);
    expect(dump(main.bytes)).not.toMatch(/^thread|#\d+ work/m);
  }, 60_000);

  it("goes on with an event in whose midst another thread was recorded", async () => {
    const code = `${INTERRUPTED}
threading.Thread(target=other, daemon=True).start()
f(6)
`;
    // With fields, Slow.__repr__ does not run and the other thread never gets its turn: this needs repr.
    const all = await run(code, { objects: "repr", timeoutMs: 60_000 });
    expect(all.outcome.status).toBe("ok");
    const main = all.ofThread(0);
    const lines = [...main.events()].filter((event) => event.function === "f" && event.line === 30);
    expect(lines.map((event) => main.stateAt(event.index).get("slow")?.repr)).toEqual(
      [0, 1, 2, 3, 4, 5].map((n) => `Slow(${n})`),
    );
    expect(lines.map((event) => main.stateAt(event.index).get("before")?.repr)).toEqual(
      [0, 1, 2, 3, 4, 5].map((n) => `${n}.5`),
    );
    const other = all.ofThread(1);
    const steps = [...other.events()].filter((event) => event.function === "other" && event.line === 22);
    expect(steps.length).toBeGreaterThanOrEqual(6);
    expect(steps.map((event) => other.stateAt(event.index).get("at")?.repr)).toEqual(
      steps.map((_, n) => `${(n + 1) * 101}`),
    );
    expect(all.threads).toEqual([0, 1]);

    const skipped = await run(code, { objects: "repr", loops: "skip", timeoutMs: 60_000 });
    const kept = skipped.ofThread(0);
    const last = [...kept.events()].findLast((event) => event.function === "f" && event.line === 30);
    expect(Object.fromEntries(kept.stateAt(last?.index ?? 0))).toMatchObject({
      first: { repr: "1.5" },
      before: { repr: "5.5" },
      slow: { repr: "Slow(5)" },
      i: { repr: "5" },
    });
    expect([...kept.elisions()].map(({ loopLine, first, count }) => [loopLine, first, count])).toEqual([[26, 4, 2]]);
  }, 120_000);

  it("stops every thread at a limit", async () => {
    const code = `
import threading
def work():
    while True:
        try:
            n = 1
        except BaseException:
            pass
threads = [threading.Thread(target=work) for _ in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
`;
    const events = await run(code, { maxEvents: 1000, timeoutMs: 20_000 });
    expect(events.outcome.status).toBe("event-limit");
    expect(events.stderr).toBe("");
    const unrecorded = await run(code, { maxEvents: 0, timeoutMs: 1000, recordTimeMs: 500, loops: "skip" });
    expect(unrecorded.outcome.status).toBe("timeout");
    const slow = code.replace("n = 1", "n = sum(range(100_000))");
    const time = await run(slow, { maxEvents: 0, timeoutMs: 1000, loops: "skip" });
    expect(time.outcome.status).toBe("timeout");
  }, 120_000);

  it.each(["shared", "fork"] as const)(
    "keeps threads of one program from the next, %s",
    async (isolation) => {
      const endless = "import threading\ndef f():\n    while True:\n        n = 1\n";
      const leaves = `${endless}threading.Thread(target=f, daemon=True).start()\nprint('left')\n`;
      const programs = [0, 1, 2, 3].map((n) => ({ id: `${n}`, code: n % 2 === 0 ? leaves : "x = 1\nprint(x)\n" }));
      await using tracer = await openTracer({ python: executable, workers: 1, isolation, loops: "skip" });
      const seen: string[] = [];
      for await (const trace of tracer.run(programs)) {
        seen.push(`${trace.outcome.status} ${trace.stdout} ${trace.program.id === "1" ? trace.threads : ""}`);
      }
      expect(seen).toEqual(["ok left\n ", "ok 1\n 0", "ok left\n ", "ok 1\n "]);
    },
    60_000,
  );
});

/** Of tracebacks, what says the same wherever the program's text was: where it stands, and whether its lines are known. */
function lastLines(stderr: string): string[] {
  return stderr.split("\n").filter((line) => /^(Exception|\w*Error)/.test(line));
}
