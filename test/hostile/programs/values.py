# Values that are expensive, or impossible, to write down.

#: id shared halves 2^60 times
#: status ok
x = []
for _ in range(60):
    x = [x, x]
done = True

#: id shared halves of every kind
#: status ok
import collections
x = ()
for i in range(80):
    x = ((x, x), {"a": x, "b": x}, collections.deque([x, x]), [x, x])[i % 4]
done = True

#: id shared frozen sets
#: status ok
x = frozenset()
for i in range(80):
    x = frozenset([x, i])
done = True

#: id cycles
#: status ok
xs = []
xs.append(xs)
d = {}
d["d"] = d
t = ([],)
t[0].append(t)
done = True

#: id cycles of library types
#: status ok
import collections, types
queue = collections.deque()
queue.append(queue)
default = collections.defaultdict(list)
default[0] = default
ordered = collections.OrderedDict()
ordered["o"] = ordered
space = types.SimpleNamespace()
space.space = space
chain = collections.ChainMap({})
chain["c"] = chain
done = True

#: id cycles of objects
#: status ok
class Node:
    def __init__(self):
        self.me = self
        self.others = [self, {"me": self}]
a, b = Node(), Node()
a.b, b.a = b, a
done = True

# Made by exec(), whose lines are not recorded.

#: id lists 100,000 deep
#: status ok
exec("x = []\nfor _ in range(100_000): x = [x]")
y = [x]
done = True

#: id tuples and dictionaries 100,000 deep
#: status ok
exec("x = ()\nfor _ in range(50_000): x = ({0: x},)")
y = {0: x}
done = True

#: id objects 300 deep
#: status ok
class Node:
    __slots__ = ("next",)
    def __init__(self, next):
        self.next = next
exec("""
node = None
for _ in range(300):
    node = Node(node)
""")
chain = None
for _ in range(99):
    chain = Node(chain)
done = True

#: id a million elements
#: status ok
#: entry f(list(range(1_000_000)))
def f(xs):
    for i in range(50):
        xs[i] = -i
    return xs

#: id a hundred thousand keys
#: status ok
#: entry f(dict.fromkeys(range(100_000)))
def f(d):
    for i in range(50):
        d[i] = str(i)
    return d

#: id strings of ten million characters
#: status ok
#: entry f("x" * 10_000_000)
def f(s):
    t = s + "\u20ac"
    b = t.encode()
    return s

#: id integers of ten million bits
#: status ok
#: entry f(1 << 10_000_000)
def f(n):
    n += 1
    n = -n
    return n

#: id integer beyond the digit limit
#: status exception
#: exception ValueError
x = 10 ** 5_000
str(x)

#: id digit limit switched off
#: status ok
import sys
sys.set_int_max_str_digits(0)
print(len(str(10 ** 6_000)))
#: witness
try:
    print(str(10 ** 6_000)[:5])
except ValueError as error:
    print(error)

#: id floats that are not numbers
#: status ok
nan, inf = float("nan"), float("inf")
keys = {nan: 1, float("nan"): 2, -0.0: 3, inf: 4, complex(nan, -inf): 5}
tiny = 5e-324
done = True

#: id text that is not text
#: status ok
lone = "\ud800\udc00 \udfff"
zero = "a\0b"
raw = bytes(range(256))
controls = "".join(map(chr, range(160)))
d = {lone: zero, raw: controls}
done = True

#: id a thousand locals
#: status ok
exec("\n".join(f"v{i} = {i}" for i in range(1_000)))
def f():
    exec("x = 1")
    return locals()
f()

#: id names beyond ASCII
#: status ok
ä = 1
π = ä + 2
_ﬁ = 'a ligature, which Python takes apart'
名前 = π

#: id set of a hundred thousand
#: status ok
s = set(range(100_000))
for i in range(50):
    s.discard(i)
    s.add(-i - 1)
frozen = frozenset(s)

#: id buffers
#: status ok
import array
a = array.array("q", range(100_000))
m = memoryview(a)[::2]
b = bytearray(10_000_000)
m.release()
done = True

#: id ranges and slices beyond everything
#: status ok
r = range(10 ** 30)
s = slice(10 ** 5_000, None, r)
done = True

#: id values that change at every line
#: status ok
#: entry f()
def f():
    grown = []
    for i in range(500):
        grown.append(grown[-3:])
        grown[i // 2].append(i)
    return len(grown)

#: id dictionary that changes under its view
#: status ok
d = {i: i for i in range(100)}
keys, items = d.keys(), d.items()
iterator = iter(d)
next(iterator)
d.clear()
done = True
