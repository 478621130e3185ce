# Registries and settings that the interpreter or a library keeps for the whole process.

#: id random seeded
#: status ok
import random
random.seed(7)
random.random()
#: witness
import random
print(random.random(), random.gauss(0, 1))

#: id random state replaced
#: status ok
import random
random.gauss(0, 1)
random.setstate((3, tuple(range(624)) + (624,), 1.5))
random._inst = random.Random(7)
random.random = lambda: 4
#: witness
import random
print(random.random(), random.gauss(0, 1), random.randint(1, 6))

#: id random class changed
#: status ok
import random
random.Random.random = lambda self: 0.4
random.Random.VERSION = 7
random.SystemRandom.random = lambda self: 4
#: witness
import random
print(random.Random(1).random(), random.Random(1).choice("abc"))

#: id decimal context
#: status ok
import decimal
decimal.getcontext().prec = 3
decimal.getcontext().traps[decimal.Inexact] = True
decimal.getcontext().flags[decimal.Rounded] = True
#: witness
import decimal
print(decimal.Decimal(1) / 3, decimal.getcontext())

#: id decimal defaults
#: status ok
import decimal
decimal.DefaultContext.prec = 3
decimal.DefaultContext.rounding = decimal.ROUND_UP
decimal.BasicContext.Emax = 5
decimal.ExtendedContext.traps[decimal.Inexact] = True
#: witness
import decimal
print(decimal.DefaultContext, decimal.BasicContext, decimal.ExtendedContext, decimal.Context())

#: id decimal context of a thread
#: status ok
import decimal
decimal.setcontext(decimal.Context(prec=3))
decimal.DefaultContext.clear_traps()
#: witness
# Unrecorded, because the repr of a thread holds an address.
exec("""
import decimal, threading
seen = []
thread = threading.Thread(target=lambda: seen.append(decimal.Decimal(1) / 3))
thread.start()
thread.join()
print(seen)
""", {})

#: id locale
#: status ok
import locale
for name in ("de_DE.UTF-8", "C.UTF-8", "C"):
    try:
        locale.setlocale(locale.LC_ALL, name)
        break
    except locale.Error:
        pass
locale._override_localeconv["decimal_point"] = ","
#: witness
import locale
print(locale.setlocale(locale.LC_ALL), locale.localeconv()["decimal_point"], locale.str(1.5))

#: id warnings filtered
#: status ok
import warnings
warnings.simplefilter("error")
warnings.filterwarnings("ignore", "a")
#: witness
import warnings
warnings.warn("seen")
print(len(warnings.filters))

#: id warnings shown otherwise
#: status ok
import warnings
warnings.showwarning = lambda *_, **__: print("hostile")
warnings.formatwarning = lambda *_, **__: "hostile"
warnings.warn = None
#: witness
import warnings
warnings.warn("seen")

#: id warnings emptied
#: status ok
import warnings
warnings.resetwarnings()
warnings.filters = []
warnings.defaultaction = "error"
warnings._defaultaction = "error"
warnings.onceregistry["hostile"] = 1
#: witness
import warnings
warnings.warn("seen", DeprecationWarning)
print(warnings.onceregistry, len(warnings.filters))

#: id warnings caught and not released
#: status ok
import warnings
warnings.catch_warnings(record=True).__enter__()
warnings.simplefilter("ignore")
#: witness
import warnings
warnings.warn("seen")

#: id abstract class registered
#: status ok
import collections.abc, numbers
collections.abc.Sequence.register(int)
collections.abc.Mapping.register(str)
numbers.Number.register(str)
#: witness
import collections.abc, numbers
print(isinstance(1, collections.abc.Sequence), isinstance("a", collections.abc.Mapping), isinstance("a", numbers.Number))

#: id abstract class registered for its own class
#: status ok
import collections.abc, builtins
class Mine:
    pass
collections.abc.Iterable.register(Mine)
builtins.Mine = Mine
#: witness
import collections.abc
print(sorted(c.__name__ for c in collections.abc.Iterable.__subclasses__() if c.__name__ == "Mine"))

#: id abstract class that answers otherwise
#: status ok
import collections.abc
collections.abc.Hashable.__subclasshook__ = classmethod(lambda cls, other: True)
collections.abc.Sized.__instancecheck__ = lambda *_: True
#: witness
import collections.abc
print(isinstance([], collections.abc.Hashable), isinstance(1, collections.abc.Sized))

#: id codec registered
#: status ok
import codecs
codecs.register(lambda name: codecs.CodecInfo(lambda *_: (b"hostile", 1), lambda *_: ("hostile", 1)) if name == "hostile" else None)
"a".encode("hostile")
#: witness
try:
    print("a".encode("hostile"))
except LookupError as error:
    print(error)

#: id codec that raises
#: status ok
import codecs
def search(name):
    raise RuntimeError("hostile")
codecs.register(search)
#: witness
try:
    "a".encode("no-such-encoding")
except LookupError as error:
    print(error)
print("a".encode("koi8-r"))

#: id handler of encoding errors
#: status ok
import codecs
codecs.register_error("hostile", lambda error: ("?", error.end))
codecs.register_error("strict", lambda error: ("?", error.end))
codecs.register_error("ignore", lambda error: ("!", error.end))
#: witness
import codecs
print("\u00e9".encode("ascii", "ignore"), codecs.lookup_error("strict").__name__)
try:
    codecs.lookup_error("hostile")
except LookupError as error:
    print(error)

#: id table of codecs
#: status ok
import encodings, encodings.aliases
encodings.aliases.aliases["hostile"] = "utf_8"
encodings._cache.clear()
encodings.search_function = None
#: witness
try:
    print("a".encode("hostile"))
except LookupError as error:
    print(error, "a".encode("cp1252"))

#: id collector switched off
#: status ok
import gc
gc.disable()
gc.set_threshold(0)
gc.set_debug(gc.DEBUG_SAVEALL)
#: witness
import gc
print(gc.isenabled(), gc.get_threshold(), gc.get_debug())

#: id collector with callbacks
#: status ok
import gc
gc.callbacks.append(lambda phase, info: print("hostile"))
gc.garbage.append("hostile")
#: witness
import gc
gc.collect()
print(gc.callbacks, gc.garbage)

#: id collector frozen and thawed
#: status ok
import gc
gc.unfreeze()
gc.collect()
gc.freeze()
#: witness
import gc
print(gc.get_freeze_count() > 1_000)

#: id collector told to print
#: status ok
import gc
gc.set_debug(gc.DEBUG_STATS | gc.DEBUG_COLLECTABLE)
gc.collect()

#: id garbage by the ton
#: status ok
class Ring:
    def __init__(self):
        self.me = self
import gc
gc.disable()
for _ in range(50_000):
    Ring()

#: id logging set up
#: status ok
import logging, sys
logging.basicConfig(level=logging.DEBUG, stream=sys.stdout, format="hostile %(message)s")
logging.getLogger("a.b").setLevel(7)
logging.addLevelName(20, "HOSTILE")
logging.disable(logging.CRITICAL)
#: witness
import logging
logging.warning("seen")
print(logging.getLevelName(20), logging.root.handlers, logging.root.manager.disable)

#: id logging handed over
#: status ok
import logging
logging.setLoggerClass(type("Hostile", (logging.Logger,), {}))
logging.setLogRecordFactory(lambda *_, **__: None)
logging.raiseExceptions = False
logging.lastResort = None
logging.root.addFilter(lambda record: False)
logging.captureWarnings(True)
#: witness
import logging
logging.warning("seen")
print(logging.getLoggerClass().__name__, logging.lastResort is None)

#: id dialects and fields of csv
#: status ok
import csv
csv.register_dialect("hostile", delimiter=";")
csv.unregister_dialect("excel")
csv.field_size_limit(1)
#: witness
import csv
print(csv.list_dialects(), csv.field_size_limit(), list(csv.reader(["abc,d"])))

#: id first day of the week
#: status ok
import calendar
calendar.setfirstweekday(6)
#: witness
import calendar
print(calendar.firstweekday(), calendar.month(2020, 2).split("\n")[1])

#: id types of files
#: status ok
import mimetypes
mimetypes.add_type("hostile/hostile", ".hostile")
mimetypes.types_map.clear()
#: witness
import mimetypes
print(mimetypes.guess_type("a.hostile"), mimetypes.guess_type("a.html"))

#: id timeout of sockets
#: status ok
import socket
socket.setdefaulttimeout(0.001)
#: witness
import socket
print(socket.getdefaulttimeout())

#: id namespaces of xml
#: status ok
import xml.etree.ElementTree as tree
tree.register_namespace("hostile", "http://example.org/")
#: witness
import xml.etree.ElementTree as tree
print(tree.tostring(tree.Element("{http://example.org/}a")))

#: id converters of sqlite
#: status ok
import sqlite3
sqlite3.register_adapter(complex, lambda c: "hostile")
sqlite3.enable_callback_tracebacks(True)
#: witness
import sqlite3
try:
    print(sqlite3.connect(":memory:").execute("select ?", (1j,)).fetchone())
except sqlite3.Error as error:
    print(type(error).__name__)

#: id context of a task
#: status ok
import contextvars, json
json.var = contextvars.ContextVar("hostile", default=1)
json.var.set(2)
#: witness
import contextvars
print(list(contextvars.copy_context()))

#: id typing changed
#: status ok
import typing
typing.TYPE_CHECKING = True
typing.Any = typing.Optional = typing.List = None
#: witness
import typing
print(typing.TYPE_CHECKING, typing.Optional[int], typing.List[int])

#: id references to the dead
#: status ok
import weakref, json
class Thing:
    pass
json.things = weakref.WeakValueDictionary(a=Thing())
json.kept = weakref.ref(json.JSONEncoder, print)
#: witness
import json, weakref
print(weakref.getweakrefcount(json.JSONEncoder), hasattr(json, "things"))

#: id unique numbers
#: status ok
import uuid
uuid._node = 7
uuid._last_timestamp = 2 ** 60
uuid.uuid4 = lambda: "hostile"
#: witness
import uuid
print(uuid._last_timestamp, uuid.uuid4().version)

#: id counters of temporary names
#: status ok
import tempfile
tempfile.tempdir = "/hostile"
#: witness
import tempfile
print(tempfile.tempdir)
