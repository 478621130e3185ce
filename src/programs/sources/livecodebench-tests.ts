import { inflateSync } from "node:zlib";
import { SourceError } from "../../base/errors.ts";
import { type JsonNode, parseJsonText } from "../../base/io/json-text.ts";
import { pickledText } from "../../base/io/pickled-text.ts";
import type { Program } from "../../base/schema/program.ts";
import { holdsNan, pythonSource } from "../../python/json-source.ts";
import { optionalIdField, otherFields, wrongField } from "./fields.ts";
import type { FaultyPart, SourceAdapter } from "./source.ts";

type Row = Readonly<Record<string, unknown>>;

/** What compressed tests may hold. */
const MOST_BYTES = 256 << 20;
const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;
const SOLUTION_CLASS = /^class[ \t]+Solution\b/m;
const CODE_FIELDS = ["code", "solution", "code_list", "solutions"] as const;

interface Case {
  readonly input: string;
  readonly output: string;
  readonly functional: boolean;
}

/** The published rows have no solutions: they are those of a model, or of the user, beside the tests. */
export const livecodebenchTestsSource: SourceAdapter = {
  name: "livecodebench-tests",
  title: "LiveCodeBench code generation with solutions: code, and its public and private tests; one program per test",
  example:
    '{"question_id": "1873_A", "code": "print(input()[::-1])",\n "public_test_cases": "[{\\"input\\": \\"ab\\", \\"output\\": \\"ba\\", \\"testtype\\": \\"stdin\\"}]"}',
  detect: (row) => "public_test_cases" in row || "private_test_cases" in row,
  *programs(row, { fallbackId }) {
    const id = optionalIdField(row, "question_id") ?? optionalIdField(row, "id") ?? fallbackId;
    const solutions = solutionsOf(row);
    const cases = [...casesIn(row, "public_test_cases"), ...casesIn(row, "private_test_cases")];
    if (cases.length === 0) throw new SourceError("no-inputs", "The row has no tests; give it public_test_cases.");
    const name = cases.some(({ functional }) => functional) ? functionName(row) : null;
    const used = ["question_id", "id", "public_test_cases", "private_test_cases", ...CODE_FIELDS];
    const meta = otherFields(row, used);
    for (const [s, code] of solutions.entries()) {
      const base = { code, entry: null, ...(meta === undefined ? {} : { meta }) };
      for (const [i, test] of cases.entries()) {
        yield caseProgram({ ...base, id: `${id}/${s}/${i}` }, test, i, name);
      }
    }
  },
};

function caseProgram(
  base: Program,
  { input, output, functional }: Case,
  index: number,
  name: string | null,
): Program | FaultyPart {
  if (!functional) return { ...base, stdin: input, expected: output, compare: "stdout-tokens" };
  try {
    const target = SOLUTION_CLASS.test(base.code) ? `Solution().${name}` : name;
    const lines = input.split("\n").filter((line) => line.trim() !== "");
    const args = lines.map((line) => pythonSource(parsed(line, `argument of test ${index}`), "expression", 1));
    const program: Program = { ...base, entry: `${target}(${args.join(", ")})` };
    const wanted = parsed(output, `output of test ${index}`);
    return holdsNan(wanted) ? program : { ...program, expected: pythonSource(wanted, "literal"), compare: "json" };
  } catch (fault) {
    if (fault instanceof SourceError) return { id: base.id, fault };
    throw fault;
  }
}

function solutionsOf(row: Row): string[] {
  for (const field of CODE_FIELDS) {
    const value = row[field];
    if (value === undefined || value === null) continue;
    if (typeof value === "string") return [value];
    if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string")) return value;
    throw wrongField(field, value, "a Python source, or an array of them");
  }
  const fix = 'LiveCodeBench publishes none; put the source to be tested in a field "code"';
  throw new SourceError("no-solutions", `The row has tests but no solution; ${fix}.`);
}

function functionName(row: Row): string {
  const metadata = row["metadata"];
  const fields = typeof metadata === "string" ? parsed(metadata, "metadata") : null;
  const name = fields?.kind === "object" ? fields.members.get("func_name") : undefined;
  const found = name?.kind === "string" ? name.value : (metadata as { func_name?: unknown } | null)?.func_name;
  if (typeof found === "string" && NAME.test(found)) return found;
  throw new SourceError("wrong-value", 'The field "metadata" names no function; give it {"func_name": ...}.');
}

/** JSON, or, where there is much of it, base64 of zlib of a pickle of it. */
function casesIn(row: Row, field: string): Case[] {
  const given = row[field];
  if (given === undefined || given === null || given === "") return [];
  const value =
    typeof given === "string" ? parsed(unpacked(field, given), field) : parseJsonText(JSON.stringify(given));
  if (value.kind !== "array") throw wrongField(field, given, "an array of tests, or JSON of one");
  return value.items.map((item, i): Case => {
    const members = item.kind === "object" ? item.members : new Map<string, JsonNode>();
    const text = (name: string): string => {
      const node = members.get(name);
      if (node?.kind === "string") return node.value;
      throw new SourceError("wrong-type", `The field "${field}[${i}].${name}" is no string; make it one.`);
    };
    return {
      input: text("input"),
      output: text("output"),
      functional: members.has("testtype") && text("testtype") === "functional",
    };
  });
}

function unpacked(field: string, text: string): string {
  if (/^\s*\[/.test(text)) return text;
  try {
    return pickledText(inflateSync(Buffer.from(text, "base64"), { maxOutputLength: MOST_BYTES }));
  } catch (cause) {
    const why = (cause as Error).message;
    throw new SourceError("wrong-value", `The field "${field}" is neither JSON nor a packed text: ${why}.`, { cause });
  }
}

function parsed(text: string, what: string): JsonNode {
  try {
    return parseJsonText(text);
  } catch (cause) {
    throw new SourceError("malformed-json", `The ${what} is no JSON: ${(cause as Error).message}.`, { cause });
  }
}
