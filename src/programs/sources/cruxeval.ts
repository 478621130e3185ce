import type { Program } from "../../base/schema/program.ts";
import { optionalIdField, optionalTextField, otherFields, textField } from "./fields.ts";
import type { SourceAdapter } from "./source.ts";

const DEFINES_F = /^(?:async[ \t]+)?def[ \t]+f\b/m;
const READS_STDIN = /\binput[ \t]*\(|\bsys\.stdin\b|\bopen\([ \t]*0\b/;

/** The same fields as CRUXEval's, of a program that reads its input and prints its output. */
export const stdinSource: SourceAdapter = {
  name: "stdin",
  title: "programs that read stdin and print: code, its input, and the output that is compared word by word",
  example: '{"id": "p1", "code": "print(int(input()) * 2)",\n "input": "4\\n", "output": "8\\n"}',
  detect: ({ code, ...row }) =>
    typeof code === "string" && "input" in row && "output" in row && !DEFINES_F.test(code) && READS_STDIN.test(code),
  *programs(row, { fallbackId }) {
    const program: Program = {
      id: optionalIdField(row, "id") ?? fallbackId,
      code: textField(row, "code"),
      entry: null,
      stdin: textField(row, "input"),
    };
    const output = optionalTextField(row, "output");
    if (output !== undefined) Object.assign(program, { expected: output, compare: "stdout-tokens" });
    const meta = otherFields(row, ["id", "code", "input", "output"]);
    if (meta !== undefined) program.meta = meta;
    yield program;
  },
};

/** The arguments of the call are Python source in the row, so the entry is theirs, character by character. */
export const cruxevalSource: SourceAdapter = {
  name: "cruxeval",
  title: "CRUXEval: a function f, the arguments of a call and its result as Python source",
  example:
    '{"id": "sample_0", "code": "def f(nums):\\n    return sorted(nums)",\n "input": "[3, 1]", "output": "[1, 3]"}',
  detect: (row) => "code" in row && "input" in row && "output" in row,
  *programs(row, { fallbackId }) {
    yield program(row, optionalIdField(row, "id") ?? fallbackId, `f(${textField(row, "input")})`, ["id", "input"]);
  },
};

export const cruxevalCallsSource: SourceAdapter = {
  name: "cruxeval-calls",
  title: "CRUXEval reshaped: code, the whole call, the function's name, and the result as Python source",
  example:
    '{"task_id": "sample_0", "code": "def f(nums):\\n    return sorted(nums)",\n "function_name": "f", "function_call": "f([3, 1])", "output": "[1, 3]"}',
  detect: (row) => "code" in row && "function_call" in row,
  *programs(row, { fallbackId }) {
    const id = optionalIdField(row, "task_id") ?? optionalIdField(row, "id") ?? fallbackId;
    yield program(row, id, textField(row, "function_call"), ["task_id", "id", "function_call", "function_name"]);
  },
};

function program(row: Readonly<Record<string, unknown>>, id: string, entry: string, used: readonly string[]): Program {
  const made: Program = { id, code: textField(row, "code"), entry };
  const expected = optionalTextField(row, "output");
  if (expected !== undefined) made.expected = expected;
  const meta = otherFields(row, [...used, "code", "output"]);
  if (meta !== undefined) made.meta = meta;
  return made;
}
