import { expect, test } from "vitest";
import { printable } from "../../../src/base/log/printable.ts";

test("nothing that a terminal obeys is left, and a row stays the same row", () => {
  const row = { text: "a\u001b[31mb\u0007\u009b\u202ec\u2028d\u{e0001}é😀\ud800\u007f" };
  const shown = printable(JSON.stringify(row));
  expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
  expect(JSON.parse(shown)).toEqual(row);
  expect(shown).toContain("é😀");
  expect(printable("line\n\tnext")).toBe("line\n\tnext");
  expect(printable("\u001b]0;title\u0007")).toBe("\\u001b]0;title\\u0007");
});
