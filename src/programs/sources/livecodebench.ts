import { SourceError } from "../../base/errors.ts";
import type { Program } from "../../base/schema/program.ts";
import { optionalIdField, otherFields, textField } from "./fields.ts";
import type { SourceAdapter } from "./source.ts";

export const livecodebenchSource: SourceAdapter = {
  name: "livecodebench",
  title: "LiveCodeBench execution: code, the whole call as its input, and the result as Python source",
  example:
    '{"id": "sample_0", "function_name": "double", "code": "def double(n):\\n    return n * 2",\n "input": "double(n = 4)", "output": "8"}',
  detect: (row) => "code" in row && "input" in row && "output" in row && "function_name" in row,
  *programs(row, { fallbackId }) {
    const name = textField(row, "function_name");
    const call = textField(row, "input");
    if (!call.trimStart().startsWith(`${name}(`)) {
      const advice = `make it one, or name the kind of the rows with --source`;
      throw new SourceError("wrong-value", `The field "input" is no call of ${JSON.stringify(name)}; ${advice}.`);
    }
    const id = optionalIdField(row, "id") ?? optionalIdField(row, "question_id") ?? fallbackId;
    const program: Program = { id, code: textField(row, "code"), entry: call, expected: textField(row, "output") };
    const meta = otherFields(row, ["id", "code", "input", "output"]);
    if (meta !== undefined) program.meta = meta;
    yield program;
  },
};
