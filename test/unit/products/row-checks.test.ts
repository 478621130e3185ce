import { expect, test } from "vitest";
import type { Prompt } from "../../../src/products/dataset/prompt.ts";
import { ROW_CHECKS, whyUnfit, withPlainLineEnds } from "../../../src/products/dataset/row-checks.ts";

const ALL = new Set(ROW_CHECKS);
const ASKS_RESULT = { name: "./own.yaml", places: new Set(["code", "entry", "result"]) } as unknown as Prompt;

function reason(
  program: object,
  result: string | null,
  checks: ReadonlySet<(typeof ROW_CHECKS)[number]> = ALL,
): string | null {
  const run = { system: null, user: null, answer: null, trace: "", result };
  const whole = { id: "a", code: "def f(x): return x", entry: "f(1)", ...program };
  return whyUnfit({ program: whole, run, other: null, solution: null }, ASKS_RESULT, checks)?.reason ?? null;
}

test("answers are literals", () => {
  for (const result of ["1", "[1, 'a', None]", "{'a': (1.5, -2)}", "'<object>'", null])
    expect(reason({}, result)).toBeNull();
  for (const result of ["<object at 0x7f>", "deque([1])", "[1, 2, ...more", "datetime.date(2020, 1, 1)"]) {
    expect(reason({}, result), result).toBe("no-literal");
  }
  expect(reason({}, "<object>", new Set())).toBeNull();
});

test("a source that shows the call, as a doctest does, gives the answer away", () => {
  const code = 'def f(x, y):\n    """\n    >>> f(1,\n    ... 2)\n    3\n    """\n    return x + y';
  expect(reason({ code: code.replace("...", ""), entry: "f(1, 2)" }, "3")).toBe("call-in-prompt");
  expect(reason({ code, entry: "f(2, 1)" }, "3")).toBeNull();
  expect(reason({ code: "def main():\n    return 1\nmain()", entry: "main()" }, "1")).toBeNull();
  expect(reason({ code, entry: null }, null)).toBeNull();
});

test("marks of chats and of formats inside of a program's texts", () => {
  for (const mark of ["</think>", "<|im_end|>", "<dictsep>", "[/INST]", "<|endoftext|>", "<end_of_turn>", "</s>"]) {
    expect(reason({ code: `def f(x): return "${mark}"` }, "1"), mark).toBe("marker-in-row");
    expect(reason({}, `'a${mark}'`), mark).toBe("marker-in-row");
    expect(reason({ stdin: mark }, "1"), mark).toBe("marker-in-row");
  }
  for (const code of ["x = y < z | w > v", "a < think > b", 's = "<b>bold</b>"']) {
    expect(reason({ code }, "1"), code).toBeNull();
  }
});

test("line ends are of one kind in question, right and wrong answer", () => {
  const chat = { system: "a\r\nb", user: "c\rd", answer: "e\r\n", rejected: "e\n" };
  expect(withPlainLineEnds(chat)).toEqual({ system: "a\nb", user: "c\nd", answer: "e\n", rejected: "e\n" });
  expect(withPlainLineEnds({ ...chat, system: null, user: null, rejected: null })).toMatchObject({ rejected: null });
});
