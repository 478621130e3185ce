import { stringRepr } from "../../python/string-repr.ts";

/** What the published harness imports for every program; a missing module is no fault. */
const MODULES = "math collections itertools functools re random bisect heapq typing builtins".split(" ");
/** Large ones: imported where the program or the assertion has the name. */
const LARGE = ["numpy", "pandas"];
/** In this order: what `math` calls `pow` is the built-in one again behind `builtins`. */
const STARRED = "math typing collections functools itertools builtins heapq".split(" ");

/** Modules that come with Python, to be imported once. */
export const STAR_MODULES: string[] = MODULES;

/**
 * A program whose entry `verify()` gives True where the assertion holds behind the code, both run with the usual names
 * imported. Neither text is part of the source: each is a string in it.
 */
export function assertionProgram(code: string, assertion: string): { readonly code: string; readonly entry: string } {
  const large = LARGE.filter((name) => new RegExp(`\\b${name}\\b`).test(`${code}\n${assertion}`));
  const imports = [
    ...[...MODULES, ...large].map((name) => `import ${name}`),
    ...STARRED.map((name) => `from ${name} import *`),
  ];
  const source = `
def verify():
    names = {"__name__": "__main__"}
    for line in (${imports.map(stringRepr).join(", ")}):
        try:
            exec(line, names)
        except Exception:
            pass
    exec(${stringRepr(code)}, names)
    exec(${stringRepr(assertion)}, names)
    return True
`;
  return { code: source, entry: "verify()" };
}
