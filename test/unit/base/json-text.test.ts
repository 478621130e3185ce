import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJsonText, toPlainValue } from "../../../src/base/io/json-text.ts";

const plain = (text: string): unknown => toPlainValue(parseJsonText(text));

test("reads what JSON.parse reads", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.boolean(), (value, wide) => {
      const text = JSON.stringify(value, null, wide ? 1 : 0);
      expect(plain(text)).toEqual(JSON.parse(text));
    }),
  );
});

test("refuses what JSON.parse refuses", () => {
  const broken = [
    "",
    "tru",
    "01",
    "1.",
    ".5",
    "+1",
    "[1,]",
    "{",
    '{"a"}',
    '{"a":1,}',
    '"',
    '"\\"',
    '"\\x"',
    '"\n"',
    "1 2",
    "'a'",
    "-",
  ];
  for (const text of broken) expect(() => parseJsonText(text), text).toThrow(SyntaxError);
  expect(() => parseJsonText("[".repeat(100_000))).toThrow("nested deeper");
});

test("keeps the text of numbers and the order of keys", () => {
  const node = parseJsonText('{"10": 1.0, "2": 12345678901234567890, "10": 1e5, "__proto__": 0}');
  expect(node.kind === "object" && [...node.members]).toEqual([
    ["10", { kind: "number", text: "1e5" }],
    ["2", { kind: "number", text: "12345678901234567890" }],
    ["__proto__", { kind: "number", text: "0" }],
  ]);
});

test("accepts what Python writes beside JSON", () => {
  expect(plain("[NaN, Infinity, -Infinity]")).toEqual([Number.NaN, Infinity, -Infinity]);
});
