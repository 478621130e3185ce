// Parsers of rendered texts meet what models write: whatever comes in, they return or throw ParseError.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ParseError } from "../../../src/base/errors.ts";
import { packagePath } from "../../../src/base/package-root.ts";
import { quoteList, readQuotedList, splitBindings } from "../../../src/python/bindings.ts";
import { isLiteral } from "../../../src/python/literal.ts";
import { parseCodeexecutor } from "../../../src/views/formats/codeexecutor.ts";
import { parseCwm } from "../../../src/views/formats/cwm.ts";
import { parseExecverify } from "../../../src/views/formats/execverify.ts";
import { parseStepReply } from "../../../src/views/formats/llmexecutor.ts";
import { parseLlmexecutorStates } from "../../../src/views/formats/llmexecutor-states.ts";
import { parseNext } from "../../../src/views/formats/next.ts";
import { parseScratchpad } from "../../../src/views/formats/scratchpad.ts";
import { parseSemenhanceOur } from "../../../src/views/formats/semenhance-our.ts";
import { parseSnoop } from "../../../src/views/formats/snoop-parser.ts";
import { parseStatelens } from "../../../src/views/formats/statelens-parser.ts";
import { parseTable } from "../../../src/views/formats/table.ts";
import { parseConcise, parseSemenhanceExe } from "../../../src/views/formats/tagged-lines.ts";

const golden = (name: string): string => readFileSync(packagePath("test", "golden", "render", name), "utf8");
const code = golden("program.py");

const PARSERS: [name: string, sample: string, parse: (text: string) => unknown][] = [
  ["codeexecutor", golden("codeexecutor.txt").trimEnd(), parseCodeexecutor],
  ["concise", golden("concise.txt").trimEnd(), parseConcise],
  ["cwm", golden("cwm.txt").trimEnd(), parseCwm],
  ["execverify", `{"trace_events":${golden("execverify.txt")}}`, parseExecverify],
  [
    "llmexecutor-sft",
    "Line: 2\nAnalysis: s is now 0.\nCheck: {'n': 3, 's': [(0,), \"it's\"]}\nNext statement:3",
    parseStepReply,
  ],
  ["llmexecutor-states", golden("llmexecutor-states.txt").trimEnd(), parseLlmexecutorStates],
  ["next", golden("next.txt").slice(0, -1), (text) => parseNext(text, code)],
  ["scratchpad", golden("scratchpad.txt").slice(0, -1), (text) => parseScratchpad(text, code)],
  ["semenhance-exe", golden("semenhance-exe.txt").trimEnd(), parseSemenhanceExe],
  ["semenhance-our", golden("semenhance-our.txt"), parseSemenhanceOur],
  ["snoop", golden("snoop.txt").trimEnd(), parseSnoop],
  ["statelens", golden("statelens.txt").split("<think>\n").at(-1)?.split("\n</think>")[0] ?? "", parseStatelens],
  ["table", golden("table.txt").trimEnd(), parseTable],
];

describe.each(PARSERS)("the parser of %s", (_name, sample, parse) => {
  test("reads what was rendered", () => {
    expect(parse(sample)).toBeTruthy();
  });

  test("throws nothing but ParseError for damaged texts", () => {
    const junk = fc.string({
      unit: fc.constantFrom(...sample, "'", '"', "[", "{", "\\", "|", "<", "\n", "\0", "\ud800"),
    });
    fc.assert(
      fc.property(fc.nat(sample.length), fc.nat(40), junk, (at, gone, put) => {
        onlyParseErrors(parse, sample.slice(0, at) + put + sample.slice(at + gone));
      }),
      { numRuns: 300 },
    );
    fc.assert(fc.property(fc.string(), (text) => onlyParseErrors(parse, text)));
  });

  test("reads long texts of quotes and brackets in time that grows with their length only", () => {
    for (const unit of ["'", "\\'", "[", "((", "\"'", " = ", "|", "\n"]) {
      onlyParseErrors(parse, unit.repeat(20_000));
      onlyParseErrors(parse, sample + unit.repeat(20_000));
    }
  });
});

function onlyParseErrors(parse: (text: string) => unknown, text: string): void {
  try {
    parse(text);
  } catch (error) {
    expect(error).toBeInstanceOf(ParseError);
  }
}

describe("Python's texts", () => {
  test("lists of texts read back as they were quoted", () => {
    const texts = fc.array(fc.string({ unit: fc.constantFrom("a", "'", '"', "\\", "\n", "\t", "]", ",", " ", "é") }));
    fc.assert(
      fc.property(texts, (list) => {
        expect(readQuotedList(`${quoteList(list)} and more`)).toEqual({ texts: list, end: quoteList(list).length });
      }),
    );
  });

  test("bindings are split outside of strings and brackets only", () => {
    const text = "a=1, b=[1, c=2], s='x, y=3', o=Point(x=1, y=2), w=it's, z=0";
    expect(Array.from(splitBindings(text, ", ", "="))).toEqual([
      ["a", "1"],
      ["b", "[1, c=2]"],
      ["s", "'x, y=3'"],
      ["o", "Point(x=1, y=2)"],
      ["w", "it's"],
      ["z", "0"],
    ]);
    expect(() => splitBindings("1=a", ", ", "=")).toThrow(ParseError);
  });

  test.each([
    ["0", true],
    ["-1.5e-07", true],
    ["(1+2j)", true],
    ["{'a': [1, (2,), {3}], None: b'\\x00'}", true],
    ["()", true],
    ["inf", false],
    ["set()", true],
    ["<object #1>", false],
    ["[1, f(2)]", false],
    ["'a' + 'b'", false],
    ["[".repeat(5_000), false],
  ])("%s is a literal: %s", (text, expected) => {
    expect(isLiteral(text)).toBe(expected);
  });
});

test("names that look like prefixes of strings are names", () => {
  const reply = `Line: 2\nCheck: {'r': 2, 'b': b'x, y', 'f': {'u': 'a', "d": (1, 2)}}\nNext statement:3`;
  const names = { r: "2", b: "b'x, y'", f: `{'u': 'a', "d": (1, 2)}` };
  expect(Object.fromEntries(parseStepReply(reply).state ?? [])).toEqual(names);
});
