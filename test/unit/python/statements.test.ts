import { describe, expect, test } from "vitest";
import { SourceStatements } from "../../../src/python/statements.ts";

/** "first-last" of the statement of every line; "" where there is none. */
function spans(source: string): string[] {
  const statements = new SourceStatements(source);
  return statements.lines.map((_, i) => {
    const statement = statements.at(i + 1);
    return statement === undefined ? "" : `${statement.first}-${statement.last}`;
  });
}

/** The header lines of the loops around every line. */
function loops(source: string): number[][] {
  const statements = new SourceStatements(source);
  return statements.lines.map((_, i) => statements.at(i + 1)?.loops.map(({ first }) => first) ?? []);
}

describe("statements", () => {
  test("reach over brackets, strings and backslashes", () => {
    const source = 'x = [\n  1,  # ]\n  "]",\n]\n\ny = """\nfor a in b:\n"""\nz = 1 + \\\n  2\ns = "#(\'" # (\nt = 0';
    expect(spans(source)).toEqual([
      "1-4",
      "1-4",
      "1-4",
      "1-4",
      "",
      "6-8",
      "6-8",
      "6-8",
      "9-10",
      "9-10",
      "11-11",
      "12-12",
    ]);
  });

  test("know the loops around them, by indentation and by function", () => {
    const source = `for a in b:
    while a:
        pass
    else:
        pass
    def g():
        return 1
    c = 1
for(x) in y: z()
async for q in r:
    q
forth = 1`;
    expect(loops(source)).toEqual([[1], [1, 2], [1, 2], [1], [1], [1], [], [1], [9], [10], [10], []]);
    expect(new SourceStatements(source).at(9)?.inline).toBe(true);
  });

  test("take sources that are no Python", () => {
    for (const source of ["", "(", '"""', "\\", ":", "))))", "\t \f x"]) {
      expect(spans(source).length).toBeGreaterThan(0);
    }
  });
});
