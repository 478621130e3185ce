// Exceptions by type, arguments and fields, in every format that shows them, and nothing of the program is asked for it.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTracer, type ProgramTrace, type Tracer } from "../../src/engine/tracer.ts";
import { findRenderer } from "../../src/views/formats/registry.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";

const HEAD = `class Counted(Exception):
    asked = 0
    def __str__(self):
        Counted.asked += 1
        return "asked"
    __repr__ = __str__
class Coded(ValueError):
    def __init__(self, text, code):
        super().__init__(text)
        self.code = code
class Slotted(Exception):
    __slots__ = ("why", "at")
class Own(Exception):
    def __init__(self):
        self.seen = []
class Key:
    def __repr__(self):
        Counted.asked += 1
        return "key"
`;

/** What is raised, and how it shows. */
const RAISED: [expression: string, shown: string][] = [
  ["ValueError(3)", "ValueError(3)"],
  ["ValueError('3')", "ValueError('3')"],
  ["ValueError()", "ValueError()"],
  ["ValueError(1, 'two')", "ValueError(1, 'two')"],
  ["StopIteration(42)", "StopIteration(42)"],
  ["StopIteration('42')", "StopIteration('42')"],
  ["KeyError('k')", "KeyError('k')"],
  ["KeyError(Key())", "KeyError(Key())"],
  ["Counted(1)", "Counted(1)"],
  ["Counted(Counted('in'))", "Counted(Counted('in'))"],
  ["Coded('boom', 3)", "Coded('boom', code=3)"],
  ["Own()", "Own(seen=[])"],
  ["OSError(2, 'No such file')", "FileNotFoundError(2, 'No such file')"],
  ["ExceptionGroup('g', [ValueError(3), Counted(4)])", "ExceptionGroup('g', [ValueError(3), Counted(4)])"],
];

/** The same raised by Python itself, or changed after it was made. */
const ENDINGS: [id: string, body: string, shown: string][] = [
  ["next() at the end", "return next(iter([]))", "StopIteration()"],
  ["a generator's value", "def g():\n    return 42\n    yield\nreturn next(g())", "StopIteration(42)"],
  ["a missing key", "return {}[Key()]", "KeyError(Key())"],
  ["slots", "e = Slotted(1)\ne.at = 2\ne.why = Key()\nraise e", "Slotted(1, why=Key(), at=2)"],
  ["changed arguments", "e = ValueError(1)\ne.args = (2, [3])\nraise e", "ValueError(2, [3])"],
  ["a field that is the exception", "e = Own()\ne.seen.append(e)\nraise e", "Own(seen=[...])"],
];

const cases = [...RAISED.map(([one, shown]) => [one, `raise ${one}`, shown] as const), ...ENDINGS];
const pythons = await builtPythons();

describe.skipIf(pythons.length > 0)("exceptions", () => {
  test("need a build", (context) => context.skip(NOT_BUILT));
});

describe.each(pythons)("exceptions in Python $version", ({ executable }) => {
  let tracer: Tracer;
  beforeAll(async () => {
    tracer = await openTracer({ python: executable, workers: 1 });
  });
  afterAll(() => tracer?.[Symbol.asyncDispose]());

  async function traced(body: string, entry: string): Promise<ProgramTrace> {
    const indented = body.split("\n").map((line) => `    ${line}`);
    const code = `${HEAD}def f():\n${indented.join("\n")}\ndef caught():\n    try:\n        f()\n    except BaseException:\n        return Counted.asked\n`;
    for await (const trace of tracer.run([{ id: "one", code, entry }])) return trace;
    throw new Error("no trace");
  }

  test.each(cases)("%s", async (_, body, shown) => {
    const trace = await traced(body, "f()");
    expect(trace.outcome.exception?.value?.repr).toBe(shown);
    const raised = [...trace.events()].flatMap(({ exception }) => exception?.value?.repr ?? []);
    expect(raised.at(-1)).toBe(shown);
    const { program } = trace;
    const [cwm, execverify] = ["cwm", "execverify"].map((format) => {
      return JSON.stringify(findRenderer(format).render(program, trace));
    }) as [string, string];
    const type = shown.slice(0, shown.indexOf("("));
    expect(cwm).toContain("<|exception_sep|>");
    expect(cwm).toContain(JSON.stringify(JSON.stringify(shown)).slice(1, -1));
    expect(execverify).toContain(JSON.stringify({ type, value: shown }));
  });

  test.each(cases)("%s asks the program nothing", async (_, body) => {
    expect((await traced(body, "caught()")).outcome).toMatchObject({ status: "ok", result: { repr: "0" } });
  });
});
