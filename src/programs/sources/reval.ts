import { SourceError } from "../../base/errors.ts";
import { kindOf, optionalIdField, textField, wrongField } from "./fields.ts";
import type { SourceAdapter } from "./source.ts";

/** A program for each input; its number, from 0 as in the tasks of the benchmark, is the end of its id. */
export const revalSource: SourceAdapter = {
  name: "reval",
  title: "REval (DREval_data): a function, and inputs as the text of a tuple of its arguments each",
  example:
    '{"task_id": "DREval/0", "entry_point": "f", "code": "def f(a):\\n    return a + 1",\n "inputs": ["(1,)"], "outputs": ["2"], "test": null}',
  detect: (row) => "entry_point" in row && "code" in row && Array.isArray(row["inputs"]) && "outputs" in row,
  *programs(row, { fallbackId }) {
    const id = optionalIdField(row, "task_id") ?? fallbackId;
    const code = textField(row, "code");
    const name = textField(row, "entry_point");
    const { inputs } = row;
    if (!Array.isArray(inputs)) throw wrongField("inputs", inputs, "a list of texts");
    for (const [i, input] of (inputs as readonly unknown[]).entries()) {
      const one = `${id}/${i}`;
      const given = typeof input === "string" ? argumentsOf(input) : null;
      if (given === null) {
        const what = typeof input === "string" ? "no tuple of arguments" : kindOf(input);
        const message = `Input ${i} is ${what}; tests of classes are not read, give the text of a tuple, as in "(1,)".`;
        yield { id: one, fault: new SourceError("no-call", message) };
        continue;
      }
      yield { id: one, code, entry: `${name}(${given})` };
    }
  },
};

/** Between the parentheses; null: it is not the text of a tuple. */
function argumentsOf(input: string): string | null {
  const match = /^\s*\(([\s\S]*)\)\s*$/.exec(input);
  if (match === null) return null;
  const inner = (match[1] as string).trim();
  // "(1)" is no tuple, and `f(1)` would not be what the benchmark runs.
  if (inner === "") return "";
  return inner.endsWith(",") ? inner.slice(0, -1).trimEnd() : inner.includes(",") ? inner : null;
}
