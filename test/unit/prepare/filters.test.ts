import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { runTrace } from "../../../src/jobs/trace.ts";
import { chooseFilters, listFilters } from "../../../src/prepare/filters/registry.ts";
import { builtPythons } from "../../helpers/built-pythons.ts";
import { TestFolder } from "../../helpers/test-folder.ts";

// Tracer processes start in each of them.
vi.setConfig({ testTimeout: 120_000 });

const [python] = await builtPythons();

const folder = new TestFolder();

/** Ids with the reason of those that were left out. */
async function left(filter: string, rows: object[]): Promise<Record<string, string>> {
  const input = folder.writeRows(rows);
  const output = folder.at("out.jsonl");
  const tracer = { workers: 1, python: python?.executable as string };
  const result = await runTrace({ inputs: [input], output, format: "events", filters: [filter], tracer, force: true });
  const rejected = readFileSync(`${output}.rejected.jsonl`, "utf8").split("\n").filter(Boolean);
  const reasons = rejected.map((line) => JSON.parse(line) as { id: string; reason: string });
  expect(Object.values(result.counts.rejected).reduce((sum, n) => sum + n, 0)).toBe(reasons.length);
  expect(result.manifest?.counts.rejected).toEqual(result.counts.rejected);
  for (const { reason } of reasons) expect(listFilters().flatMap(({ reasons }) => reasons)).toContain(reason);
  return Object.fromEntries(reasons.map(({ id, reason }) => [id, reason]));
}

const f = (body: string): string => `def f(x):\n    ${body}`;

test.skipIf(!python)("imports: what changes from run to run, by what is imported", async () => {
  expect(
    await left("imports", [
      { id: "plain", code: f("return 'import random'"), entry: "f(1)" },
      { id: "random", code: f("import random; return random.random()"), entry: "f(1)" },
      { id: "from", code: `from datetime import datetime\n${f("return datetime.now()")}`, entry: "f(1)" },
      { id: "process", code: `from multiprocessing import Process\n${f("return repr(Process())")}`, entry: "f(1)" },
      { id: "fixed", code: `from datetime import datetime\n${f("return datetime(2020, 1, 1)")}`, entry: "f(1)" },
      { id: "randomize", code: f("randomness = 1; return randomness"), entry: "f(1)" },
    ]),
  ).toEqual({ random: "changing-import", from: "changing-import", process: "changing-import" });
});

test.skipIf(!python)("duplicates and input-size look at values, not at text", async () => {
  const code = f("return x");
  expect(
    await left("duplicates", [
      { id: "a", code, entry: "f({'a': 1, 'b': 2})" },
      { id: "same", code, entry: "f( {'b': 2, 'a': 1} )" },
      { id: "float", code, entry: "f({'a': 1.0, 'b': 2})" },
      { id: "other", code: `${code}\n`, entry: "f({'a': 1, 'b': 2})" },
    ]),
  ).toEqual({ same: "duplicate-input" });
  const list = (n: number): string => `[${Array.from({ length: n }, () => "1").join(",")}]`;
  expect(
    await left("input-size", [
      { id: "small", code, entry: `f(${list(19)})` },
      { id: "items", code, entry: `f(${list(20)})` },
      { id: "inside", code, entry: `f([${list(20)}])` },
      { id: "chars", code, entry: `f('${"x".repeat(100)}')` },
      { id: "digits", code, entry: `f(${"9".repeat(400)})` },
      { id: "call", code: `${code}\nbig = [0] * 100`, entry: "f(big)" },
    ]),
  ).toEqual({
    items: "input-too-large",
    inside: "input-too-large",
    chars: "input-too-large",
    digits: "input-too-large",
  });
});

test.skipIf(!python)("inputs-per-row: ten of a row's programs, the same ones every time", async () => {
  const ios = Array.from({ length: 13 }, (_, i) => ({ input: { x: i } }));
  const rows = [{ refcode: f("return x"), funcname: "f", ios }];
  const first = await left("inputs-per-row", rows);
  expect(Object.keys(first)).toHaveLength(3);
  expect(await left("inputs-per-row", rows)).toEqual(first);
});

test.skipIf(!python)("traces: length, exceptions, and runs that do not return", async () => {
  const rows = [
    { id: "ok", code: f("return x"), entry: "f(1)" },
    { id: "handled", code: f("\n    try:\n        1 / 0\n    except ZeroDivisionError: return 1"), entry: "f(1)" },
    { id: "raises", code: f("return 1 / 0"), entry: "f(1)" },
    { id: "typo", code: "def f(:", entry: "f(1)" },
    { id: "long", code: f("\n    for i in range(200): x += i\n    return x"), entry: "f(1)" },
    { id: "shorter", code: f("\n    for i in range(50): x += i\n    return x"), entry: "f(1)" },
  ];
  expect(await left("exceptions", rows)).toEqual({ handled: "exception-in-trace", raises: "exception-in-trace" });
  expect(await left("returns", rows)).toEqual({ raises: "not-returned", typo: "not-returned" });
  expect(await left("finished", rows)).toEqual({ typo: "not-finished" });
  expect(await left("length", rows)).toEqual({ long: "trace-too-long" });
});

test.skipIf(!python)("round-trip: only results that are literals and the same in another run", async () => {
  expect(
    await left("round-trip", [
      { id: "ok", code: f("return {'a': [x, None, 1.5]}"), entry: "f(1)" },
      { id: "object", code: f("return object()"), entry: "f(1)" },
      { id: "random", code: `import random\n${f("return random.random()")}`, entry: "f(1)" },
      { id: "raises", code: f("raise ValueError"), entry: "f(1)" },
      { id: "module", code: "x = 1" },
    ]),
  ).toEqual({ object: "result-not-literal", random: "result-differs", raises: "not-returned", module: "no-entry" });
});

test("names of filters and of groups; others are refused", () => {
  expect(chooseFilters(["egr", "returns"]).traces).toEqual(["length", "exceptions", "returns"]);
  expect(() => chooseFilters(["constructor"])).toThrow("There is no filter");
});
