# Functions, classes and modules of the library, changed through their own parts.
#: id cells of a closure
import fractions
for cell in fractions.Fraction.__add__.__closure__:
    cell.cell_contents = lambda a, b: "EVIL"
#: witness
from fractions import Fraction
print(Fraction(1, 3) + Fraction(1, 3))
#: id globals through a traceback
import json
try:
    json.loads("{")
except ValueError as error:
    trace = error.__traceback__.tb_next
    trace.tb_frame.f_globals["_default_decoder"] = type("Evil", (), {"decode": lambda self, s: "EVIL"})()
trace = None
#: witness
import json
print(json.loads("[1]"))
#: id globals through a generator
import os
walk = os.walk("/")
walk.gi_frame.f_globals["fspath"] = lambda path: "EVIL"
walk.close()
#: witness
import os
print(list(os.walk("/no")), os.fspath("mine"))
#: id globals through a coroutine
import asyncio
sleep = asyncio.sleep(1)
sleep.cr_frame.f_globals["sleep"] = "EVIL"
sleep.close()
#: witness
import asyncio.tasks
print(type(asyncio.tasks.sleep).__name__)
#: id function made over the globals of a library
import json
def evil():
    global loads
    loads = lambda s: "EVIL"
type(evil)(evil.__code__, vars(json))()
#: witness
import json
print(json.loads("[1]"))
#: id store in a loop's target
import json
for json.loads in [lambda s: "EVIL"]: pass
#: witness
import json
print(json.loads("[1]"))
#: id store by unpacking
import json, contextlib
with contextlib.nullcontext(lambda s: "EVIL") as json.loads: pass
[json.evil, *json.evils] = [1, 2, 3]
#: witness
import json
print(json.loads("[1]"), hasattr(json, "evil"))
#: id class found by a pattern
import json
match json.JSONDecoder():
    case json.JSONDecoder(__class__=found):
        found.decode = lambda self, s: "EVIL"
#: witness
import json
print(json.loads("[1]"))
#: id module of a built-in function
print.__self__.len = lambda x: "EVIL"
#: witness
print(len([1]))
#: id module of a C function
import math
math.sqrt.__self__.evil = lambda x: "EVIL"
math.sqrt.__self__.floor = lambda x: "EVIL"
#: witness
import math
print(math.floor(1.5), hasattr(math, "evil"))
#: id built-ins of a function of the library
import textwrap
textwrap.fill.__builtins__["len"] = lambda x: 3
#: witness
print(len([1]))
#: id signature of a function
import json, inspect
json.dumps.__signature__ = inspect.signature(lambda evil: 0)
#: witness
import json, inspect
print(inspect.signature(json.dumps).parameters.get("evil"))
#: id names of a function
import json
json.dumps.__name__ = "evil"
json.dumps.__qualname__ = "evil.evil"
json.dumps.__doc__ = "EVIL"
json.dumps.__module__ = "evil"
#: witness
import json
print(json.dumps.__name__, json.dumps.__qualname__, json.dumps.__doc__[:4], json.dumps.__module__)
try:
    json.dumps()
except TypeError as error:
    print(error)
#: id types of a function
import json
json.dumps.__type_params__ = (1,) if hasattr(json.dumps, "__type_params__") else ()
json.dumps.__wrapped__ = len
#: witness
import json
print(hasattr(json.dumps, "__wrapped__"), getattr(json.dumps, "__type_params__", ()))
#: id keyword defaults replaced
import json
json.dumps.__kwdefaults__ = dict(json.dumps.__kwdefaults__, indent="EVIL")
#: witness
import json
print(json.dumps([1]))
#: id dictionary of a built-in type by a reflected operator
class Evil:
    def __ror__(self, table):
        table["upper"] = lambda self: "EVIL"
        return {}
str.__dict__ | Evil()
import sys
sys._clear_type_cache()
#: witness
print("mine".upper())
#: id dictionary of a built-in type, methods added
class Evil:
    def __ror__(self, table):
        table["evil"] = 1
        return {}
int.__dict__ | Evil()
import sys
sys._clear_type_cache()
#: witness
print(hasattr(5, "evil"), "evil" in dir(int))
#: id list of the library made anew in place
import keyword
list.__init__(keyword.kwlist, ["evil"])
#: witness
import keyword
print(len(keyword.kwlist))
#: id set of the library made anew in place
import copyreg, importlib.machinery, enum, inspect
import importlib._bootstrap_external as external
list.__init__(importlib.machinery.SOURCE_SUFFIXES, [".evil"])
external.SOURCE_SUFFIXES.append(".evil2")
#: witness
import importlib.machinery
print(importlib.machinery.SOURCE_SUFFIXES, importlib.machinery.all_suffixes()[:2])
#: id bases of a class
import logging
class Evil(logging.Filterer):
    def filter(self, record): return False
logging.Handler.__bases__ = (Evil,)
#: witness
import logging
logging.basicConfig()
logging.warning("mine")
#: id class of an object of the library
import random
class Evil(random.Random):
    def random(self): return 0.25
random._inst.__class__ = Evil
#: witness
import random
print(type(random._inst).__name__, random._inst.random())
#: id what is known of a module
import json
json.__spec__.name = "evil"
json.__spec__.loader_state = "EVIL"
json.__path__.append("/evil")
json.__loader__.path = "/evil"
#: witness
import json
print(json.__spec__.name, json.__spec__.loader_state, json.__path__[1:], json.__loader__.path == "/evil")
#: id values of an enumeration
import uuid, signal
uuid.SafeUUID.safe._value_ = "EVIL"
signal.Signals.SIGINT._name_ = "EVIL"
#: witness
import uuid, signal
print(uuid.SafeUUID.safe.value, signal.Signals.SIGINT.name)
#: id objects that stand for nothing
import dataclasses, inspect
type(dataclasses.MISSING).__repr__ = lambda self: "EVIL"
inspect.Parameter.empty.evil = 1
#: witness
import dataclasses, inspect
print(hasattr(inspect.Parameter.empty, "evil"), type(dataclasses.MISSING).__repr__ is object.__repr__)
#: id words for leaving
exit.eof = "EVIL"
exit.name = "evil"
copyright._Printer__lines = ["EVIL"]
#: witness
print(repr(exit)[:12], repr(copyright)[:4])
#: id last result
import sys
sys.displayhook(["EVIL"])
sys.last_value = "EVIL"
sys.ps1 = "EVIL"
#: witness
import builtins, sys
print(hasattr(builtins, "_"), hasattr(sys, "last_value"), hasattr(sys, "ps1"))
#: id lists in sys
import sys
sys.warnoptions.append("error")
sys.orig_argv.append("EVIL")
sys._xoptions["evil"] = True
#: witness
import sys
print(sys.warnoptions, sys.orig_argv[-1], sys._xoptions)
#: id copies that go through the library's code
import copyreg
copyreg.__newobj__.__code__ = (lambda cls, *args: "EVIL").__code__
#: witness
import copy
class Point: x = 1
print(type(copy.copy(Point())).__name__)
#: id partial function changed in place
import functools, json
json.dumps.part = functools.partial(int, base=2)
json.dumps.part.__setstate__((str, (), {}, {}))
#: witness
import json
print(hasattr(json.dumps, "part"))
#: id wrapped function of a cache
import functools, fnmatch
cached = fnmatch._compile_pattern
cached.__wrapped__.__code__ = (lambda pat: lambda name: True).__code__
cached.cache_clear()
#: witness
import fnmatch
print(fnmatch.fnmatch("a", "b"))
#: id methods of text wrapping
import textwrap
textwrap.TextWrapper.wordsep_re = __import__("re").compile("(evil)")
textwrap.TextWrapper.unicode_whitespace_trans.clear()
#: witness
import textwrap
print(textwrap.wrap("a\tb c", 3))
#: id modules that are found by attributes of packages
import xml.dom
import importlib.util
xml.dom = "EVIL"
importlib.util = "EVIL"
#: witness
import xml.dom
print(xml.dom if isinstance(xml.dom, str) else xml.dom.__name__)
#: id lazy attributes of modules
import json, sys
class Lazy(type(json)):
    def __getattribute__(self, name):
        return "EVIL" if name == "loads" else super().__getattribute__(name)
json.__class__ = Lazy
#: witness
import json
print(json.loads if isinstance(json.loads, str) else json.loads("[1]"), type(json).__name__)
#: id documentation of a class and its abstract methods
import collections.abc
collections.abc.Sized.__doc__ = "EVIL"
collections.abc.Sized.__abstractmethods__ = frozenset()
#: witness
import collections.abc
print(collections.abc.Sized.__doc__)
try:
    collections.abc.Sized()
    print("made")
except TypeError as error:
    print(error)
#: id lock that is held
import logging
logging._lock.acquire()
#: witness
import logging
exec("import threading; t = threading.Thread(target=lambda: print(logging._lock.acquire(blocking=False))); t.start(); t.join(); t = None")
