// Corrected StateLens texts with shortened loops: which lines and marks are shown, the same for every Python.
import { describe, expect, it } from "vitest";
import type { Program } from "../../src/base/schema/program.ts";
import { openTracer } from "../../src/engine/tracer.ts";
import { findRenderer } from "../../src/views/formats/registry.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";

const pythons = await builtPythons();

/** Name, program, call, and the trace without its states. */
const CASES: [string, string, string, string[]][] = [
  [
    "a loop on one line",
    "def f(n):\n    s = 0\n    for i in range(n): s += i\n    return s",
    "f(5)",
    ["1", "2", "I1", "3", "I2", "3", "skip 3 to 4 of 3", "...", "I5", "3", "3", "4"],
  ],
  ["a loop without iterations", "def f():\n    for i in ():\n        pass\n    return 1", "f()", ["1", "2", "4"]],
  [
    "a loop with an else",
    "def f():\n    for i in 'ab':\n        x = i\n    else:\n        x = 0\n    return x",
    "f()",
    ["1", "I1", "2", "3", "I2", "2", "3", "2", "5", "6"],
  ],
  [
    "a loop that a break ends",
    "def f():\n    n = 0\n    while True:\n        n += 1\n        if n > 4:\n            break\n    return n",
    "f()",
    ["1", "2", "I1", "3", "4", "5", "I2", "3", "4", "5", "skip 3 to 4 of 3", "...", "I5", "3", "4", "5", "6", "7"],
  ],
  [
    "loops in loops",
    "def f():\n    for i in 'ab':\n        for j in range(5):\n            k = j\n    return k",
    "f()",
    [
      ...["1", "I1", "2", "3", "4", "3", "4", "(skip 3 to 4 of 3)", "3", "4", "3"],
      ...["I2", "2", "3", "4", "3", "4", "(skip 3 to 4 of 3)", "3", "4", "3", "2", "5"],
    ],
  ],
  [
    "a statement of several lines in a loop",
    "def f():\n    for i in 'ab':\n        x = max(\n            1,\n            ord(i))\n    return x",
    "f()",
    ["1", "I1", "2", "3", "I2", "2", "3", "2", "6"],
  ],
  [
    "a recursion out of a loop",
    "def f(n):\n    for i in range(n):\n        f(n - 4)\n    return n",
    "f(4)",
    [
      ...["1#1", "I1", "2#1", "1#2", "2#2", "4#2", "3#1", "I2", "2#1", "1#3", "2#3", "4#3", "3#1"],
      ...["skip 3 to 3 of 2", "...", "I4", "2#1", "1#5", "2#5", "4#5", "3#1", "2#1", "4#1"],
    ],
  ],
];

describe.skipIf(pythons.length > 0)("loops", () => {
  it("need a build", (test) => test.skip(NOT_BUILT));
});

describe.each(pythons)("Python $version", async ({ executable }) => {
  const texts = await rendered(executable);

  it.each(CASES)("shows %s", (name, _code, _entry, expected) => {
    expect(texts.get(name)).toEqual(expected);
  });
});

async function rendered(python: string): Promise<Map<string, string[]>> {
  const programs = CASES.map(([id, code, entry]): Program => ({ id, code, entry }));
  const renderer = findRenderer("statelens-skip");
  const texts = new Map<string, string[]>();
  await using tracer = await openTracer({ python, workers: 1 });
  for await (const trace of tracer.run(programs)) {
    const [shown] = renderer.render(trace.program, trace, { correct: true, loops: null, valueChars: 0 });
    texts.set(trace.program.id, (shown?.said().trace ?? "").split("\n").map(short));
  }
  return texts;
}

/** "3" for a line, "3#2" of the second call, "I2" for an iteration, "skip 3 to 4 of 3" for what is left out. */
function short(line: string): string {
  const [, number, call] = /^Line (\d+)(?: \[call (\d+)\])?: /.exec(line) ?? [];
  if (number !== undefined) return call === undefined ? number : `${number}#${call}`;
  const iteration = /^=== Iteration (\d+) ===$/.exec(line)?.[1];
  if (iteration !== undefined) return `I${iteration}`;
  const [, open, from, to, loop] = /(=== |\()Iterations (\d+)(?: to (\d+))? skipped for `Line (\d+)`/.exec(line) ?? [];
  if (loop === undefined) return line;
  const text = `skip ${from} to ${to ?? from} of ${loop}`;
  return open === "(" ? `(${text})` : text;
}
