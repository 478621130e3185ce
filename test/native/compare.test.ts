// Comparisons as data sets publish them.
import { expect, test } from "vitest";
import type { Program } from "../../src/base/schema/program.ts";
import { openTracer } from "../../src/engine/tracer.ts";
import { verdictOf } from "../../src/views/verdict/verdict.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";

const [python] = await builtPythons();
if (python === undefined) console.warn(`skipped: ${NOT_BUILT}`);

type Given = Pick<Program, "code" | "entry" | "expected" | "compare"> & { is: string | null };

const returns = (value: string, expected: string, compare: Program["compare"], is: string | null): Given => {
  return { code: `def f():\n    return ${value}`, entry: "f()", expected, compare, is };
};
const prints = (code: string, expected: string, is: string | null): Given => {
  return { code, entry: null, expected, compare: "stdout-tokens", is };
};

const CASES: Given[] = [
  returns("(2, 3)", "[2, 3]", "json", "yes"),
  returns("(2, 3)", "[2, 3]", undefined, "no"),
  returns("{0: (0,), True: None}", "{'0': [0], 'true': None}", "json", "yes"),
  returns("{1.5: 1, None: 2}", "{'1.5': 1, 'null': 2}", "json", "yes"),
  returns("{0: 0}", "{'0': 1}", "json", "no"),
  returns("[(1, [2, (3,)])]", "[[1, [2, [3]]]]", "json", "yes"),
  returns("{1, 2}", "[1, 2]", "json", "no"),
  returns("'[2, 3]'", "[2, 3]", "json", "no"),
  prints("print('1  2')\nprint(3)", "1 2\n3\n", "yes"),
  prints("print('1 2 3', end='')", "1 2\n3\n", "yes"),
  prints("print('12 3')", "1 2\n3\n", "no"),
  prints("print('x')\nraise ValueError", "x", null),
  prints("pass", "", "yes"),
  prints("print('a' * 2_000_000)", "a".repeat(2_000_000), null),
];

test.skipIf(!python)("values as JSON, and what is printed word by word", async () => {
  await using tracer = await openTracer({ python: python?.executable ?? "", workers: 1 });
  const programs = CASES.map(({ is: _, ...given }, i): Program => ({ id: String(i), ...given }));
  const found: (string | null)[] = [];
  for await (const trace of tracer.run(programs)) {
    found.push(verdictOf(trace.program, trace.outcome, () => trace.stdout)?.is ?? null);
  }
  expect(found).toEqual(CASES.map(({ is }) => is));
});
