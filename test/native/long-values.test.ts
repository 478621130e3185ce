// The text of lists, strings, arrays and bytearrays, of which only what shows is looked at: it is what CPython's own repr,
// which the program prints, starts with, and of strings and arrays what that ends with, for every kind of number, wherever
// it is cut, and after every change.
import { describe, expect, it } from "vitest";
import { openTracer } from "../../src/engine/tracer.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";

const FOLLOW = `import array

def follow(value, *changes):
    print(repr(value))
    for change in changes:
        change(value)
        print(repr(value))

`;

const KINDS = `${FOLLOW}def numbers(code):
    if code in "uw":
        return "it's \\"é\\" \\n"
    if code in "fd":
        return [0.1, 0.0, -0.0, 1.5, 1e16, 3.4e38, 1e-45, float("inf"), -float("inf"), float("nan")]
    bits = 8 * array.array(code).itemsize
    least, most = (-1 << bits - 1, (1 << bits - 1) - 1) if code.islower() else (0, (1 << bits) - 1)
    return [least, most, 0, 1, most // 3]

for code in array.typecodes:
    every = numbers(code)
    for items in every[:0], every[:1], every, every * 40:
        follow(array.array(code, items))
`;

// Cut at every place.
const PLACES = `${FOLLOW}for n in range(90):
    follow(("x" * n, array.array("i", range(-5, 40))))
    follow(["x" * n, array.array("d", [0.5, 10.25] * 9), bytearray(b"it's" * 9)])
`;

// Where it shows, and behind.
const CHANGES = `${FOLLOW}def put(at, item):
    return lambda value: value.__setitem__(at, item)

def changes(item):
    return [put(0, item), put(1, item), put(500, item), put(-1, item), lambda value: value.append(item),
            lambda value: value.pop(0), lambda value: value.reverse(), lambda value: value.extend([item] * 9),
            lambda value: value.insert(0, item), lambda value: None]

def empty(value):
    del value[:]

for code in "bHiLqfd":
    follow(array.array(code, [7] * 1000), *changes(8), empty, lambda value: value.append(9))
follow([array.array("i", [7] * 30)], lambda value: put(0, 8)(value[0]), lambda value: put(29, 8)(value[0]))
follow(bytearray(1000), *changes(39), *changes(34), empty, lambda value: value.append(9))
# A quote that does not show changes how all is quoted.
follow(bytearray(1000), put(500, 39), put(501, 34), put(501, 0), put(500, 0))
for quoted in "x" * 300 + "'" + "y" * 300, "x" * 300 + "'" '"' + "y" * 300, "x" * 600:
    follow(quoted)
    follow(quoted.encode())
for n in range(60, 100):
    follow(bytearray(b"it's" * n), put(1, 34), lambda value: value.pop())
    follow("a\\n\\xe9\\u20ac\\U0001f600" * n)
    follow("it's " * n)
    follow("it's 'so' " * n)
    follow("it's \\"so\\" " * n)
    follow(b"\\x00'\\xff" * n)
`;

// Several that begin alike, longer and shorter than what shows.
const BEGINNINGS = `${FOLLOW}def put(at, item):
    return lambda value: value.__setitem__(at, item)

for first in range(3):
    for n in range(0, 40):
        follow(list(range(first, n)), lambda value: value.append(7), lambda value: value.append(8))
        follow(tuple(range(first, n)))
numbers = list(range(1000))
follow(numbers, put(999, 0), put(0, 1), put(0, 0), put(20, "x"), lambda value: value.pop(), lambda value: value.sort(key=str))
follow([numbers, [numbers]], lambda value: numbers.append(3), lambda value: value.append(4), lambda value: put(0, 5)(numbers))
follow([numbers] * 30, lambda value: put(1, 6)(numbers), lambda value: value.pop())
`;

const PROGRAMS = { KINDS, PLACES, CHANGES, BEGINNINGS };
const PRINTS = ["    print(repr(value))", "        print(repr(value))"];

/** `text`, cut; `shown` says where, within what is allowed. */
function shownOf(text: string, most: number, shown: string): string {
  const characters = [...text];
  if (characters.length <= most) return text;
  if (!/^(?:array\('[^uw]|bytearray\(|b?['"])/.test(text)) return `${characters.slice(0, most).join("")}...`;
  const [start = "", end = ""] = shown.split("...");
  const room = most - [...start].length - [...end].length - 3;
  // As much of either end as fits: another item would not.
  const full = room >= 0 && room < 24 && /[^\])'"]/.test(end) && [...start].length >= most / 3;
  return full && text.startsWith(start) && text.endsWith(end) ? `${start}...${end}` : `not the ends of ${text}`;
}

const pythons = await builtPythons();

describe.skipIf(pythons.length > 0)("long values", () => {
  it("need a build", (test) => test.skip(NOT_BUILT));
});

describe.each(pythons)("Python $version", ({ executable }) => {
  it.each([0, 80])("shows them as their repr, cut after %i characters", async (maxValueChars) => {
    await using tracer = await openTracer({ python: executable, workers: 1, maxValueChars });
    const programs = Object.entries(PROGRAMS).map(([id, code]) => ({ id, code }));
    for await (const trace of tracer.run(programs)) {
      const { program, outcome, stdout } = trace;
      expect(outcome.status, `${program.id}: ${outcome.exception?.message}`).toBe("ok");
      const lines = program.code.split("\n");
      const shown: unknown[] = [];
      for (const { index, kind, line } of trace.events()) {
        if (kind !== "line" || !PRINTS.includes(lines[line - 1] ?? "")) continue;
        shown.push(trace.stateAt(index).get("value")?.repr);
      }
      const printed = stdout.trimEnd().split("\n");
      const most = maxValueChars === 0 ? Number.POSITIVE_INFINITY : maxValueChars;
      expect(shown.length).toBeGreaterThan(30);
      expect(shown).toEqual(printed.map((text, i) => shownOf(text, most, shown[i] as string)));
    }
  });
});
