// Right answers in odd but legal spellings earn everything; CPython says that each spelling is legal and means the same.
import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { assertion, line, literal, question, type Row, valueType, verdict } from "./questions.ts";

/** A value as repr() writes it, and other ways to write it. */
const VALUES: readonly (readonly [repr: string, type: string, spellings: readonly string[]])[] = [
  [
    "1000",
    "int",
    ["1_000", "0x3E8", "0X3e8", "0b1111101000", "0o1750", "(1000)", "+1000", "1000 # a thousand", "(\n1000\n)"],
  ],
  ["-7", "int", ["- 7", "-0x7", "(-7)", "-\\\n7"]],
  ["0", "int", ["00", "-0", "0_0", "0x0"]],
  ["1.5", "float", ["1.50", "15e-1", "1_5e-1", ".15e1", "+1.5", "0.15E+1"]],
  ["-0.0", "float", ["-0.", "-.0", "-0e0", "-0e5", "- 0.0"]],
  ["100.0", "float", ["1e2", "1E2", "100.", "1_00.0"]],
  ["inf", "float", ["1e999", "float('inf')", 'float("inf")', "float('Infinity')", "float('+inf')", "-float('-inf')"]],
  ["nan", "float", ["float('nan')", 'float("NaN")', "float('-nan')"]],
  ["(1+2j)", "complex", ["1+2j", "1 + 2J", "(1+2j)", "1.0+2.0j", "1 - -2j".replace("- -", "+ ")]],
  ["True", "bool", ["(True)", "True # yes", "((True))"]],
  ["None", "NoneType", ["(None)", "None#"]],
  [
    "'ab'",
    "str",
    ['"ab"', "'a' 'b'", "'a'\"b\"", "'''ab'''", "r'ab'", "u'ab'", "'\\x61b'", "'\\141b'", "'\\u0061b'", "('a'\n'b')"],
  ],
  ["'a\\nb'", "str", ["'''a\nb'''", '"a\\nb"', "'a\\x0ab'", "'a' '\\n' 'b'", '"""a\nb"""']],
  ['"it\'s"', "str", ["'it\\'s'", "'''it's'''", "'it' \"'s\""]],
  ["'a == b; c'", "str", ['"a == b; c"', "'a =' '= b; c'"]],
  ["'#'", "str", ['"#"', "'\\x23'"]],
  ["''", "str", ['""', "''''''", "'' ''"]],
  ["'é'", "str", ["'\\xe9'", "'\\u00e9'", "'\\U000000e9'"]],
  ["b'a\\xff'", "bytes", ['b"a\\xff"', "B'a\\xff'", "b'a' b'\\xff'", "b'\\141\\377'"]],
  [
    "[1, 2, 3]",
    "list",
    ["[1,2,3]", "[1, 2, 3,]", "[ 1 ,2 , 3 ]", "[\n  1,\n  2,\n  3,\n]", "[1, 2, # two\n 3]", "([1, 2, 3])"],
  ],
  ["[]", "list", ["[ ]", "[\n]", "([])"]],
  ["(1,)", "tuple", ["1,", "(1, )", "((1),)"]],
  ["(1, 'a')", "tuple", ["1, 'a'", '(1,"a",)', "(1,\n'a')"]],
  ["()", "tuple", ["( )", "(())"]],
  ["{1, 2}", "set", ["{2, 1}", "{1,2,1}", "{2,1,}"]],
  ["set()", "set", ["set( )", "set()"]],
  ["{'a': 1, 'b': [2]}", "dict", ["{'b': [2], 'a': 1}", '{"a":1,"b":[2,],}', "{'a': 0, 'a': 1, 'b': [2]}"]],
  ["{}", "dict", ["{ }", "({})"]],
  ["[(1, {'k': (None,)}), {3}]", "list", ["[(1,{'k':(None,)}),{3}]", "[\n (1, {'k': (None,)},),\n {3},\n]"]],
  ["[True, 1, 1.0]", "list", ["[True,1,1.]", "[True, 0x1, 1e0]"]],
];

const WRAPPERS: readonly (readonly [name: string, wrap: (text: string) => string])[] = [
  ["tags", (text) => `Let me see.\n<answer>\n${text}\n</answer>`],
  ["capital tags", (text) => `<think>1? 2?</think><ANSWER>${text}</ANSWER> Done.`],
  ["brackets", (text) => `[THOUGHT]so so[/THOUGHT]\n[ANSWER]${text}[/ANSWER]`],
  ["a fence", (text) => `It is\n\`\`\`python\n${text}\n\`\`\`\nas said.`],
  ["a fence in tags", (text) => `<answer>\n\`\`\`python\n${text}\n\`\`\`\n</answer>`],
  ["after others", (text) => `<answer>'no'</answer>\nWait.\n<answer>${text}</answer>`],
  ["after an open thought", (text) => `<answer>'no'</answer> hm </think>\n<answer>${text}</answer>`],
  ["alone", (text) => text],
];

/** What both texts are, by type all through. */
const JUDGE = `
import json, sys
def typed(x):
    if isinstance(x, (list, tuple)): return [type(x).__name__, [typed(i) for i in x]]
    if isinstance(x, (set, frozenset)): return [type(x).__name__, sorted(map(repr, map(typed, x)))]
    if isinstance(x, dict): return ["dict", sorted([repr(typed(k)), repr(typed(v))] for k, v in x.items())]
    return [type(x).__name__, repr(x)]
names = {"inf": float("inf"), "nan": float("nan")}
print(json.dumps([typed(eval(a.strip(), dict(names))) == typed(eval(b.strip(), dict(names))) for a, b in json.load(sys.stdin)]))
`;

const PAIRS = VALUES.flatMap(([repr, type, spellings]) => spellings.map((spelling) => [repr, type, spelling] as const));

describe("right answers", () => {
  it("are legal Python of the same value", () => {
    const python = process.env["TRACEMILL_PYTHON"] ?? "python3";
    const input = JSON.stringify(PAIRS.map(([repr, , spelling]) => [repr, spelling]));
    const { stdout, stderr } = spawnSync(python, ["-W", "ignore", "-c", JUDGE], { input, encoding: "utf8" });
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual(PAIRS.map(() => true));
    expect(PAIRS.length * WRAPPERS.length).toBeGreaterThan(200);
  });

  it.each(PAIRS)("%s, a %s, written as %s", (repr, type, spelling) => {
    for (const [name, wrap] of WRAPPERS)
      expect([name, verdict(literal(repr), wrap(spelling))]).toMatchObject(right(name));
    const asserted = verdict(assertion(repr), `<answer>assert f(3) == (${spelling}\n)</answer>`);
    expect(asserted).toMatchObject({ credit: 1 });
    const typed = verdict(valueType(repr, type), `<answer>${spelling}; ${type}</answer>`);
    if (!/#[^'"]*$/.test(spelling)) expect(typed).toMatchObject({ credit: 1 });
  });

  const OTHERS: readonly (readonly [name: string, row: Row, reply: string])[] = [
    ["the sides of an assertion changed about", assertion("4"), "<answer>assert 4 == f(3)</answer>"],
    ["brackets around what is asserted", assertion("4"), "<answer>assert (f(3) == 4)</answer>"],
    ["no space behind the keyword", assertion("4"), "<answer>assert(f(3)) == 4</answer>"],
    ["brackets around the call", assertion("4"), "<answer>assert (f(3)) == (4)</answer>"],
    ["a message", assertion("4"), '<answer>assert f(3) == 4, "f, of 3"</answer>'],
    ["a comment", assertion("4"), "<answer># so\nassert f(3) == 4  # done</answer>"],
    ["a backslash", assertion("4"), "<answer>assert f(3) \\\n  == 4</answer>"],
    [
      "a call in other layout",
      assertion("4", "f('a', [1, 2], k=(1))"),
      '<answer>assert f("a",[1,2,],k=1) == 4</answer>',
    ],
    ["a call over lines", assertion("4", "f([1, 2])"), "<answer>assert f([\n 1,\n 2,\n]) == 4</answer>"],
    ["a name that Python normalizes", assertion("4"), "<answer>assert ｆ(3) == 4</answer>"],
    ["numbers in other bases", assertion("4", "f(255)"), "<answer>assert f(0xff) == 0b100</answer>"],
    ["a method", assertion("4", "Solution().f(x=-1)"), "<answer>assert Solution( ).f(x = - 1) == 4</answer>"],
    ["an assertion at the end of a reply", assertion("4"), "So it adds one.\nassert f(3) == 4"],
    ["a value with equality in it", assertion("'a == b'", "f('==')"), "<answer>assert f('==') == 'a == b'</answer>"],
    ["a box", literal("4"), "Thus $\\boxed{4}$."],
    ["a box of text", literal("4"), "\\boxed{\\text{4}}"],
    ["a box with braces", literal("{'a': 1}"), "\\boxed{\\{'a': 1\\}}"],
    ["a box in tags", literal("4"), "<answer>$\\boxed{4}$</answer>"],
    ["JSON", literal("[1, None, True]"), '{"answer": [1, null, true]}'],
    ["JSON in a fence", literal("{'a': 1.0}"), '```json\n{"output": {"a": 1.0}}\n```'],
    ["JSON of a string", literal("'1'"), '{"answer": "1"}'],
    ["JSON of value and type", valueType("[1]", "list"), '<answer>{"value": [1], "type": "list"}</answer>'],
    ["a dict that looks like an answer", literal("{'answer': 1}"), "<answer>{'answer': 1}</answer>"],
    ["a string with the separator", valueType("'a; b'", "str"), "<answer>'a; b';str</answer>"],
    ["unbound", valueType("Nil", "Nil"), "<answer>Nil</answer>"],
    ["a line", line("12"), "<answer>Line 12</answer>"],
    ["a line in short", line("12"), "<answer>L12</answer>"],
    ["no line", line("-1"), "<answer>-1</answer>"],
    ["the end", line("end"), "<answer>End.</answer>"],
    ["a yes", question({ form: "yes-no", answers: [{ text: "yes" }] }), "<answer>YES</answer>"],
    ["a true", question({ form: "yes-no", answers: [{ text: "yes" }] }), "<answer>True</answer>"],
    ["lines in a row", question({ form: "lines", answers: [{ text: "[1, 2, 2]" }] }), "<answer>1 -> 2 -> 2</answer>"],
    ["a line each", question({ form: "lines", answers: [{ text: "[1, 2, 2]" }] }), "<answer>1\n2\n2</answer>"],
    ["lines with commas", question({ form: "lines", answers: [{ text: "[1, 2, 2]" }] }), "1,2,2"],
    ["an error by its repr", question({ form: "error", answers: [{ text: "E: a b" }] }), "<answer>E('a b')</answer>"],
    ["no error", question({ form: "error", answers: [{ text: "none" }] }), "<answer>No exception</answer>"],
    ["edges with arrows", question({ form: "edges", answers: [{ text: "[('f', 'g'), ('f', 'h')]" }] }), "f -> h\nf→g"],
    ["what is printed", question({ form: "text", answers: [{ text: "a\nb\n" }] }), "```\na\nb\n```"],
    [
      "what is printed, as a string",
      question({ form: "text", answers: [{ text: "a\nb\n" }] }),
      "<answer>'a\\nb\\n'</answer>",
    ],
    ["nothing printed", question({ form: "text", answers: [{ text: "" }] }), "<answer>''</answer>"],
    ["other than literals", literal("deque([1, 2])"), "<answer>deque([1,2,])</answer>"],
    ["within a tolerance", literal("[0.1]", { tolerance: { absolute: 1e-6 } }), "<answer>[0.1000000001]</answer>"],
    ["without order", literal("[1, 2]", { orderless: true }), "<answer>[2, 1]</answer>"],
    ["without types", literal("1", { untyped: true }), "<answer>True</answer>"],
    ["the known input", question({ form: "call", call: "f(3)", answers: [{ text: "f(3)" }] }), "<answer>f(3)</answer>"],
    [
      "a step",
      question({ form: "step", answers: [{ text: "Line: 2\nCheck: {'a': 1, 'b': 2}\nNext statement: 3" }] }),
      'Line: 2\nAnalysis: it is set.\nCheck: {"b": 2, "a": 0x1}\nNext statement:3',
    ],
    [
      "a step as a tuple",
      question({ form: "step", answers: [{ text: "({'a': 1, 'b': [2]}, '3')" }] }),
      '<answer>( {"b": [2,], "a": 0x1}, "3", )</answer>',
    ],
    [
      "a step as a tuple, asked in the published layout",
      question({ form: "step", answers: [{ text: "Line: 2\nCheck: {'a': 1}\nNext statement: completion" }] }),
      "({'a': 1}, 'completion')",
    ],
  ];

  it.each(OTHERS)("%s", (_, row, reply) => {
    expect(verdict(row, reply)).toMatchObject({ outcome: "scored", reason: "right", credit: 1, reward: 1 });
  });

  it("say where they stand in the reply", () => {
    const reply = "<think>no</think>\nIt is <answer> [1, 2] </answer>";
    const { span } = verdict(literal("[1, 2]"), reply);
    expect(reply.slice(...(span as [number, number]))).toBe("[1, 2]");
  });
});

function right(name: string): unknown[] {
  return [name, { outcome: "scored", reason: "right", credit: 1 }];
}
