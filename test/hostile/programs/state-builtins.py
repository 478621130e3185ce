# What a program does to builtins and to sys, and the next must not see.

#: id print replaced
#: status ok
import builtins
builtins.print = lambda *_, **__: None
#: witness
print("heard")

#: id len replaced
#: status ok
import builtins
builtins.len = lambda _: 42
builtins.range = lambda *_: [7]
builtins.sum = None
#: witness
print(len("abc"), list(range(3)), sum([1]))

#: id str shadowed
#: status ok
import builtins
class str(str):
    pass
builtins.str = str
builtins.int = builtins.list = builtins.dict = str
#: witness
print(str(1), int("1"), list("ab"), dict(a=1))

#: id builtins deleted
#: status ok
import builtins
forget = vars(builtins).pop
for name in list(vars(builtins)):
    if name[0] != "_":
        forget(name)
#: witness
print(abs(-1), sorted([2, 1]), ValueError("x"))

#: id all builtins deleted
#: status ok
import builtins
vars(builtins).clear()
#: witness
print(abs(-1), sorted([2, 1]), ValueError("x"))

#: id builtins added
#: status ok
import builtins
builtins.hostile = [1, 2, 3]
builtins._ = 7
builtins.__dict__[7] = 8
#: witness
try:
    print(hostile)
except NameError as error:
    print(error)

#: id import replaced
#: status ok
import builtins
def refuse(*_, **__):
    raise ImportError("hostile")
builtins.__import__ = refuse
#: witness
import json, math, textwrap
print(json.dumps([math.pi]))

#: id making of classes replaced
#: status ok
import builtins
builtins.__build_class__ = lambda *_, **__: None
#: witness
class A:
    x = 1
print(A.x)

#: id exceptions replaced
#: status ok
import builtins
class Exception(BaseException):
    pass
builtins.Exception = builtins.ValueError = builtins.StopIteration = builtins.KeyError = Exception
#: witness
try:
    int("x")
except ValueError as error:
    print(type(error), next(iter([]), None))

#: id input replaced
#: status ok
import builtins
builtins.input = lambda *_: "hostile"
builtins.open = None
#: witness
try:
    print(input())
except EOFError:
    print("nothing to read", open)

#: id builtins of the module replaced
#: status exception
#: exception NameError
__builtins__ = {}
exec("print(1)", {"__builtins__": {}})

#: id builtins of the module emptied
#: status ok
import sys
sys.modules["builtins"] = None
del __builtins__
#: witness
import builtins
print(builtins.len("ab"))

#: id debugging switched
#: status ok
import builtins
builtins.__dict__["__debug__"] = False
builtins.__name__ = builtins.__spec__ = None
#: witness
import builtins
assert builtins.__name__ == "builtins"
print(builtins.__spec__ is not None)

#: id sys emptied
#: status ok
import sys
for name in list(vars(sys)):
    if name not in ("modules", "stdout", "stderr"):
        delattr(sys, name)
#: witness
import sys
print(sys.maxsize, sys.version_info[0], sys.getrecursionlimit())

#: id attributes of sys
#: status ok
import sys
sys.maxsize = 7
sys.platform = "hostile"
sys.version_info = (2, 7)
sys.byteorder = None
sys.hostile = True
#: witness
import platform, sys
print(sys.maxsize, sys.platform, sys.version_info[0], sys.byteorder, hasattr(sys, "hostile"))

#: id functions of sys
#: status ok
import sys
sys.exit = sys.getsizeof = sys.intern = sys.getrefcount = sys._getframe = lambda *_: None
#: witness
import collections, sys
print(sys.intern("a"), collections.namedtuple("P", "x")(1))

#: id recursion limit raised
#: status ok
import sys
sys.setrecursionlimit(90_000)
#: witness
def dive():
    return dive()
try:
    dive()
except RecursionError:
    print("limited")

#: id digit limit lowered
#: status ok
import sys
sys.set_int_max_str_digits(640)
#: witness
print(len(str(10 ** 1_000)))

#: id switch interval
#: status ok
import sys
sys.setswitchinterval(0.5)

#: id display of results
#: status ok
import sys
sys.displayhook = sys.excepthook = sys.unraisablehook = sys.breakpointhook = print
sys.__excepthook__ = sys.__displayhook__ = None
sys.ps1 = "hostile> "
sys.last_value = sys.last_exc = 7
sys.tracebacklimit = 0
#: witness
import sys, traceback
try:
    1 / 0
except ZeroDivisionError:
    print(traceback.format_exc().count("line"), hasattr(sys, "last_value"))

#: id audit hook
#: status ok
import sys
seen = []
sys.addaudithook(lambda event, arguments: seen.append(event))
compile("1", "x", "eval")
#: witness
import sys
sys.audit("hostile", 1)
print("no answer")

#: id audit hook that raises
#: status ok or exception: it may be the next to hear
import sys
def refuse(event, arguments):
    if event in ("import", "compile", "exec", "open", "object.__getattr__"):
        raise RuntimeError("hostile")
sys.addaudithook(refuse)
#: witness
import textwrap
print(eval("1 + 1"), textwrap.dedent(" a"))

#: id audit hook that never ends
#: status ok or timeout: it may be the next to hear
import sys
armed = []
def spin(event, arguments):
    while armed:
        pass
sys.addaudithook(spin)
armed.append(1)
#: witness
import textwrap
print(eval("1 + 1"), textwrap.dedent(" a"))

#: id flags
#: status ok
import sys
sys.dont_write_bytecode = False
sys.pycache_prefix = "/tmp"
sys.flags = sys.implementation = sys.hash_info = None
#: witness
import sys
print(sys.hash_info.width, sys.implementation.name, sys.flags.utf8_mode)

#: id namespace of the implementation
#: status ok
import sys
sys.implementation.name = "hostile"
#: witness
import sys
print(sys.implementation.name)

#: id interned strings
#: status ok
import sys
for i in range(20_000):
    sys.intern(f"hostile{i}")
    setattr(type("T", (), {}), f"hostile_{i}", i)

#: id displays of types
#: status exception
#: exception TypeError
int.hostile = 1

#: id subclasses of everything
#: status ok
import builtins, enum, json
builtins.kept = [type(f"Hostile{i}", (object,), {}) for i in range(10)]
class Encoder(json.JSONEncoder):
    pass
json.kept = Encoder
#: witness
import json
print([c.__name__ for c in object.__subclasses__() if "Hostile" in c.__name__], json.JSONEncoder.__subclasses__())
