import { SourceError } from "../../base/errors.ts";
import { type JsonNode, parseJsonText, toPlainValue } from "../../base/io/json-text.ts";
import type { Program } from "../../base/schema/program.ts";
import { dictSource, holdsNan, pythonSource } from "../../python/json-source.ts";
import { tokenize } from "../../python/tokens.ts";
import { kindOf, optionalIdField, otherFields, textField, wrongField } from "./fields.ts";
import type { FaultyPart, SourceAdapter } from "./source.ts";

// Only ASCII: Python normalises other identifiers in source, but not the keys of a dict.
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
const FUNCTION_NAME = /^[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*$/u;

/** What may not be the name of an argument in source. */
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from global " +
    "if import in is lambda nonlocal not or pass raise return try while with yield __debug__"
  ).split(" "),
);

const EXAMPLE_IO = '{"input": {"n": 3, "scale": 1.0}, "output": 6.0}';

export const pyeduSource: SourceAdapter = {
  name: "pyedu",
  title: "PyEdu: a function with many inputs, one program each; inputs and outputs are JSON values",
  example: `{"refcode": "def main(n, scale):\\n    return n * 2 * scale", "funcname": "main",\n "ios": [${EXAMPLE_IO}]}`,
  detect: (row) => "refcode" in row && "funcname" in row && "ios" in row,
  *programs(row, { fallbackId, exact }) {
    const code = textField(row, "refcode");
    const name = textField(row, "funcname");
    if (!FUNCTION_NAME.test(name)) {
      throw new SourceError(
        "wrong-value",
        `The field "funcname" is ${JSON.stringify(name)}; make it a function's name.`,
      );
    }
    const cases = exactCases(exact());
    if (cases === null) throw wrongField("ios", row["ios"], "an array of {input, output}, or JSON of one");
    if (cases.length === 0) throw new SourceError("no-inputs", 'The field "ios" is empty; give it an input.');
    const rowId = messageId(row) ?? fallbackId;
    const meta = otherFields(row, ["refcode", "funcname", "ios"]);
    for (const [index, io] of cases.entries()) {
      const id = `${rowId}/${index}`;
      yield caseProgram(io, index, { id, code, entry: name, ...(meta === undefined ? {} : { meta }) });
    }
  },
};

/** The published rows keep it under meta, others beside the code. */
function messageId(row: Readonly<Record<string, unknown>>): string | undefined {
  const meta = row["meta"];
  const inner =
    typeof meta === "object" && meta !== null ? optionalIdField(meta as Record<string, unknown>, "msgidx") : undefined;
  return optionalIdField(row, "msgidx") ?? inner;
}

/** Tables, whose columns have one type, hold them as JSON in a string. Null when they are none. */
function exactCases(row: JsonNode): readonly JsonNode[] | null {
  let ios = row.kind === "object" ? row.members.get("ios") : undefined;
  if (ios?.kind === "string") {
    try {
      ios = parseJsonText(ios.value);
    } catch {
      return null;
    }
  }
  return ios?.kind === "array" ? ios.items : null;
}

/** `base.entry` is the function's name. */
function caseProgram(io: JsonNode, index: number, base: Program): Program | FaultyPart {
  try {
    const input = io.kind === "object" ? io.members.get("input") : undefined;
    if (io.kind !== "object" || input?.kind !== "object") {
      const found = input === undefined ? "missing" : kindOf(toPlainValue(input));
      const advice = "make it an object of the function's arguments by name";
      throw new SourceError("wrong-type", `The field "ios[${index}].input" is ${found}; ${advice}.`);
    }
    const members = given(input.members, parametersOf(base.code, base.entry as string));
    const program: Program = { ...base, entry: callSource(base.entry as string, members) };
    const output = io.members.get("output");
    // Nothing equals a NaN, and no literal writes one: there is nothing to compare with.
    if (output !== undefined && !holdsNan(output)) {
      program.expected = pythonSource(output, "literal");
      program.compare = "json";
    }
    return program;
  } catch (fault) {
    if (fault instanceof SourceError) return { id: base.id, fault };
    throw fault;
  }
}

/**
 * Columns of a table have the arguments of all rows, null where a row has none: what is null and no parameter is no
 * argument.
 */
function given(
  values: ReadonlyMap<string, JsonNode>,
  parameters: ReadonlySet<string> | null,
): ReadonlyMap<string, JsonNode> {
  if (parameters === null) return values;
  return new Map([...values].filter(([name, value]) => value.kind !== "null" || parameters.has(name)));
}

/** Null where the function is not found, or takes arguments of any name. */
function parametersOf(code: string, name: string): ReadonlySet<string> | null {
  const last = name.split(".").at(-1) as string;
  const head = new RegExp(`^[ \\t]*(?:async[ \\t]+)?def[ \\t]+${last}[ \\t]*\\(`, "mu").exec(code);
  if (head === null) return null;
  const names = new Set<string>();
  let depth = 0;
  let before = ",";
  for (const { kind, text } of tokenize(code.slice(head.index + head[0].length - 1)) ?? []) {
    if ("([{".includes(text)) depth++;
    else if (")]}".includes(text)) depth--;
    if (depth === 0) return names;
    if (depth === 1 && text === "**") return null;
    if (depth === 1 && kind === "name" && (before === "," || before === "(" || before === "*")) names.add(text);
    if (kind !== "line-end") before = text;
  }
  return null;
}

/** A call with the values as keyword arguments. */
function callSource(name: string, values: ReadonlyMap<string, JsonNode>): string {
  const named: string[] = [];
  const others = new Map<string, JsonNode>();
  for (const [key, value] of values) {
    if (IDENTIFIER.test(key) && !KEYWORDS.has(key)) named.push(`${key}=${pythonSource(value, "expression", 1)}`);
    else others.set(key, value);
  }
  if (others.size > 0) named.push(`**${dictSource(others, "expression", 1)}`);
  return `${name}(${named.join(", ")})`;
}
