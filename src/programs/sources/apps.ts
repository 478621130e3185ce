import { SourceError } from "../../base/errors.ts";
import { type JsonNode, parseJsonText, toPlainValue } from "../../base/io/json-text.ts";
import type { Program } from "../../base/schema/program.ts";
import { holdsNan, pythonSource } from "../../python/json-source.ts";
import { kindOf, optionalIdField, optionalTextField, otherFields, wrongField } from "./fields.ts";
import type { FaultyPart, RowContext, SourceAdapter } from "./source.ts";

type Row = Readonly<Record<string, unknown>>;

const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;
const SOLUTION_CLASS = /^class[ \t]+Solution\b/m;

/** What the tests of a row say. */
interface Tests {
  readonly inputs: readonly JsonNode[];
  readonly outputs: readonly JsonNode[];
  /** The function that is called with the inputs; null: they are texts on stdin. */
  readonly functionName: string | null;
}

/** Every solution with every input, compared as the published tests do: what is printed word by word, values as JSON. */
export const appsSource: SourceAdapter = {
  name: "apps",
  title: "APPS: solutions, and tests on stdin or of a function; one program per solution and input",
  example:
    '{"problem_id": 7, "solutions": ["print(int(input()) * 2)"],\n "input_output": {"inputs": ["4\\n"], "outputs": ["8\\n"]}}',
  detect: (row) => "input_output" in row && ("solutions" in row || "solution" in row || "code" in row),
  *programs(row, context) {
    const solutions = solutionsOf(row);
    const tests = testsOf(context);
    const rowId = optionalIdField(row, "problem_id") ?? optionalIdField(row, "id") ?? context.fallbackId;
    const meta = otherFields(row, ["problem_id", "id", "solutions", "solution", "code", "input_output"]) ?? {};
    for (const [s, code] of solutions.entries()) {
      for (const [i, input] of tests.inputs.entries()) {
        const id = `${rowId}/${s}/${i}`;
        yield casePart({ id, code, entry: null, meta }, tests, i, input);
      }
    }
  },
};

function casePart(
  base: Program & { meta: object },
  tests: Tests,
  index: number,
  input: JsonNode,
): Program | FaultyPart {
  try {
    const output = tests.outputs[index];
    if (tests.functionName === null) {
      const program: Program = { ...base, stdin: stdinText(input, index) };
      if (output !== undefined) Object.assign(program, { expected: plainText(output), compare: "stdout-tokens" });
      return program;
    }
    if (input.kind !== "array") throw wrongPart("inputs", index, input, "an array of the function's arguments");
    const target = SOLUTION_CLASS.test(base.code) ? `Solution().${tests.functionName}` : tests.functionName;
    const args = input.items.map((item) => pythonSource(item, "expression", 1));
    const program: Program = { ...base, entry: `${target}(${args.join(", ")})` };
    // An array of one may be the result, or hold it: the published tests accept both.
    const ambiguous = output?.kind === "array" && output.items.length === 1;
    if (output !== undefined && !ambiguous && !holdsNan(output))
      Object.assign(program, { expected: pythonSource(output, "literal"), compare: "json" });
    return program;
  } catch (fault) {
    if (fault instanceof SourceError) return { id: base.id, fault };
    throw fault;
  }
}

/** A text, or its lines. */
function stdinText(input: JsonNode, index: number): string {
  if (input.kind === "string") return input.value;
  if (input.kind === "array") return input.items.map(plainText).join("\n");
  throw wrongPart("inputs", index, input, "a string, or an array of lines");
}

function plainText(node: JsonNode): string {
  if (node.kind === "string") return node.value;
  if (node.kind === "array") return node.items.map(plainText).join("\n");
  return pythonSource(node, "expression");
}

function solutionsOf(row: Row): string[] {
  const single = optionalTextField(row, "code") ?? optionalTextField(row, "solution");
  if (single !== undefined) return [single];
  const given = row["solutions"];
  // The published rows hold JSON in a string.
  const value = typeof given === "string" ? parsed("solutions", given) : given;
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) {
    throw wrongField("solutions", value, "an array of Python sources, or JSON of one");
  }
  if (value.length === 0) throw new SourceError("no-solutions", 'The field "solutions" is empty; give it a program.');
  return value;
}

function testsOf(context: RowContext): Tests {
  const row = context.exact();
  let node = row.kind === "object" ? row.members.get("input_output") : undefined;
  if (node?.kind === "string") node = parsedNode("input_output", node.value);
  if (node?.kind !== "object") {
    const found = node === undefined ? undefined : toPlainValue(node);
    throw wrongField("input_output", found, "an object with inputs and outputs, or JSON of one");
  }
  const inputs = node.members.get("inputs");
  const outputs = node.members.get("outputs");
  if (inputs?.kind !== "array" || inputs.items.length === 0) {
    throw new SourceError("no-inputs", 'The field "input_output" has no inputs; give it an array of them.');
  }
  const name = node.members.get("fn_name");
  if (name !== undefined && name.kind !== "null" && !(name.kind === "string" && NAME.test(name.value))) {
    throw new SourceError("wrong-value", 'The field "input_output.fn_name" is none; make it a function\'s name.');
  }
  return {
    inputs: inputs.items,
    outputs: outputs?.kind === "array" ? outputs.items : [],
    functionName: name?.kind === "string" ? name.value : null,
  };
}

function parsed(field: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformed(field, cause as Error);
  }
}

function parsedNode(field: string, text: string): JsonNode {
  try {
    return parseJsonText(text);
  } catch (cause) {
    throw malformed(field, cause as Error);
  }
}

function malformed(field: string, cause: Error): SourceError {
  return new SourceError("malformed-json", `The text in the field "${field}" is no JSON: ${cause.message}.`, { cause });
}

function wrongPart(part: string, index: number, found: JsonNode, wanted: string): SourceError {
  const where = `"input_output.${part}[${index}]"`;
  return new SourceError("wrong-type", `The field ${where} is ${kindOf(toPlainValue(found))}; make it ${wanted}.`);
}
