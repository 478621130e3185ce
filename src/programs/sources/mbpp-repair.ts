import { SourceError } from "../../base/errors.ts";
import type { Program } from "../../base/schema/program.ts";
import { optionalIdField, otherFields, textField } from "./fields.ts";
import { literalElements } from "./python-tests.ts";
import type { SourceAdapter } from "./source.ts";

const FAILING_TEST = /\*\*fail tests\*\*\r?\n(.*?)\r?\n\r?\nyour correct program is/s;
const FUNCTION = /^(?:async[ \t]+)?def[ \t]+([\p{L}_][\p{L}\p{N}_]*)/gmu;

/** The arguments of the failing test are in the prompt only; programs that do not compile have none. */
export const mbppRepairSource: SourceAdapter = {
  name: "mbpp-repair",
  title: "MBPP repair: a faulty solution, and in the prompt the arguments of the test that it fails",
  example:
    '{"task_id": "Mbpp/2", "solution": "def add(a, b):\\n    return a - b", "is_syntax_err": false,\n "prompt": "...\\n**fail tests**\\n[1, 2]\\n\\nyour correct program is \\n"}',
  detect: (row) => "solution" in row && "prompt" in row && "is_syntax_err" in row,
  *programs(row, { fallbackId }) {
    const code = textField(row, "solution");
    const args = FAILING_TEST.exec(textField(row, "prompt"))?.[1];
    const program: Program = {
      id: optionalIdField(row, "task_id") ?? fallbackId,
      code,
      entry: args === undefined ? null : `${testedFunction(code)}(${argumentsOf(args)})`,
    };
    const meta = otherFields(row, ["task_id", "solution"]);
    if (meta !== undefined) program.meta = meta;
    yield program;
  },
};

/** Helpers come first in these solutions. */
function testedFunction(code: string): string {
  const name = Array.from(code.matchAll(FUNCTION), (found) => found[1]).at(-1);
  if (name !== undefined) return name;
  throw new SourceError("wrong-value", 'The field "solution" defines no function; give it the one that is tested.');
}

function argumentsOf(text: string): string {
  const elements = literalElements(text);
  if (elements !== null) return elements.join(", ");
  const advice = "write the arguments as a list of Python literals";
  throw new SourceError("wrong-value", `The failing test in the field "prompt" is no list of literals; ${advice}.`);
}
