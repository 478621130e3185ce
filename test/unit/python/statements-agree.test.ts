import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { SourceStatements } from "../../../src/python/statements.ts";
import { installedPythons } from "../../helpers/built-pythons.ts";

interface Facts {
  readonly lines: [first: number, last: number][];
  readonly statements: [first: number, last: number | null, loops: number[]][];
}

const SCRIPT = new URL("statements.py", import.meta.url).pathname;
const pythons = (await installedPythons()).map(({ executable }) => executable);

function ask(python: string, sources: readonly string[]): (Facts | null)[] {
  const options = { input: JSON.stringify(sources), encoding: "utf8", maxBuffer: 1 << 30 } as const;
  const { stdout, stderr, status } = spawnSync(python, ["-I", SCRIPT], options);
  if (status !== 0) throw new Error(stderr);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Facts | null);
}

/** Null when the statements are Python's own, else what differs. */
function difference(source: string, facts: Facts): string | null {
  const ours = new SourceStatements(source);
  const lines = new Set(ours.lines.map((_, i) => ours.at(i + 1)).filter((statement) => statement !== undefined));
  const spans = [...lines].map(({ first, last }) => [first, last]);
  if (JSON.stringify(spans) !== JSON.stringify(facts.lines)) {
    const at = spans.findIndex((span, i) => JSON.stringify(span) !== JSON.stringify(facts.lines[i]));
    return `line ${at}: ours ${JSON.stringify(spans[at])}, theirs ${JSON.stringify(facts.lines[at])}`;
  }
  const headers = new Set<number>();
  for (const [first, last, loops] of facts.statements) {
    const statement = ours.at(first);
    if (statement === undefined) return `statement at ${first}: none`;
    if (last !== null && ours.at(last) !== statement) return `statement at ${first}: ends before ${last}`;
    // What stands on one line with the header of its block is part of that.
    if (headers.has(first)) continue;
    if (last === null) headers.add(first);
    const around = statement.loops.map((loop) => loop.first);
    if (JSON.stringify(around) !== JSON.stringify(loops)) return `loops at ${first}: ${around}, not ${loops}`;
  }
  return null;
}

function expectAgreement(python: string, sources: readonly string[]): number {
  const facts = ask(python, sources);
  const differences = sources.flatMap((source, i) => {
    const found = facts[i] == null ? null : difference(source, facts[i] as Facts);
    return found === null ? [] : [{ source: source.length > 2_000 ? source.slice(0, 200) : source, found }];
  });
  expect(differences.slice(0, 5)).toEqual([]);
  return facts.filter((fact) => fact !== null).length;
}

const QUOTES = ["'", '"', "'''", '"""'];

/** Expressions with strings in strings, most of them Python of some version. */
const { expression } = fc.letrec<{ expression: string; text: string; field: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(
      "a",
      "1",
      "0x1f",
      "1if a else 2",
      "d['(']",
      "'#'",
      '"\\\\"',
      "r'\\''",
      "b'{'",
      "(yield)",
      "lambda:0",
    ),
    tie("text"),
    fc
      .tuple(tie("expression"), fc.constantFrom("+", "!=", " in ", "if a else", "\\\n+", ","))
      .chain(([left, sign]) => tie("expression").map((right) => `${left} ${sign} ${right as string}`)),
    fc
      .tuple(fc.constantFrom("()", "[]", "{}"), tie("expression"), fc.constantFrom("", "\n", " # ) ' {\n", "\r\n"))
      .map(([pair, inner, end]) => `${pair[0]}${end}${inner as string}${end}${pair[1]}`),
  ),
  text: fc
    .tuple(
      fc.constantFrom("f", "F", "rf", "fR", "Rf", "", "r", "b", "u"),
      fc.constantFrom(...QUOTES),
      fc.array(
        fc.oneof(
          tie("field"),
          fc.constantFrom(
            "x",
            " ",
            "#",
            "{{",
            "}}",
            "\\\\",
            "\\'",
            '\\"',
            "\\{a}",
            "\\N{DASH}",
            "\n",
            "\\\n",
            "'",
            '"',
            ":",
          ),
        ),
        { maxLength: 4 },
      ),
    )
    .map(([prefix, quote, parts]) => `${prefix}${quote}${parts.join("")}${quote}`),
  field: fc
    .tuple(
      tie("expression"),
      fc.constantFrom("", "=", "!r", " !s"),
      fc.oneof(
        fc.constantFrom("", "", ":", ":>10", ":=^5", ":{a}", ":{a}.{b}", ":%H:%M", ":\\x20", ":'", ':"'),
        tie("field").map((field) => `:${field as string}`),
      ),
    )
    .map(([inner, convert, spec]) => `{${inner as string}${convert}${spec}}`),
}));

const statement = fc
  .tuple(
    fc.constantFrom("x = ", "", "return ", "x[0]\\\n  = ", "if a: x = ", "for i in a: ", "assert "),
    expression,
    fc.constantFrom("", "", ";", "; y = 1", " # ' (", ";\\\n"),
  )
  .map((parts) => parts.join(""));

/** Blocks of statements, in every indentation that Python takes. */
const { block } = fc.letrec<{ block: string[] }>((tie) => ({
  block: fc.array(
    fc.oneof(
      { maxDepth: 3, weight: 3, arbitrary: statement.map((text) => [text]) } as never,
      fc.constantFrom([""], ["# '"], ["\\"], ["'''doc", "  '''"], ["\f"]),
      fc
        .tuple(
          fc.constantFrom(
            "for i in a:",
            "while a :",
            "if a: # :",
            "def f(a,\n b):",
            "class A:",
            "async def f():",
            "with a:",
            "try:",
          ),
          fc.constantFrom("  ", "\t", " \t", "\f    "),
          tie("block"),
          fc.constantFrom("", "else:", "finally:", "except E:"),
        )
        .map(([header, indent, inner, tail]) => {
          const body = ["pass", ...(inner as string[])].map((line) => `${indent}${line}`);
          return [header, ...body, ...(tail === "" ? [] : [tail, `${indent}pass`])];
        }),
    ),
    { maxLength: 4 },
  ) as fc.Arbitrary<string[]>,
}));

test.skipIf(pythons.length === 0)("the statements of made sources are those of Python's own parser", () => {
  const ends = fc.constantFrom("\n", "\n", "\r\n", "\r");
  const sources = fc.tuple(block, ends).map(([lines, end]) => (lines as string[]).flat().join(end));
  const strings = statement.map((text) => `a\n${text}\nb\n`);
  const made = [...fc.sample(strings, { numRuns: 6_000, seed: 1 }), ...fc.sample(sources, { numRuns: 3_000, seed: 2 })];
  for (const python of pythons) expect(expectAgreement(python, made)).toBeGreaterThan(1_000);
});

test.skipIf(pythons.length === 0)("the statements of Python's own library are those of its parser", () => {
  for (const python of pythons) {
    const where = "import sysconfig; print(sysconfig.get_path('stdlib'))";
    const folder = spawnSync(python, ["-I", "-c", where], { encoding: "utf8" }).stdout.trim();
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
    const files = names.filter((name) => name.endsWith(".py") && !name.includes("site-packages")).sort();
    // Every file whose subject is the syntax, and a part of the others.
    const chosen = files.filter((name, i) => i % 32 === 0 || /string|token|gramm|syntax|ast|format/.test(name));
    const sources = chosen.map((name) => readFileSync(`${folder}/${name}`, "utf8"));
    expect(expectAgreement(python, sources)).toBeGreaterThan(100);
  }
});

test("a nested quote of an f-string ends no string, and what is open for ever costs no more than its length", () => {
  const statements = new SourceStatements('s = f"{d["("]}"\nt = 1\n');
  expect([statements.at(1)?.last, statements.at(2)?.first]).toEqual([1, 2]);
  for (const part of ['f"{', "f'{a:{", 'f"""{', "'''", "f'\\N{", "(f'", '"\\'])
    expect(new SourceStatements(part.repeat(200_000)).at(1)?.first).toBe(1);
});
