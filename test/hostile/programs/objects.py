# Objects that lie, raise, loop or change things when somebody looks at them. Nobody may: values are read, not asked.

#: id repr that never ends
#: status ok
class Endless:
    def __repr__(self):
        while True:
            pass
x = Endless()
xs = [x, {"x": x}]
done = True

#: id repr that never ends inside library types
#: status ok
import collections, functools, types
class Endless:
    def __repr__(self):
        while True:
            pass
queue = collections.deque([Endless()])
part = functools.partial(print, Endless())
space = types.SimpleNamespace(x=Endless())
done = True

#: id repr that raises
#: status ok
#: stdout ""
class Broken:
    def __repr__(self):
        print("asked")
        raise ValueError("no")
x = Broken()
done = True

#: id repr that is no text
#: status ok
class Odd:
    def __repr__(self):
        return 7
x = Odd()
done = True

#: id repr that ends the process
#: status ok
import os
class Exit:
    def __repr__(self):
        os._exit(0)
    __str__ = __hash__ = __len__ = __iter__ = __bool__ = __repr__
x = Exit()
xs = [x]
done = True

#: id class that lies about itself
#: status ok
class Liar:
    @property
    def __class__(self):
        print("asked")
        return int
x = Liar()
done = True

#: id everything that can be asked raises
#: status ok
#: stdout ""
def refuse(*_, **__):
    print("asked")
    raise RuntimeError("no")
names = """repr str bytes format hash bool len length_hint getitem iter reversed contains int float index eq ne lt le gt
ge dir call getattr sizeof reduce_ex""".split()
Refuser = type("Refuser", (), {f"__{name}__": refuse for name in names})
x = Refuser()
xs = [x, (x,), {1: x}]
done = True

#: id attributes that are never found
#: status ok
#: stdout ""
class Hidden:
    def __init__(self):
        object.__setattr__(self, "x", 1)
    def __getattribute__(self, name):
        print("asked")
        raise AttributeError(name)
x = Hidden()
done = True

#: id attributes without end
#: status ok
class Deep:
    def __getattr__(self, name):
        return getattr(self, name + "x")
x = Deep()
done = True

#: id lengths that lie
#: status ok
class Long(list):
    def __len__(self):
        return 2 ** 62
class Negative(dict):
    def __len__(self):
        return -1
class Short(str):
    def __len__(self):
        return 0
a, b, c = Long([1]), Negative(a=1), Short("abc")
done = True

#: id numbers that lie
#: status ok
#: stdout ""
def ask(self, *_):
    print("asked")
    return 99
methods = {f"__{name}__": ask for name in "repr str int index hash eq float".split()}
a = type("Number", (int,), dict(methods))(1)
b = type("Real", (float,), dict(methods))(1.5)
c = type("Complex", (complex,), dict(methods))(1j)
done = True

#: id texts that lie
#: status ok
#: stdout ""
def ask(self, *_):
    print("asked")
    return "lie"
methods = {f"__{name}__": ask for name in "repr str format iter getitem encode".split()}
a = type("Text", (str,), dict(methods))("truth")
b = type("Raw", (bytes,), dict(methods))(b"truth")
done = True

#: id containers without end
#: status ok
#: stdout ""
import itertools
def endless(self, *_):
    print("asked")
    return itertools.count()
methods = {f"__{name}__": endless for name in "iter reversed".split()} | {"keys": endless, "items": endless}
values = [type(base.__name__, (base,), dict(methods))([]) for base in (list, tuple, set, frozenset, dict)]
done = True

#: id keys that lie
#: status ok
class Key:
    def __init__(self, n):
        self.n = n
    def __hash__(self):
        return 1
    def __eq__(self, other):
        return self is other
d = {Key(i): i for i in range(100)}
s = set(d)
done = True

#: id keys that raise
#: status ok
class Key(str):
    armed = False
    def __hash__(self):
        if Key.armed:
            raise ValueError("hash")
        return str.__hash__(self)
    def __eq__(self, other):
        if Key.armed:
            raise ValueError("eq")
        return str.__eq__(self, other)
class Thing:
    pass
x = Thing()
x.__dict__[Key("a")] = 1
x.__dict__[7] = 2
globals()[Key("b")] = 3
Key.armed = True
done = True

#: id names that are no text
#: status ok
globals()[7] = 1
globals()[None] = 2
globals()[("a",)] = 3
done = True

#: id names that lie
#: status ok
class Name(str):
    def __str__(self):
        raise ValueError
    __repr__ = __hash__ = str.__hash__
globals()[Name("x")] = 1
done = True

#: id metaclass that lies
#: status ok
#: stdout ""
class Meta(type):
    def __repr__(cls):
        print("asked")
        raise ValueError
    def __getattribute__(cls, name):
        print("asked")
        raise AttributeError(name)
    def __instancecheck__(cls, instance):
        print("asked")
        raise ValueError
    __subclasscheck__ = __instancecheck__
Thing = Meta("Thing", (), {})
x = Thing()
done = True

#: id class that changes under its instance
#: status ok
class A:
    def __init__(self):
        self.x = 1
class B:
    @property
    def __dict__(self):
        print("asked")
        return {"y": 2}
a = A()
a.__class__ = B
B.__name__ = "C"
done = True

#: id class of a million characters
#: status ok
Long = type("x" * 1_000_000, (), {})
x = Long()
done = True

#: id class without a name
#: status ok
x = type("", (), {})()
y = type("a b\n\x1b[31m", (), {})()
done = True

#: id class with a name that is not text
#: status exception
#: exception UnicodeEncodeError
type("\ud800", (), {})

#: id slots that are empty
#: status ok
class Slots:
    __slots__ = "a", "b", "__dict__"
x = Slots()
x.a = x
x.c = 1
done = True

#: id descriptors that act
#: status ok
#: stdout ""
class Active:
    def __get__(self, instance, owner):
        print("asked")
        return self
class Thing:
    x = Active()
    y = property(lambda self: print("asked"))
x = Thing()
done = True

#: id library types that ask the program
#: status ok
import datetime
class Zone(datetime.tzinfo):
    def __repr__(self):
        while True:
            pass
    def utcoffset(self, when):
        return datetime.timedelta(0)
now = datetime.datetime(2020, 1, 1, tzinfo=Zone())
done = True

#: id counter that cannot be sorted
#: status ok
import collections
c = collections.Counter({"a": 1, "b": None, 3: "x"})
done = True

#: id ordered dictionary that lies
#: status ok
import collections
class Lie(collections.OrderedDict):
    def items(self):
        while True:
            pass
x = Lie(a=1)
done = True

#: id mock of everything
#: status ok
from unittest.mock import MagicMock
x = MagicMock()
y = x.a.b.c()
done = True

#: id dead references
#: status ok
import weakref
class Thing:
    pass
thing = Thing()
proxy, reference = weakref.proxy(thing), weakref.ref(thing)
del thing
done = True

#: id pointers to nothing
#: status ok
import ctypes
a, b, c = ctypes.py_object(), ctypes.POINTER(ctypes.c_int)(), ctypes.c_char_p()
done = True

#: id finished and running things
#: status ok
def generator():
    me = g
    yield me
async def coroutine():
    pass
g = generator()
next(g)
c = coroutine()
c.close()
m = memoryview(b"abc")
m.release()
f = open(__import__("os").__file__)
f.close()
done = True

#: id all names gone
#: status ok
globals().clear()

#: id main module replaced
#: status ok
import sys, types
class Evil(types.ModuleType):
    def __getattribute__(self, name):
        raise ValueError(name)
sys.modules["__main__"].__class__ = Evil
sys.modules["__main__"] = None
done = True

#: id result that lies
#: status ok
#: entry f()
class Endless:
    def __repr__(self):
        while True:
            pass
    __eq__ = __hash__ = __len__ = __repr__
def f():
    return Endless()

#: id locals that change when they are read
#: status ok
def f():
    x = 1
    locals()["x"] = 2
    import sys
    sys._getframe().f_locals["x"] = 3
    return locals()
f()
