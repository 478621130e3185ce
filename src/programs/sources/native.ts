import { SourceError } from "../../base/errors.ts";
import { type Program, type Tolerance, toleranceSchema } from "../../base/schema/program.ts";
import { optionalIdField, optionalTextField, textField, wrongField } from "./fields.ts";
import type { SourceAdapter } from "./source.ts";

const FIELDS = {
  id: true,
  code: true,
  entry: true,
  stdin: true,
  argv: true,
  expected: true,
  tolerance: true,
  numpy: true,
  meta: true,
} satisfies Record<keyof Program, true>;

export const nativeSource: SourceAdapter = {
  name: "native",
  title: "programs as tracemill has them: id, code, and entry, stdin, argv, expected, tolerance, numpy, meta as needed",
  example:
    '{"id": "p1", "code": "def f(x):\\n    return x + 1", "entry": "f(2)", "expected": "3"}\n{"id": "p2", "code": "print(input())", "stdin": "hello\\n"}',
  detect: (row) => "code" in row,
  *programs(row) {
    const unknown = Object.keys(row).find((name) => !Object.hasOwn(FIELDS, name));
    if (unknown !== undefined) {
      const advice = `put what should be carried along under "meta", or name the kind of the rows with --source`;
      throw new SourceError("unknown-field", `There is no field ${JSON.stringify(unknown)} in a program; ${advice}.`);
    }
    const id = optionalIdField(row, "id");
    if (id === undefined) throw wrongField("id", row["id"], "a string that no other row has");
    const program: Program = { id, code: textField(row, "code"), entry: optionalTextField(row, "entry") ?? null };
    const stdin = optionalTextField(row, "stdin");
    if (stdin !== undefined) program.stdin = stdin;
    const argv = row["argv"];
    if (argv !== undefined && argv !== null) program.argv = textList("argv", argv);
    const expected = optionalTextField(row, "expected");
    if (expected !== undefined) program.expected = expected;
    if (row["tolerance"] !== undefined && row["tolerance"] !== null) program.tolerance = tolerance(row["tolerance"]);
    const numpy = row["numpy"];
    if (numpy !== undefined && numpy !== null) {
      if (typeof numpy !== "boolean") throw wrongField("numpy", numpy, "true or false");
      program.numpy = numpy;
    }
    if (row["meta"] !== undefined) program.meta = row["meta"];
    yield program;
  },
};

function tolerance(value: unknown): Tolerance {
  const read = toleranceSchema.safeParse(value);
  if (read.success) return read.data;
  throw wrongField("tolerance", value, 'an object like {"relative": 1e-9, "absolute": 1e-12}');
}

function textList(name: string, value: unknown): string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw wrongField(name, value, "an array of strings");
}
