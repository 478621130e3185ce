import type { Program } from "../../base/schema/program.ts";
import { optionalIdField, optionalTextField, otherFields, textField } from "./fields.ts";
import type { SourceAdapter } from "./source.ts";

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
