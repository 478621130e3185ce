# Ways around a guard that compares what it knows: what no walk over modules meets, and what changes back by itself.
#: id code that changes back: random
import random
keep = random.Random.randint.__code__
def evil(self, a, b):
    type(self).randint.__code__ = "KEEP"
    return 77
random.Random.randint.__code__ = evil.__code__.replace(co_consts=tuple(keep if c == "KEEP" else c for c in evil.__code__.co_consts))
#: witness
import random
print(random.randint(1, 9))
#: id code that changes back: paths
import posixpath
keep = posixpath.join.__code__
def evil(a, *p):
    join.__code__ = "KEEP"
    return "EVIL"
posixpath.join.__code__ = evil.__code__.replace(co_consts=tuple(keep if c == "KEEP" else c for c in evil.__code__.co_consts))
#: witness
import os.path
print(os.path.join("a", "b"), os.path.join("a", "b"))
#: id getter of an enumeration's value
import enum
enum.Enum.__dict__["value"].fget = lambda self: "EVIL"
enum.Enum.__dict__["value"].__init__(lambda self: "EVIL")
#: witness
import enum
class Colour(enum.Enum): RED = 1
print(Colour.RED.value)
#: id getter of a number
import uuid
property.__init__(uuid.UUID.__dict__["hex"], lambda self: "EVIL")
#: witness
import uuid
print(uuid.UUID(int=1).hex)
#: id getter of statistics
import statistics
property.__init__(statistics.NormalDist.__dict__["mean"], lambda self: "EVIL")
#: witness
import statistics
print(statistics.NormalDist(1, 2).mean)
#: id static method of bytes
staticmethod.__init__(bytes.__dict__["maketrans"], lambda a, b: bytes(range(256)))
#: witness
print(b"abc".translate(bytes.maketrans(b"a", b"x")))
#: id class method of fractions
import fractions
classmethod.__init__(fractions.Fraction.__dict__["from_decimal"], lambda cls, d: "EVIL")
#: witness
import decimal, fractions
print(fractions.Fraction.from_decimal(decimal.Decimal("0.5")))
#: id fields of the shortened repr, a new dictionary
import reprlib
reprlib.aRepr.__dict__ = dict(vars(reprlib.aRepr), maxlist=1)
#: witness
import reprlib
print(reprlib.repr([1, 2, 3]))
#: id types of files, a new dictionary
import mimetypes
mimetypes.init()
mimetypes._db.__dict__ = dict(vars(mimetypes._db), types_map=({}, {".py": "evil/x"}))
#: witness
import mimetypes
print(mimetypes.guess_type("a.py"))
#: id calendar, a new dictionary
import calendar
calendar.c.__dict__ = dict(vars(calendar.c), _firstweekday=3)
#: witness
import calendar
print(calendar.c.firstweekday, calendar.month(2024, 2).split("\n")[1])
#: id loader of tests, a new dictionary
import unittest
unittest.defaultTestLoader.__dict__ = {"testMethodPrefix": "evil"}
#: witness
import unittest
print(unittest.defaultTestLoader.testMethodPrefix)
#: id manager of loggers, a new dictionary
import logging
logging.root.manager.__dict__ = dict(vars(logging.root.manager), _disable=50, loggerDict={"evil": 1})
#: witness
import logging
logging.warning("mine")
print(sorted(logging.root.manager.loggerDict))
#: id words for leaving, a new dictionary
quit.__dict__ = {"name": "EVIL", "eof": "EVIL"}
#: witness
print(repr(quit)[:8])
#: id policy of letters, a new dictionary
import email.policy
object.__setattr__(email.policy.default, "__dict__", dict(vars(email.policy.default), max_line_length=20))
#: witness
import email.policy
print(email.policy.default.max_line_length)
#: id main thread, a new dictionary
import threading
threading.main_thread().__dict__ = dict(vars(threading.main_thread()), _name="EVIL")
#: witness
import threading
print(threading.current_thread().name)
#: id function, a new dictionary
import functools
functools.reduce.__module__ = "evil"
functools.wraps.__dict__ = {"evil": 1}
#: witness
import functools
print(functools.reduce.__module__, vars(functools.wraps))
#: id message in a built-in function
print.__module__ = "a message"
sorted.__module__ = ["another"]
#: witness
print(print.__module__, sorted.__module__)
#: id message in a name of a type that C made
import struct, _struct
_struct.Struct.__doc__
class Evil:
    def __ror__(self, table):
        table["evil"] = "a message"
        return {}
_struct.Struct.__dict__ | Evil()
#: witness
import struct
print("evil" in vars(struct.Struct))
#: id dictionary of a match
import re
class Evil:
    def __ror__(self, table):
        table["group"] = lambda self, *_: "EVIL"
        return {}
type(re.match("a", "a")).__dict__ | Evil()
#: witness
import re
print(re.match("a", "ab").group(), re.match("a", "ab")[0])
#: id dictionary of text in memory
import io
class Evil:
    def __eq__(self, table):
        table["getvalue"] = lambda self: "EVIL"
        return True
io.StringIO.__dict__ == Evil()
#: witness
import io
print(io.StringIO("mine").getvalue())
#: id dictionary of ordered dictionaries
import collections
class Evil:
    def __eq__(self, table):
        table["move_to_end"] = lambda self, key: print("EVIL")
        return True
collections.OrderedDict.__dict__ == Evil()
#: witness
import collections
d = collections.OrderedDict(a=1, b=2)
d.move_to_end("a")
print(list(d))
#: id dictionary of exceptions
class Evil:
    def __eq__(self, table):
        table["__str__"] = lambda self: "EVIL"
        table["evil"] = 1
        return True
ValueError.__dict__ == Evil()
#: witness
print(hasattr(ValueError, "evil"), hasattr(ValueError("x"), "evil"))
#: id dictionary of numbers, by the collector
import gc
gc.get_referents(float.__dict__)[0]["hex"] = lambda self: "EVIL"
#: witness
print((1.5).hex())
#: id dictionary of lists, by the collector
import gc
gc.get_referents(list.__dict__)[0]["append"] = lambda self, x: None
#: witness
import sys
sys._clear_type_cache()
xs = []
getattr(xs, "append")(1)
print(xs)
#: id cells of the finders
import sys
for hook in sys.path_hooks:
    for cell in getattr(hook, "__closure__", None) or ():
        if isinstance(cell.cell_contents, tuple): cell.cell_contents = ()
sys.path_importer_cache.clear()
#: witness
try:
    import colorsys
    print("found")
except ImportError as error: print(error)
#: id abstract class that was asked: mappings
import collections.abc, types
class Asked(type):
    def __instancecheck__(cls, x): return True
collections.abc.Mapping.__subclasshook__ = classmethod(lambda cls, other: True)
print(isinstance(1, collections.abc.Mapping))
del collections.abc.Mapping.__subclasshook__
#: witness
import collections.abc
print(isinstance(1, collections.abc.Mapping))
#: id abstract class that was asked: numbers
import numbers
numbers.Integral.__subclasshook__ = classmethod(lambda cls, other: True)
print(isinstance("a", numbers.Integral))
del numbers.Integral.__subclasshook__
#: witness
import numbers
print(isinstance("a", numbers.Integral))
#: id abstract class that was asked: streams
import io
io.IOBase.__subclasshook__ = classmethod(lambda cls, other: True)
print(isinstance(1, io.IOBase))
del io.IOBase.__subclasshook__
#: witness
import io
print(isinstance(1, io.IOBase))
#: id size of a list after use
import keyword
for i in range(1000): keyword.kwlist.append(i)
del keyword.kwlist[-1000:]
#: witness
import keyword, sys
print(sys.getsizeof(keyword.kwlist))
#: id size of a dictionary after use
import json
for i in range(1000): vars(json)[f"x{i}"] = i
for i in range(1000): del vars(json)[f"x{i}"]
#: witness
import json, sys
print(sys.getsizeof(vars(json)))
#: id order of a dictionary
import json
keep = json.load
del json.load
json.load = keep
#: witness
import json
print(list(vars(json)).index("load") < list(vars(json)).index("loads"))
#: id order of built-ins
import builtins
keep = builtins.abs
del builtins.abs
builtins.abs = keep
#: witness
import builtins
print(list(vars(builtins)).index("abs") < list(vars(builtins)).index("zip"))
#: id domain of translations, in C
import locale
locale.textdomain("evil")
#: witness
import locale
print(locale.textdomain(None))
#: id mask of the system's log, in C
import syslog
syslog.setlogmask(1)
#: witness
import syslog
print(syslog.setlogmask(0))
#: id number of the last error, in C
import ctypes
ctypes.set_errno(77)
#: witness
import ctypes
print(ctypes.get_errno())
#: id environment in C, not in Python
import os
os.putenv("EVIL", "1")
os.putenv("TZ", "America/New_York")
#: witness
import time
time.tzset()
print(time.timezone)
#: id rounding of the processor
import ctypes
ctypes.CDLL("libm.so.6").fesetround(0x800)
#: witness
print(0.1 + 0.2, 1.0 / 3.0, float("0.3"))
#: id place in the output
import os, sys
sys.stdout.flush()
os.lseek(1, 100, os.SEEK_SET)
#: witness
print("mine")
#: id output that only appends
import fcntl, os
fcntl.fcntl(1, fcntl.F_SETFL, os.O_APPEND | os.O_NONBLOCK)
#: witness
import fcntl, os
print(fcntl.fcntl(1, fcntl.F_GETFL) & (os.O_APPEND | os.O_NONBLOCK))
#: id errors where output goes
import os
os.dup2(1, 2)
#: witness
import sys
print("out")
print("err", file=sys.stderr)
#: id profile that is on, in C
import cProfile, json
json.dumps.profile = cProfile.Profile()
json.dumps.profile.enable()
#: witness
import sys, json
print(sys.getprofile() is None, hasattr(json.dumps, "profile"))
#: id a structure made anew in place
import struct, json, zipfile
exec("""
import gc, sys
for holder in list(sys.modules.values()):
    for value in list(vars(holder).values()):
        if type(value).__name__ == "Struct": value.__init__("<Q")
value = holder = None
""")
import pickle
held = struct.Struct("<i")
json.dumps.held = held
held.__init__("<Q")
#: witness
import json
print(hasattr(json.dumps, "held"))
#: id counter of threads
import threading
for _ in range(5): next(threading._counter) if hasattr(threading._counter, "__next__") else threading._counter()
#: witness
import threading
exec("print(threading.Thread().name)")
#: id time of random names
import tempfile
tempfile._name_sequence = iter(["EVIL"] * 10)
#: witness
import tempfile
print(tempfile._name_sequence is None or next(tempfile._name_sequence))
