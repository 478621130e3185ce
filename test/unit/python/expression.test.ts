// CPython's own parser is the judge: texts have one tree here exactly where `ast.dump` gives one tree.
import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { expressionOf, parseExpression } from "../../../src/python/expression.ts";

/** Random expressions, each written several ways, with near misses; [text, dump or null] for each. */
const WRITTEN = `
import ast, json, random
random.seed(11)
NAMES = ["a", "b", "f", "x1", "_"]
def atom():
    return random.choice([*NAMES, "1", "0x1", "1.0", "1e0", "2", "'s'", '"s"', "'s' 't'", "b's'", "None", "True", "...", "()", "[]", "{}", "10_0", "100", "1j"])
OPS = ["+", "-", "*", "/", "//", "%", "@", "**", "<<", ">>", "&", "|", "^", "==", "!=", "<", ">=", " in ", " not in ", " is ", " is not ", " and ", " or "]
def expr(d):
    k = random.randrange(24)
    e = lambda: expr(d - 1)
    if d == 0 or k < 3: return atom()
    if k < 9: return e() + random.choice(["", " "]) + random.choice(OPS) + " " + e()
    if k == 9: return random.choice(["-", "+", "~", "not "]) + e()
    if k == 10: return "(" + e() + ")"
    if k == 11: return e() + " if " + e() + " else " + e()
    if k == 12: return "[" + ", ".join(e() for _ in range(random.randrange(3))) + random.choice(["", ",", ""]) + "]"
    if k == 13: return "(" + e() + ", " + e() + random.choice(["", ","]) + ")"
    if k == 14: return "{" + e() + ": " + e() + ", **" + e() + "}"
    if k == 15: return "{" + e() + ", *" + e() + "}"
    if k == 16: return random.choice(NAMES) + "(" + ", ".join([e(), "k=" + e()][: random.randrange(3)]) + random.choice(["", ","]) + ")"
    if k == 17: return "f(*" + e() + ", **" + e() + ")"
    if k == 18: return "a." + random.choice(NAMES) + "[" + e() + random.choice(["", ":", ":" + e(), "::2", ", " + e()]) + "]"
    if k == 19: return "[" + e() + " for " + random.choice(["a", "a, b", "(a, b)"]) + " in " + atom() + random.choice(["", " if " + atom()]) + "]"
    if k == 20: return "f(" + e() + " for a in " + atom() + ")"
    if k == 21: return "lambda " + random.choice(["", "a", "a, b=1", "*a"]) + ": " + e()
    if k == 22: return "(a := " + e() + ")"
    return "{" + e() + ": 1 for a in b}"
def damage(t):
    i = random.randrange(len(t) + 1)
    return t[:i] + random.choice(["", " ", "(", ")", ",", "1", "=", "\\n", "'", "# c\\n"]) + t[i + random.randrange(2):]
def dump(t):
    try: return ast.dump(ast.parse(t.strip(), mode="eval"))
    except (SyntaxError, ValueError, MemoryError): return None
def respelled(t):
    try: return ast.unparse(ast.parse(t, mode="eval"))
    except (SyntaxError, ValueError): return t
import warnings; warnings.simplefilter("ignore")
out = []
for _ in range(4000):
    t = expr(random.randrange(1, 5))
    for v in (t, respelled(t), "(" + t + ")", damage(t)): out.append([v, dump(v)])
print(json.dumps(out))
`;

describe("trees of expressions", () => {
  it("are equal where those of CPython are", () => {
    const python = process.env["TRACEMILL_PYTHON"] ?? "python3";
    const { stdout, stderr } = spawnSync(python, ["-c", WRITTEN], { encoding: "utf8", maxBuffer: 1 << 28 });
    expect(stderr).toBe("");
    const cases = JSON.parse(stdout) as [text: string, dump: string | null][];
    const byDump = new Map<string, string>();
    const byTree = new Map<string, string>();
    let agreed = 0;
    for (const [text, dump] of cases) {
      const tree = expressionOf(text)?.tree ?? null;
      // What only the compiler refuses may have a tree; what Python takes must have the one of its dump.
      if (dump === null || tree === null) {
        if (dump !== null) expect.soft(text).toBe("an expression that was not read");
        continue;
      }
      if (byDump.has(dump)) expect.soft([text, byDump.get(dump)]).toEqual([text, tree]);
      if (byTree.has(tree)) expect.soft([text, byTree.get(tree)]).toEqual([text, dump]);
      byDump.set(dump, tree);
      byTree.set(tree, dump);
      agreed++;
    }
    expect(agreed).toBeGreaterThan(10_000);
  });

  it("have places of the source", () => {
    const source = " f( 1 ) == ( [2,\n3] ) # so";
    const { comparison } = parseExpression(source);
    expect(comparison?.operands.map(({ start, end }) => source.slice(start, end))).toEqual(["f( 1 )", "( [2,\n3] )"]);
  });

  it.each(["", "1 2", "f(3)\n== 4", "a = 1", "assert a", "yield", "f'{a}'", "(", "a; b", "1 +", "x.1", "*", "f(a=)"])(
    "there is none of %j",
    (text) => expect(expressionOf(text)).toBe(null),
  );
});
