// What shows of values whose own repr would run the program's code, name an address, or leave out a change: their
// structure, without any of these.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTracer, type Tracer } from "../../src/engine/tracer.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";

const HEAD = `import array, asyncio, collections, contextvars, enum, functools, hashlib, io, itertools, operator, sys
import threading, types, weakref
class Key:
    looks = 0
    def __init__(self, n):
        self.n = n
    def __repr__(self):
        Key.looks += 1
        raise ValueError("no repr")
    __str__ = __format__ = __hash__ = __eq__ = None
    __hash__ = object.__hash__
`;

/** What `x` shows from one change to the next, in a function of these lines. */
const SHOWN: Record<string, [body: string, shown: string[]][]> = {
  "classes without a repr": [
    ["x = type('Empty', (), {})()\nx.a = 1\nx.b = [x]", ["Empty()", "Empty(a=1)", "Empty(a=1, b=[...])"]],
    ["x = Key(1)\nx.n = x\ndel x.n", ["Key(n=1)", "Key(n=...)", "Key()"]],
    ["x = [Key(1)]\nx[0].n = 2", ["[Key(n=1)]", "[Key(n=2)]"]],
  ],
  "classes that are renamed": [
    ["x = Key(1)\nKey.__name__ = 'Other'\nKey.__name__ = 'Key'", ["Key(n=1)", "Other(n=1)", "Key(n=1)"]],
    ["x = {1: Key(1)}\nKey.__name__ = 'Other'", ["{1: Key(n=1)}", "{1: Other(n=1)}"]],
    [
      "x = [Key]\nKey.__qualname__ = 'Q'\nKey.__module__ = 'm'",
      ["[<class '__main__.Key'>]", "[<class '__main__.Q'>]", "[<class 'm.Q'>]"],
    ],
    ["class B:\n    pass\nx = Key(1)\nx.__class__ = B", ["Key(n=1)", "B(n=1)"]],
  ],
  "subclasses of builtins": [
    [
      "class L(list):\n    pass\nx = L([1])\nx.append(Key(2))\nx.limit = 3",
      ["L([1])", "L([1, Key(n=2)])", "L([1, Key(n=2)], limit=3)"],
    ],
    ["class D(dict):\n    __repr__ = None\nx = D(a=1)\nx['b'] = 2", ["D({'a': 1})", "D({'a': 1, 'b': 2})"]],
    ["class I(int):\n    pass\nx = I(10 ** 4400)", ["I(<int of 14617 bits 0x165f367ccfff4b47...0000000000000000>)"]],
    ["class S(str):\n    __str__ = None\nx = S('it')", ["S('it')"]],
  ],
  slots: [
    [
      "class P:\n    __slots__ = ('z', 'a', '__own')\nx = P()\nx.a = 1\nx.z = 2\nx._P__own = 3\ndel x.z",
      ["P()", "P(a=1)", "P(z=2, a=1)", "P(z=2, a=1, _P__own=3)", "P(a=1, _P__own=3)"],
    ],
    [
      "class P:\n    __slots__ = {'z': '', 'a': ''}\nx = P()\nx.a = x.z = 1\nx.z = 2",
      ["P()", "P(z=1, a=1)", "P(z=2, a=1)"],
    ],
    ["class P:\n    __slots__ = ['b', 'a']\nx = P()\nx.a = 1\ndel x.a\nx.b = 1", ["P()", "P(a=1)", "P()", "P(b=1)"]],
  ],
  "types of the library that hold the program's objects": [
    ["k = Key(1)\nx = collections.OrderedDict(a=k)\nk.n = 2\nx.move_to_end('a')", ordered("Key(n=1)", "Key(n=2)")],
    [
      "k = Key(1)\nx = collections.deque([k], 3)\nk.n = 2",
      ["deque([Key(n=1)], maxlen=3)", "deque([Key(n=2)], maxlen=3)"],
    ],
    [
      "k = Key(1)\nx = types.MappingProxyType({1: k})\nk.n = 2",
      ["mappingproxy({1: Key(n=1)})", "mappingproxy({1: Key(n=2)})"],
    ],
    [
      "k = Key(1)\nx = functools.partial(max, k, key=k)\nk.n = 2",
      [1, 2].map((n) => `functools.partial(<built-in function max>, Key(n=${n}), key=Key(n=${n}))`),
    ],
    ["x = itertools.repeat(Key(1))", ["<repeat of Key(n=1)>"]],
    ["x = operator.itemgetter(Key(1))", ["<itemgetter of Key(n=1)>"]],
    ["k = Key(1)\nx = [operator.itemgetter(k)]\nk.n = 2", ["[<itemgetter of Key(n=1)>]", "[<itemgetter of Key(n=2)>]"]],
  ],
  "what is too long, in part": [
    [
      "x = [10 ** 5000]\nx.append(1)",
      ["", ", 1"].map((more) => `[<int of 16610 bits 0x31e20801036510f3...0000000000000000>${more}]`),
    ],
    [
      "x = {10 ** 4400: 1}\nx[2] = 3",
      ["", ", 2: 3"].map((more) => `{<int of 14617 bits 0x165f367ccfff4b47...0000000000000000>: 1${more}}`),
    ],
    ["x = collections.deque([-(10 ** 4400)])", ["deque([<int of 14617 bits -0x165f367ccfff4b47...0000000000000000>])"]],
  ],
  "no addresses": [
    [
      "x = threading.Condition()\nx.acquire()",
      ["unlocked", "locked"].map(
        (is) => `<Condition(<${is} _thread.RLock object count=${is === "locked" ? 1 : 0} #2>, 0)>`,
      ),
    ],
    [
      "x = [threading.RLock()]\nx[0].acquire()",
      ["unlocked", "locked"].map((is) => `[<${is} _thread.RLock object count=${is === "locked" ? 1 : 0} #2>]`),
    ],
    ["x = hashlib.sha256()", ["<sha256 _hashlib.HASH object #1>"]],
    ["k = Key(1)\nx = weakref.WeakSet([k])", ["{<weakref #3; to 'Key' #1>}"]],
    ["k = Key(1)\nx = weakref.finalize(k, print)", ["<finalize object #2; for 'Key' #1>"]],
    ["k = Key(1)\nx = weakref.ref(k)\ndel k", ["<weakref #2; to 'Key' #1>", "<weakref #2; dead>"]],
    ["x = contextvars.ContextVar('v')\nt = x.set(1)", ["<ContextVar name='v' #1>"]],
    ["x = threading.main_thread()", ["<_MainThread(MainThread, started)>"]],
    ["x = itertools.repeat(threading.main_thread(), 2)", ["repeat(<_MainThread(MainThread, started)>, 2)"]],
    [
      "go = threading.Event()\nx = threading.Thread(target=go.wait, name='w 100000')\nx.start()\ngo.set()\nx.join()",
      ["<Thread(w 100000, initial)>", "<Thread(w 100000, started)>", "<Thread(w 100000, stopped)>"],
    ],
    ["x = object()", ["<object object #1>"]],
  ],
  "texts of the program that look like addresses": [
    ["x = collections.Counter(['started 100000'])", ["Counter({'started 100000': 1})"]],
    ["x = ['<A object at 0x7f0123456789>']", ["['<A object at 0x7f0123456789>']"]],
    ["x = threading.Thread(name='A at 0x7f0123456789')", ["<Thread(A at 0x7f0123456789, initial)>"]],
    ["x = contextvars.ContextVar('v owner=100000 count=1')", ["<ContextVar name='v owner=100000 count=1' #1>"]],
    ["x = types.SimpleNamespace(a='stopped 139900000000000)>')", ["namespace(a='stopped 139900000000000)>')"]],
  ],
  "names that a frame gains": [
    ["sys._getframe().f_locals['x'] = [1]\nsys._getframe().f_locals['x'].append(2)", ["[1]", "[1, 2]"]],
    ["for i in range(40):\n    if i % 20 == 0:\n        sys._getframe().f_locals['x'] = i", ["0", "20"]],
    ["gain = lambda n: sys._getframe(1).f_locals.__setitem__('x', n)\ngain(1)\ngain(Key(2))", ["1", "Key(n=2)"]],
  ],
};

function ordered(...items: string[]): string[] {
  return items.map((item) => `OrderedDict({'a': ${item}})`);
}

const pythons = await builtPythons();

describe.skipIf(pythons.length > 0)("values", () => {
  test("need a build", (context) => context.skip(NOT_BUILT));
});

const cases = Object.entries(SHOWN).flatMap(([kind, all]) => all.map(([body, shown]) => [kind, body, shown] as const));

describe.each(pythons)("values in Python $version", ({ executable, minor }) => {
  describe.each(["all", "skip"] as const)("with --loops %s", (loops) => {
    let tracer: Tracer;
    beforeAll(async () => {
      tracer = await openTracer({ python: executable, workers: 1, loops });
    });
    afterAll(() => tracer?.[Symbol.asyncDispose]());

    test.each(cases)("%s: %s", async (_, body, shown) => {
      const lines = [...body.split("\n"), "return Key.looks"];
      const code = `${HEAD}def f():\n${lines.map((line) => `    ${line}`).join("\n")}\n`;
      for await (const trace of tracer.run([{ id: "one", code, entry: "f()" }])) {
        expect(trace.outcome).toMatchObject({ status: "ok", exception: null, result: { repr: "0" } });
        const all = [...trace.events()].flatMap(({ changes }) => changes.get("x")?.repr ?? []);
        // Before 3.12 the constructor took pairs, and that is what its repr has.
        const expected =
          minor < 12
            ? shown.map((text) =>
                text.replace("OrderedDict({'a': ", "OrderedDict([('a', ").replace(/(OrderedDict.*)\}\)$/, "$1)])"),
              )
            : shown;
        expect(all.filter((text, i) => text !== all[i - 1])).toEqual(expected);
      }
    });
  });
});
