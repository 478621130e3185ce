import { SourceError } from "../../base/errors.ts";
import { type JsonNode, toPlainValue } from "../../base/io/json-text.ts";
import type { Program } from "../../base/schema/program.ts";
import { pythonSource } from "../../python/json-source.ts";
import { optionalIdField, optionalTextField, otherFields, textField, wrongField } from "./fields.ts";
import { assertedCall, bodyLines } from "./python-tests.ts";
import type { FaultyPart, SourceAdapter } from "./source.ts";

/** Also of nothing. */
const ONLY_IMPORTS = /^(?:[ \t]*(?:(?:import|from)[ \t].*|#.*)?(?:\r?\n|$))*$/;
const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/**
 * The tests of HumanEval are functions that take the solution. Where all that such a function does is to compare calls
 * with values, every comparison is a program; else the call of the function is the program.
 */
export const humanevalSource: SourceAdapter = {
  name: "humaneval",
  title: "HumanEval: a prompt, its solution, and a test; one program per compared call where the test is no more",
  example:
    '{"task_id": "HumanEval/53", "prompt": "def add(x, y):\\n", "canonical_solution": "    return x + y\\n",\n "entry_point": "add", "test": "def check(candidate):\\n    assert candidate(0, 1) == 1\\n"}',
  detect: (row) => "prompt" in row && "canonical_solution" in row && "entry_point" in row,
  *programs(row, { fallbackId, exact }) {
    const id = optionalIdField(row, "task_id") ?? fallbackId;
    const name = textField(row, "entry_point");
    if (!NAME.test(name)) throw wrongField("entry_point", row["entry_point"], "a function's name");
    const code = textField(row, "prompt") + textField(row, "canonical_solution");
    if (!("test" in row) && "base_input" in row) {
      yield* inputPrograms({ id, code, entry: name }, row, exact());
      return;
    }
    const test = textField(row, "test");
    const meta = otherFields(row, ["task_id", "prompt", "canonical_solution", "entry_point", "test"]);
    const base = { code, ...(meta === undefined ? {} : { meta }) };
    const calls = checkedCalls(test, name);
    if (calls === null) {
      yield { ...base, id, code: `${code.trimEnd()}\n\n\n${test.trim()}\n`, entry: `check(${name})` };
      return;
    }
    for (const [index, asserted] of calls.entries()) {
      yield { ...base, id: `${id}/${index}`, entry: asserted.call, expected: asserted.expected };
    }
  },
};

/** HumanEval+ as EvalPlus publishes it: lists of arguments, whose results the solution itself gives. */
function* inputPrograms(
  base: Program,
  row: Readonly<Record<string, unknown>>,
  exact: JsonNode,
): Generator<Program | FaultyPart> {
  const members = exact.kind === "object" ? exact.members : new Map<string, JsonNode>();
  const inputs = ["base_input", "plus_input"].flatMap((field): readonly JsonNode[] => {
    const node = members.get(field);
    if (node === undefined || node.kind === "null") return [];
    if (node.kind === "array") return node.items;
    throw wrongField(field, row[field], "an array of the arguments of every call");
  });
  if (inputs.length === 0) throw new SourceError("no-inputs", "The row has no inputs; give it base_input.");
  const meta = otherFields(row, ["task_id", "prompt", "canonical_solution", "entry_point", "base_input", "plus_input"]);
  for (const [index, input] of inputs.entries()) {
    const id = `${base.id}/${index}`;
    try {
      if (input.kind !== "array") throw wrongField(`inputs[${index}]`, toPlainValue(input), "an array of arguments");
      const args = input.items.map((item) => pythonSource(item, "expression", 1)).join(", ");
      yield { ...base, id, entry: `${base.entry}(${args})`, ...(meta === undefined ? {} : { meta }) };
    } catch (fault) {
      if (!(fault instanceof SourceError)) throw fault;
      yield { id, fault };
    }
  }
}

/** Null when the test does anything else, too. */
function checkedCalls(test: string, name: string): { call: string; expected: string }[] | null {
  const lines = bodyLines(test, "check");
  if (lines === null || lines.length === 0) return null;
  const calls: { call: string; expected: string }[] = [];
  for (const line of lines) {
    const asserted = assertedCall(line);
    if (asserted === null || !asserted.literal) return null;
    const [, args] = /^candidate\s*(\(.*)$/s.exec(asserted.call) ?? [];
    if (args === undefined || /\bcandidate\b/.test(args)) return null;
    calls.push({ call: name + args, expected: asserted.expected });
  }
  return calls;
}

/** Tests that compare a call with a value become its entry; all others run as they are, behind the solution. */
export const mbppSource: SourceAdapter = {
  name: "mbpp",
  title: "MBPP, also its sanitized form: a function and assertions about it, one program each",
  example:
    '{"task_id": 2, "text": "Add two numbers.", "code": "def add(a, b):\\n    return a + b",\n "test_list": ["assert add(1, 2) == 3"], "test_setup_code": ""}',
  detect: (row) => "code" in row && "test_list" in row,
  *programs(row, { fallbackId }) {
    const id = optionalIdField(row, "task_id") ?? fallbackId;
    const setup = (optionalTextField(row, "test_setup_code") ?? "").trim();
    const imports = [...lines(row, "test_imports"), ...(ONLY_IMPORTS.test(setup) ? [setup] : [])];
    const before = imports.map((text) => text.trim()).filter((text) => text !== "");
    // What else is set up uses what the code defines.
    const after = setup === "" || ONLY_IMPORTS.test(setup) ? [] : [setup];
    const code = [...before, textField(row, "code"), ...after].join("\n");
    const tests = [...lines(row, "test_list"), ...lines(row, "challenge_test_list")];
    if (tests.length === 0) throw wrongField("test_list", [], "an array with a test in it");
    const meta = otherFields(row, [
      "task_id",
      "code",
      "test_list",
      "challenge_test_list",
      "test_setup_code",
      "test_imports",
    ]);
    for (const [index, test] of tests.entries()) {
      yield testProgram({ id: `${id}/${index}`, code, entry: null, ...(meta === undefined ? {} : { meta }) }, test);
    }
  },
};

function testProgram(base: Program, test: string): Program {
  const asserted = assertedCall(test);
  if (asserted === null) return { ...base, code: `${base.code.trimEnd()}\n\n${test.trim()}\n` };
  const { call, expected, literal } = asserted;
  if (literal) return { ...base, entry: call, expected };
  return { ...base, entry: `${call} == (${expected})`, expected: "True" };
}

function lines(row: Readonly<Record<string, unknown>>, name: string): string[] {
  const value = row[name];
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw wrongField(name, value, "an array of strings");
}
