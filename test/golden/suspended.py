# entry: f()
def g(n):
    try:
        got = yield n
        yield got
    finally:
        n = None


def outer():
    for v in g(2):
        yield v


def f():
    it = g(1)
    next(it)
    it.send("x")
    it.close()
    for v in outer():
        pass
