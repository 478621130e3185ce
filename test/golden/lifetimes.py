# entry: f()
import weakref


class Node:
    __slots__ = ("next", "__weakref__")


ended = []


def f():
    a = [1]
    a = [2]
    a = [3]
    kept = [a]
    a = None
    a = kept.pop()
    d = {1: 2}
    d = {1: 2}
    d = {1: 2}
    n = Node()
    weakref.finalize(n, ended.append, "first")
    n = Node()
    n = None
    g = enumerate(a)
    g = enumerate(a)
    g = enumerate(a)
    return ended
