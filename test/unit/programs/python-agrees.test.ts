import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJsonText } from "../../../src/base/io/json-text.ts";
import { readPrograms } from "../../../src/programs/sources/read.ts";
import { pythonSource } from "../../../src/python/json-source.ts";

const PYTHON = process.env["TRACEMILL_PYTHON"] ?? "python3";
const CORPUS = new URL("../../../../shared/data/pyedu_toy.jsonl", import.meta.url).pathname;
const hasPython = spawnSync(PYTHON, ["--version"]).status === 0;
const folder = new TestFolder();

/** Runs Python code with lines of JSON on stdin; returns what it prints. */
function python(code: string, lines: string[], ...args: string[]): string {
  const { stdout, stderr, status } = spawnSync(PYTHON, ["-c", code, ...args], {
    input: lines.join("\n"),
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

// repr() tells values apart that compare equal: 1 and 1.0, 0.0 and -0.0, and NaN from nothing.
const COMPARE_VALUES = `
import ast, json, sys
for line in sys.stdin.read().split("\\n"):
    text, expression, literal = json.loads(line)
    value = json.loads(text)
    assert repr(eval(expression)) == repr(value), (text, expression)
    if literal is not None:
        assert repr(ast.literal_eval(literal)) == repr(value), (text, literal)
print("same")`;

test.skipIf(!hasPython)("values are those of Python's own json module", () => {
  const strings = fc.string({ unit: "binary" });
  const numbers = fc.oneof(
    fc.double().map(String),
    fc.bigInt().map(String),
    fc.constantFrom("1.0", "-0", "-0.0", "1e400", "NaN", "-Infinity"),
  );
  const { text } = fc.letrec<{ text: string }>((tie) => ({
    text: fc.oneof(
      { maxDepth: 4 },
      numbers,
      strings.map((value) => JSON.stringify(value)),
      fc.constantFrom("null", "true", "false", '"\\ud800\\udfff\\ud800"', '"\\/\\u00e9"'),
      fc.array(tie("text"), { maxLength: 4 }).map((items) => `[${items.join(", ")}]`),
      fc.array(fc.tuple(fc.oneof(strings, fc.nat(20).map(String)), tie("text")), { maxLength: 4 }).map((members) => {
        return `{${members.map(([key, value]) => `${JSON.stringify(key)}: ${value}`).join(",")}}`;
      }),
    ),
  }));
  const lines = fc.sample(text, { numRuns: 3_000, seed: 1 }).map((json) => {
    const node = parseJsonText(json);
    const literal = json.includes("NaN") ? null : pythonSource(node, "literal");
    return JSON.stringify([json, pythonSource(node, "expression"), literal]);
  });
  expect(python(COMPARE_VALUES, lines)).toBe("same\n");
});

const COMPARE_CORPUS = `
import ast, json, sys
programs = [json.loads(line) for line in open(sys.argv[2])]
at = 0
for line in open(sys.argv[1]):
    row = json.loads(line)
    for index, io in enumerate(row["ios"]):
        program = programs[at]
        at += 1
        assert program["id"] == f"{row['meta']['msgidx']}/{index}", program["id"]
        assert program["code"] == row["refcode"]
        seen = []
        scope = {row["funcname"]: lambda **values: seen.append(values)}
        eval(program["entry"], scope)
        assert repr(seen[0]) == repr(io["input"]), program["id"]
        assert repr(ast.literal_eval(program["expected"])) == repr(io["output"]), program["id"]
assert at == len(programs)
print(at)`;

import { TestFolder } from "../../helpers/test-folder.ts";

test.skipIf(!hasPython || !existsSync(CORPUS))("every PyEdu input reaches its function as it was", async () => {
  const lines: string[] = [];
  for await (const item of readPrograms([CORPUS])) {
    if ("rejected" in item) throw new Error(item.rejected.message);
    lines.push(JSON.stringify(item.program));
  }
  const programs = folder.writeRows(lines, "programs.jsonl");
  expect(python(COMPARE_CORPUS, [], CORPUS, programs)).toBe(`${lines.length}\n`);
  expect(lines.length).toBe(9_028);
});
