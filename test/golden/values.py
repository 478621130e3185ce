# entry: f()
def f():
    i = -7
    big = 2**64
    x = 0.1
    whole = 1e16
    inf = float("-inf")
    c = 1 + 2j
    s = "it's \"é\"\n\x00\ud800"
    b = b"\xff'\""
    ba = bytearray(b"ab")
    t = (1,)
    empty = (), [], {}, set(), frozenset()
    nested = [{"k": (None, True)}, {3}, frozenset({4})]
    nested.append(nested)
    r = range(2), slice(1, None), ...
    return nested
