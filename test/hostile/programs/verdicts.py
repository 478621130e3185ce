# Programs whose result is not what their row expects, and that want it said. Nobody tells them what is expected.

#: id result that changes after it was returned
#: status ok
#: entry f()
#: expected [1]
#: verdict no
import atexit
result = [2]
atexit.register(result.__setitem__, 0, 1)
def f():
    return result

#: id result that a thread changes
#: status ok
#: entry f()
#: expected [1, 1, 1]
#: verdict no
import threading
result = [2, 2, 2]
def change():
    for _ in range(1000):
        result[0] = 3
def f():
    threading.Thread(target=change, daemon=True).start()
    return result

#: id result whose parts show themselves otherwise
#: status ok
#: entry f()
#: expected 1
#: verdict not-comparable
class One(int):
    __repr__ = __str__ = lambda self: "1"
    __eq__ = lambda self, other: True
    __class__ = int
def f():
    return One(2)

#: id repr of everything replaced
#: status ok
#: entry f()
#: expected 'yes'
#: verdict no
import builtins
builtins.repr = builtins.str = builtins.ascii = lambda *_: "'yes'"
def f():
    return "no"

#: id type of numbers patched
#: status ok
#: entry f()
#: expected 1
#: verdict no
class Evil:
    def __ror__(self, table):
        table["__eq__"] = lambda self, other: True
        table["__repr__"] = lambda self: "1"
        return {}
int.__dict__ | Evil()
def f():
    return 2

#: id type of lists patched
#: status ok
#: entry f()
#: expected []
#: verdict no
import gc
table = gc.get_referents(list.__dict__)[0]
table["__len__"] = lambda self: 0
table["__iter__"] = lambda self: iter(())
table["__eq__"] = lambda self, other: True
def f():
    return [1]

#: id a number made another in memory
#: status ok
#: entry f()
#: expected 77
#: verdict yes
import ctypes
ctypes.c_int.from_address(id(76) + int.__basicsize__).value = 77
def f():
    return 38 + 38

#: id result that equals all in a dictionary
#: status ok
#: entry f()
#: expected {'a': 1}
#: verdict not-comparable
from unittest.mock import ANY
def f():
    return {"a": ANY}

#: id search for what is expected
#: status ok
#: entry f()
#: expected 'a secret of the row'
#: verdict no
def f():
    import gc, sys
    here = sys._getframe()
    found = []
    for value in gc.get_objects():
        if isinstance(value, (list, tuple)):
            found += [each for each in value if isinstance(each, str) and "secret of the " + "row" in each]
    frame = here
    while frame:
        found += [v for v in frame.f_locals.values() if isinstance(v, str) and v.startswith("a secret of the " + "row")]
        frame = frame.f_back
    return (found or ["none"])[0]

#: id entry that ends the program
#: status ok
#: entry f()
#: expected 1
#: verdict none
import sys
def f():
    sys.exit(0)

#: id entry that is never reached
#: status crash
#: entry f()
#: expected 1
#: verdict none
import os
os._exit(0)

#: id the entry's function replaced by one that lies about itself
#: status ok
#: entry f()
#: expected 1
#: verdict not-comparable
class Function:
    def __call__(self):
        return self
    def __eq__(self, other):
        return True
    def __index__(self):
        return 1
    __repr__ = lambda self: "1"
f = Function()
