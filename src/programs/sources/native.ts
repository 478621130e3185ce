import { SourceError } from "../../base/errors.ts";
import { nearest } from "../../base/nearest.ts";
import {
  COMPARISONS,
  type Comparison,
  type Program,
  type Tolerance,
  toleranceSchema,
} from "../../base/schema/program.ts";
import { optionalIdField, optionalTextField, textField, wrongField } from "./fields.ts";
import type { SourceAdapter } from "./source.ts";

const FIELDS = {
  id: true,
  code: true,
  entry: true,
  stdin: true,
  argv: true,
  expected: true,
  compare: true,
  tolerance: true,
  numpy: true,
  meta: true,
} satisfies Record<keyof Program, true>;

export const nativeSource: SourceAdapter = {
  name: "native",
  title:
    "programs as tracemill has them: id, code, and entry, stdin, argv, expected, compare, tolerance, numpy, meta as needed",
  example:
    '{"id": "p1", "code": "def f(x):\\n    return x + 1", "entry": "f(2)", "expected": "3"}\n{"id": "p2", "code": "print(input())", "stdin": "hello\\n"}',
  detect: (row) => "code" in row,
  *programs(row, { carried }) {
    const unknown = Object.keys(row).filter((name) => !Object.hasOwn(FIELDS, name) && row[name] !== null);
    for (const name of unknown) refuseNearMiss(name);
    const id = optionalIdField(row, "id");
    if (id === undefined) throw wrongField("id", row["id"], "a string that no other row has");
    const program: Program = { id, code: textField(row, "code"), entry: optionalTextField(row, "entry") ?? null };
    const stdin = optionalTextField(row, "stdin");
    if (stdin !== undefined) program.stdin = stdin;
    const argv = row["argv"];
    if (argv !== undefined && argv !== null) program.argv = textList("argv", argv);
    const expected = optionalTextField(row, "expected");
    if (expected !== undefined) program.expected = expected;
    const compare = optionalTextField(row, "compare");
    if (compare !== undefined) program.compare = comparison(compare);
    if (row["tolerance"] !== undefined && row["tolerance"] !== null) program.tolerance = tolerance(row["tolerance"]);
    const numpy = row["numpy"];
    if (numpy !== undefined && numpy !== null) {
      if (typeof numpy !== "boolean") throw wrongField("numpy", numpy, "true or false");
      program.numpy = numpy;
    }
    const meta = metaOf(row, unknown);
    if (meta !== undefined) program.meta = meta;
    if (unknown.length > 0) carried(unknown);
    yield program;
  },
};

/** What the row has besides is carried along, beside what its own `meta` has. */
function metaOf(row: Readonly<Record<string, unknown>>, unknown: readonly string[]): unknown {
  const { meta } = row;
  if (unknown.length === 0) return meta;
  const own = typeof meta === "object" && meta !== null && !Array.isArray(meta) ? meta : null;
  const others = unknown.map((name) => [name, row[name]] as const);
  return { ...Object.fromEntries(others), ...(own ?? (meta === undefined ? {} : { meta })) };
}

/** A program without its `entry` would be another program, so a misspelt name is never taken for something to carry. */
function refuseNearMiss(name: string): void {
  const meant = nearest(name, Object.keys(FIELDS));
  if (meant === null) return;
  const advice = `name it that, or, where it is something else, put it under "meta"`;
  throw new SourceError(
    "unknown-field",
    `There is no field ${JSON.stringify(name)}; did you mean "${meant}"? ${advice}.`,
  );
}

function comparison(value: string): Comparison {
  const found = COMPARISONS.find((name) => name === value);
  if (found !== undefined) return found;
  throw new SourceError("wrong-value", `The field "compare" is none; make it one of ${COMPARISONS.join(", ")}.`);
}

function tolerance(value: unknown): Tolerance {
  const read = toleranceSchema.safeParse(value);
  if (read.success) return read.data;
  throw wrongField("tolerance", value, 'an object like {"relative": 1e-9, "absolute": 1e-12}');
}

function textList(name: string, value: unknown): string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw wrongField(name, value, "an array of strings");
}
