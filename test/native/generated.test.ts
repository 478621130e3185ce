import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { openTracer } from "../../src/engine/tracer.ts";
import { generatePrograms } from "../../src/programs/generate/generate.ts";
import type { GenerateInput } from "../../src/programs/generate/generate-options.ts";
import { MOST_EVENTS } from "../../src/programs/generate/program.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";

const pythons = await builtPythons();
if (pythons.length === 0) console.warn(`skipped: ${NOT_BUILT}`);

const KNOBS: Omit<GenerateInput, "count">[] = [
  {},
  { depth: 0, calls: 0, containers: 0, classes: 0, exceptions: 0, strings: 0 },
  { depth: 4, calls: 4, containers: 5, classes: 3, exceptions: 5, strings: 5 },
  { depth: 4, containers: 0, strings: 0, calls: 4 },
  { depth: 0, containers: 5, strings: 5, exceptions: 5 },
  { depth: 3, containers: 5, strings: 0, classes: 3 },
];

function programs(count: number, seed: number) {
  return KNOBS.flatMap((knobs, i) => {
    return [...generatePrograms({ count, seed: seed + i, ...knobs })].map((program) => ({
      ...program,
      id: `${i}/${program.id}`,
    }));
  });
}

const PARSE = `
import ast, json, sys
count = 0
for line in sys.stdin:
    program = json.loads(line)
    tree = ast.parse(program["code"])
    call = ast.parse(program["entry"], mode="eval").body
    # The entry calls the last function, and its arguments are literals.
    assert tree.body[-1].name == call.func.id, program["id"]
    assert len(tree.body[-1].args.args) == len(call.args), program["id"]
    [ast.literal_eval(argument) for argument in call.args]
    count += 1
print(count)`;

test.for(pythons)("Python $version parses every generated program", { timeout: 120_000 }, ({ executable }) => {
  const input = programs(1_000, 100).map((program) => `${JSON.stringify(program)}\n`);
  const { stdout, stderr } = spawnSync(executable, ["-W", "error", "-I", "-c", PARSE], {
    input: input.join(""),
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  expect(stdout).toBe(`${input.length}\n`);
});

test.for(pythons)("they end by themselves in Python $version", { timeout: 300_000 }, async ({ executable }) => {
  await using tracer = await openTracer({ python: executable, workers: 1, maxEvents: MOST_EVENTS });
  const unexpected: unknown[] = [];
  let raised = 0;
  for await (const { program, outcome } of tracer.run(programs(400, 200))) {
    const { status, exception } = outcome;
    // The one exception that a program is meant to end with.
    const meant = exception?.type === "ValueError" && /^cannot go on with \d+$/.test(exception.message);
    if (status === "exception" && meant) raised++;
    else if (status !== "ok") unexpected.push([status, exception?.message, program.code, program.entry]);
  }
  expect(unexpected).toEqual([]);
  expect(raised).toBeGreaterThan(0);
});
