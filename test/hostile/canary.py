# Looks at everything that programs of one process share and says what it sees, one line for each. Its record must be
# the same after every hostile program as on a fresh tracer, so it holds only what is the same there every time.
import sys

modules_before = len(sys.modules)
module_names = sorted(sys.modules)
import builtins

builtin_names = sorted(vars(builtins))
subclass_names = sorted(f"{c.__module__}.{c.__qualname__}" for c in object.__subclasses__())
sys_names = sorted(vars(sys))
here = sorted(globals())

import gc

gc_state = gc.isenabled(), gc.get_threshold(), gc.get_debug(), [getattr(c, "__name__", c) for c in gc.callbacks]
unreachable = len(gc.garbage)

import os

environment = sorted(os.environ.items())


def show(name, look):
    try:
        text = repr(look())
    except BaseException as error:
        text = f"{type(error).__name__}: {error}"
    if len(text) > 150:
        text = f"{len(text)} {hash(text)} {text[:60]}"
    print(f"{name}: {text}")


show("sys.modules", lambda: (modules_before, module_names))
show("builtins", lambda: builtin_names)
show("kinds of builtins", lambda: [(n, type(v).__name__) for n, v in sorted(vars(builtins).items()) if n != "_"])
show("subclasses of object", lambda: subclass_names)
show("sys", lambda: sys_names)
show("main module", lambda: (here, __name__, sys.modules["__main__"].__dict__ is globals()))
show("gc", lambda: (gc_state, unreachable))
show("os.environ", lambda: environment)


def arithmetic():
    class Point:
        def __init__(self, x):
            self.x = x

    return (
        [abs(-3), all([1]), any([0]), bin(5), chr(97), divmod(7, 2), hex(255), oct(8), ord("a"), pow(2, 5, 7)],
        [round(2.5), sum([1, 2]), max(1, 2), min([3, 4]), len("abc"), sorted("cab"), list(reversed("ab"))],
        [list(map(str, [1])), list(filter(None, [0, 1])), list(zip("ab", "cd")), list(enumerate("a"))],
        [isinstance(True, int), issubclass(bool, int), callable(len), getattr(Point(4), "x"), type(3).__name__],
        [str(1.5), repr("a"), ascii("\u00e9"), format(3.14159, ".2f"), int("7"), float("2.5"), f"{7:>3}", b"a".hex()],
        [eval("1 + 1"), hash("a"), hash((1, 2)), {**{"a": 1}}, {2, 1}, slice(1, 2), range(3)],
    )


show("built-in functions", arithmetic)


def limits():
    def depth(n):
        try:
            return depth(n + 1)
        except RecursionError:
            return n

    return sys.getrecursionlimit(), 100 < depth(0) <= sys.getrecursionlimit(), sys.get_int_max_str_digits()


show("limits", limits)
show("switch interval", lambda: sys.getswitchinterval())
show("hooks", lambda: (sys.gettrace(), sys.getprofile(), sys.get_asyncgen_hooks()))
show("coroutine tracking", lambda: sys.get_coroutine_origin_tracking_depth())
show("displayhook", lambda: (sys.displayhook is sys.__displayhook__, sys.excepthook is sys.__excepthook__))
show("unraisablehook", lambda: sys.unraisablehook is sys.__unraisablehook__)
show("breakpointhook", lambda: sys.breakpointhook is sys.__breakpointhook__)
show("sys.path", lambda: (len(sys.path), sys.path == [p for p in sys.path if isinstance(p, str)]))
show("finders", lambda: [getattr(f, "__name__", type(f).__name__) for f in sys.meta_path])
show("path hooks", lambda: [getattr(f, "__name__", type(f).__name__) for f in sys.path_hooks])
show("sys.argv", lambda: (sys.argv, sys.flags, sys.dont_write_bytecode, sys.byteorder, sys.maxsize))
show("import state", lambda: (__import__ is builtins.__import__, type(__import__).__name__, __build_class__.__name__))


def monitoring():
    m = sys.monitoring
    return [(m.get_tool(i), m.get_events(i)) for i in range(6) if i != m.DEBUGGER_ID and i != m.PROFILER_ID]


show("sys.monitoring", monitoring if hasattr(sys, "monitoring") else lambda: None)


def streams():
    text = sys.stdin.read()
    names = [type(s).__name__ for s in (sys.stdin, sys.stdout, sys.stderr)]
    shadows = [getattr(s, "closed", s) for s in (sys.__stdin__, sys.__stdout__, sys.__stderr__)]
    sys.stdout.write("")
    sys.stderr.write("written\n")
    return text, names, shadows, sys.stdin.closed, sys.stdout.isatty()


show("streams", streams)


def descriptors():
    fresh = os.dup(0)
    second = os.dup(1)
    os.close(fresh)
    os.close(second)
    states = []
    for fd in range(64):
        try:
            states.append((fd, os.fstat(fd).st_mode, os.get_inheritable(fd), os.get_blocking(fd)))
        except OSError:
            pass
    return fresh, second, states


show("descriptors", descriptors)

import signal

show("signal handlers", lambda: [(int(s), str(signal.getsignal(s))) for s in sorted(signal.valid_signals())])
show("blocked signals", lambda: sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])))

import json

show("json", lambda: (json.dumps({"b": [1, 2.5, None], "a": "\u00e9"}), json.loads('{"x": [1, true]}')))
show("json indented", lambda: json.dumps([[1]], indent=1, sort_keys=True, separators=(",", ":")))
show("json of odd values", lambda: json.dumps([float("inf"), True, "\u2028"]))

import random

show("random", lambda: (random.random(), random.randint(0, 9), random.gauss(0, 1), random.sample(range(99), 3)))
show("random state", lambda: hash(random.getstate()))

import decimal
from decimal import Decimal

show("decimal", lambda: (Decimal(1) / 3, Decimal("1.10") + 1))
show("decimal contexts", lambda: (decimal.getcontext(), decimal.DefaultContext, decimal.BasicContext))

import fractions, math, numbers, statistics

show("numbers", lambda: (fractions.Fraction(1, 3) + 1, math.pi, math.sqrt(2), statistics.mean([1, 2, 4])))
show("numeric tower", lambda: [isinstance(x, numbers.Number) for x in (1, 2.5, 1j, "1", None, [])])


def abstract():
    import collections.abc as abc

    kinds = [abc.Iterable, abc.Mapping, abc.Sequence, abc.Hashable, abc.Callable, abc.Sized, abc.Set]
    values = [1, "a", [], {}, (), len, iter(()), object(), None, 2.5]
    return ["".join("01"[isinstance(v, k)] for v in values) for k in kinds]


show("abstract classes", abstract)


import warnings

show("warnings", lambda: (warnings.filters, warnings.showwarning.__name__, warnings.formatwarning.__name__))
show("a warning", lambda: warnings.warn("seen by the canary"))

import locale, time

show("locale", lambda: (locale.setlocale(locale.LC_ALL), locale.localeconv()["decimal_point"]))
show("time zone", lambda: (time.tzname, time.timezone, time.localtime(0)[:6], time.strftime("%A %x", time.gmtime(0))))
show("place", lambda: os.getcwd())
show("os", lambda: (os.getenv("HOME"), os.path.join("a", "b"), os.sep, os.name, os.fspath("x"), os.environb.get(b"USER")))

import collections, copy, copyreg, dataclasses, enum, functools, heapq, itertools, operator, re, string

show("re", lambda: (re.findall(r"(\w)(\d)", "a1 b2"), re.sub("a", "b", "banana"), re.compile("x", re.I).flags))

def collect():
    Pair = collections.namedtuple("Pair", "a b")
    counter = collections.Counter("abca")
    ordered = collections.OrderedDict(b=1, a=2)
    return Pair(1, 2), counter.most_common(1), ordered, collections.deque([1, 2], 2), collections.ChainMap({1: 2})


show("collections", collect)


show("functools", lambda: (functools.reduce(operator.add, [1, 2, 3]), functools.partial(int, base=2)("101")))
show("itertools", lambda: (list(itertools.permutations("ab")), list(itertools.accumulate([1, 2]))))
show("heapq", lambda: (heapq.nsmallest(2, [3, 1, 2]), list(heapq.merge([1], [0]))))
show("copy", lambda: (copy.deepcopy({"a": [1]}), copy.copy([1]), sorted(k.__name__ for k in copyreg.dispatch_table)))
show("string", lambda: (string.ascii_letters, string.capwords("a b"), string.Template("$x").substitute(x=1)))
show("function attributes", lambda: [vars(f) for f in (json.dumps, string.capwords, re.compile, copy.copy)])
show("defaults", lambda: [(f.__defaults__, sorted((f.__kwdefaults__ or {}).items())) for f in (json.dumps, re.sub)])


def classes():
    @dataclasses.dataclass(order=True)
    class Item:
        name: str
        size: int = 1

    class Colour(enum.Enum):
        RED = 1
        BLUE = enum.auto()

    return Item("a"), Item("a") < Item("b"), list(Colour), Colour(2), dataclasses.asdict(Item("x"))


show("classes", classes)

import pickle

show("pickle", lambda: pickle.loads(pickle.dumps([1, (2, {"a": {3}})])))

import codecs

show("codecs", lambda: ("a\u00e9".encode("latin-1", "replace"), codecs.lookup("utf-8").name, "x".encode("ascii")))


def missing_codecs():
    missing = []
    for look in (lambda: codecs.lookup("hostile"), lambda: codecs.lookup_error("hostile")):
        try:
            look()
        except LookupError as error:
            missing.append(str(error))
    return missing, codecs.lookup_error("strict").__name__, codecs.lookup_error("ignore")


show("missing codecs", missing_codecs)

import typing


def hinted(x: int, y: "typing.Any" = None) -> str:
    return ""


show("typing", lambda: (typing.List[int], typing.Optional[str], typing.get_type_hints(hinted), typing.TYPE_CHECKING))

import csv, datetime, io, struct

show("csv", lambda: (csv.list_dialects(), csv.field_size_limit(), list(csv.reader(["a,b"]))))
show("datetime", lambda: (datetime.datetime(2020, 2, 29) + datetime.timedelta(days=1), datetime.timezone.utc))
show("struct", lambda: (struct.pack("<hI", 1, 2), struct.calcsize("P")))
show("io", lambda: (io.StringIO("a\nb").readlines(), io.DEFAULT_BUFFER_SIZE, io.BytesIO(b"x").read()))

import threading

thread_name = operator.attrgetter("name")
show("threads", lambda: (list(map(thread_name, threading.enumerate())), len(sys._current_frames())))
show("thread hooks", lambda: (threading.gettrace(), threading.getprofile(), threading.excepthook.__name__))
show("thread stack", lambda: threading.stack_size())


# Unrecorded, because the repr of a thread holds an address.
exec("""
def a_thread():
    seen = []
    thread = threading.Thread(target=lambda: seen.append(threading.current_thread().name))
    thread.start()
    thread.join()
    return thread.name, seen
""")
show("a thread's name", lambda: a_thread())

import logging

show("logging", lambda: (logging.root.level, logging.root.handlers, logging.root.disabled, logging.root.filters))
show("loggers", lambda: (sorted(logging.root.manager.loggerDict), logging.root.manager.disable, logging.raiseExceptions))
show("levels of logging", lambda: (logging.getLevelName(20), logging.getLevelName(7), logging.getLoggerClass().__name__))

import asyncio


def asynchronous():
    async def name():
        await asyncio.sleep(0)
        return asyncio.current_task().get_name()

    async def main():
        return await asyncio.gather(name(), asyncio.create_task(name(), name="mine"))

    return asyncio.run(main())[1], type(asyncio.get_event_loop_policy()).__name__


show("asyncio", asynchronous)

import contextvars, tracemalloc, faulthandler, weakref, atexit, linecache, inspect

show("context", lambda: len(contextvars.copy_context()))
show("tracemalloc", lambda: (tracemalloc.is_tracing(), faulthandler.is_enabled()))
show("things to do at exit", lambda: (atexit._ncallbacks(), len(weakref.finalize._registry)))
show("source lines", lambda: sorted(k for k in linecache.cache if k.startswith("<")))
show("inspect", lambda: (str(inspect.signature(hinted)), inspect.isfunction(hinted)))


def registrations():
    generic = functools.singledispatch(lambda x: "any")
    generic.register(int)(lambda x: "int")
    return generic(1), generic("a"), sorted(k.__name__ for k in generic.registry)


show("registrations", registrations)
show("exceptions", lambda: [str(e) for e in (ValueError("a"), KeyError("b"), OSError(2, "c"))])


def caught():
    try:
        {}["missing"]
    except KeyError as error:
        return repr(error), error.__context__, sys.exc_info()[0].__name__


show("an exception", caught)

import textwrap, traceback, types, unicodedata, uuid, calendar, bisect, array, zlib, hashlib, base64

show("text", lambda: (textwrap.fill("a b c", 3), unicodedata.name("a"), "stra\u00dfe".casefold()))
show("bytes", lambda: (zlib.crc32(b"a"), hashlib.md5(b"a").hexdigest(), base64.b64encode(b"a"), array.array("b", [1])))
show("calendar", lambda: (calendar.firstweekday(), calendar.isleap(2000), calendar.day_name[0], uuid.UUID(int=1)))
show("ordered", lambda: (bisect.bisect([1, 2, 3], 2), types.SimpleNamespace(a=1)))
show("traceback", lambda: traceback.format_exception_only(ValueError("x")))
show("ids", lambda: id(None) == id(None) and sys.intern("canary") is sys.intern("canary"))
