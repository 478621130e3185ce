# Programs that the rule on names might take for tame: no module but those that tame programs may import, no name that is
# refused by itself. What leads to objects of the library here are calls, operators and callbacks.
#: id tame: table of an enumeration behind its members
import re
class Evil:
    def __ror__(self, table):
        table["EVIL"] = 5
        return {}
re.I.__class__.__members__ | Evil()
#: witness
import re
print("EVIL" in re.I.__class__.__members__, len(re.I.__class__.__members__))
#: id tame: table of an enumeration by comparison
from enum import Enum
class Evil:
    def __eq__(self, table):
        table["EVIL"] = 5
        return True
print(Enum.__members__ == Evil())
#: witness
from enum import Enum
print(len(Enum.__members__))
#: id tame: metadata that all fields share
from dataclasses import field
class Evil:
    def __ror__(self, table):
        table["evil"] = 5
        return {}
field(default=1).metadata | Evil()
#: witness
from dataclasses import field
print(len(field(default=1).metadata), list(field().metadata))
#: id tame: groups of a pattern of the library
import string
class Evil:
    def __ror__(self, table):
        table.clear()
        return {}
string.Template.pattern.groupindex | Evil()
#: witness
import string
print(len(string.Template.pattern.groupindex))
print(string.Template("$x").substitute(x=1))
#: id tame: groups of a pattern of the library, one moved
import string
class Evil:
    def __eq__(self, table):
        table["named"], table["braced"] = table["braced"], table["named"]
        return True
print(string.Template.pattern.groupindex == Evil())
#: witness
import string
print(string.Template("$x ${y}").safe_substitute(x=1, y=2))
#: id tame: form of a type, its name
import typing
typing.List._name = "Evil"
#: witness
import typing
print(typing.List, typing.List[int])
#: id tame: form of a type, number of its parameters
import typing
typing.Dict._nparams = 1
typing.Dict._inst = True
#: witness
import typing
try: print(typing.Dict[int, str])
except TypeError as error: print(error)
#: id tame: special form, its function
import typing
typing.Optional._getitem = lambda self, parameters: "EVIL"
#: witness
import typing
print(typing.Optional[int])
#: id tame: mark on a form of a type
import typing
typing.final(typing.List)
try: typing.List.evil = 1
except (AttributeError, TypeError) as error: print(error)
#: witness
import typing
try: print(typing.List.evil)
except AttributeError as error: print("none")
#: id tame: kind of a field
from dataclasses import dataclass, field
@dataclass
class Point:
    x: int = 0
    mine = field(default=1)
    y: "int" = mine
Point.mine._field_type.name = "EVIL"
#: witness
from dataclasses import dataclass, field
@dataclass
class Point:
    mine = field(default=1)
    y: int = mine
print(Point.mine)
#: id tame: what stands for nothing in a field
from dataclasses import field
field().default.evil = ["EVIL"]
#: witness
from dataclasses import field
try: print(field().default.evil)
except AttributeError: print("none")
#: id tame: what stands for nothing in a field, its class
from dataclasses import field
field().default.__class__.evil = ["EVIL"]
#: witness
from dataclasses import field
try: print(field().default.evil)
except AttributeError: print("none")
#: id tame: wraps hands out what it is told to
import json
from functools import wraps
class Catch:
    def __getattr__(self, name): return self
    def update(self, table): table["EVIL"] = 1
wraps(json.dumps, assigned=(), updated=("__globals__",))(Catch())
#: witness
import json
try: print(json.EVIL)
except AttributeError: print("none")
#: id tame: wraps hands out the built-ins, and these a list of the library
import json
from functools import wraps
found = []
class Catch:
    def __getattr__(self, name): return self
    def update(self, table): found.append(table)
wraps(json.dumps, assigned=(), updated=("__builtins__",))(Catch())
found[0]["__import__"]("keyword").kwlist.append("EVIL")
#: witness
import json
from functools import wraps
found = []
class Catch:
    def __getattr__(self, name): return self
    def update(self, table): found.append(table)
wraps(json.dumps, assigned=(), updated=("__builtins__",))(Catch())
print(found[0]["__import__"]("keyword").kwlist[-1])
found.clear()
#: id tame: wraps changes what it wraps into
import json
from functools import wraps
class Source:
    def __getattr__(self, name): return {"indent": 3}
try: wraps(Source(), assigned=(), updated=("__kwdefaults__", "nothing"))(json.dumps)
except AttributeError as error: print(error)
#: witness
import json
print(json.dumps([1]))
#: id tame: update_wrapper by the function that wraps gives
import json
from functools import wraps
class Source:
    def __getattr__(self, name): return {"loads": lambda s: "EVIL"}
try: wraps(json.dumps).func(json.dumps, Source(), (), ("__globals__", "nothing"))
except AttributeError as error: print(error)
#: witness
import json
print(json.loads("[1]"))
#: id tame: list that deep copies hand to a memory
from copy import deepcopy
class Memory: pass
found = []
memory = Memory()
memory.get = found.insert
deepcopy([1], memory)
for each in found:
    if each is not None: each.append("EVIL")
#: witness
from copy import deepcopy
class Memory: pass
found = []
memory = Memory()
memory.get = found.insert
deepcopy([1], memory)
print(found)
#: id tame: members of an enumeration of the library
import re
for member in re.I.__class__: member.evil = 1
#: witness
import re
for member in re.I.__class__:
    try: print(member.evil)
    except AttributeError: print("none")
#: id tame: combination of flags that an enumeration keeps
import re
both = re.I | re.M
both.evil = "EVIL"
both._name_ = "EVIL"
#: witness
import re
both = re.I | re.M
print(repr(both))
try: print(both.evil)
except AttributeError: print("none")
#: id tame: flag with a value of its own kind
import re
class Value(int):
    def __eq__(self, other): return True
    def __hash__(self): return hash(10)
re.I.__class__(Value(2 | 16 | 64))
#: witness
import re
print((re.I | re.M).value, re.findall("^a", "b\na", re.I | re.M))
#: id tame: words for leaving
exit.eof = "EVIL"
quit.name = "evil"
#: witness
print(exit, quit)
#: id tame: words for leaving, made anew
exit.__init__("EVIL", "EVIL")
#: witness
print(exit)
#: id tame: coroutine that is never awaited
async def never(): pass
left = never()
#: witness
async def never(): pass
left = never()
#: witness
async def never(): pass
left = never()
#: id tame: defaults of a tuple that the library made
from functools import cache
@cache
def f(): return 1
f.cache_info()._field_defaults["evil"] = 1
#: witness
from functools import cache
@cache
def f(): return 1
print(f.cache_info()._field_defaults)
#: id tame: defaults of a tuple of decimal
from decimal import Decimal
Decimal(1).as_tuple()._field_defaults["evil"] = 1
#: witness
from decimal import Decimal
print(Decimal(1).as_tuple()._field_defaults)
#: id tame: place in its output
import sys
sys.stdout.flush()
sys.stdout.buffer.raw.seek(1000)
#: witness
print("mine")
#: id tame: output closed
import sys
sys.stdout.buffer.raw.close()
#: witness
print("mine")
#: id tame: output cut
import sys
print("before")
sys.stdout.flush()
sys.stdout.buffer.raw.truncate(1 << 40)
#: witness
print("mine")
#: id tame: input read ahead
import sys
sys.stdin.buffer.raw.seek(3)
#: witness
#: stdin "abcdef\n"
print(input())
#: id tame: size of its own text after it was decoded
text = "\u20ac\u20ac\u20ac"
import sys
print(sys.getsizeof(text))
try: "x".encode(text)
except LookupError: pass
#: witness
text = "\u20ac\u20ac\u20ac"
import sys
print(sys.getsizeof(text))
try: "x".encode(text)
except LookupError: pass
#: id tame: time of the garbage collection
held = []
for i in range(3000): held.append([i])
held = None
#: witness
class Cycle: pass
def waits():
    try: yield
    finally: print("collected")
def drop():
    c = Cycle()
    c.c, c.g = c, waits()
    next(c.g)
drop()
kept = []
for i in range(3000):
    kept.append([i])
    if i % 100 == 0: print(i)
#: id tame: cycles that survive
class Cycle: pass
for i in range(5000):
    c = Cycle()
    c.c = c
#: witness
class Cycle: pass
def waits():
    try: yield
    finally: print("collected")
for k in range(3):
    c = Cycle()
    c.c, c.g = c, waits()
    next(c.g)
    kept = [[i] for i in range(900)]
    print(k)
#: id tame: class named after a module of the library
from collections import namedtuple
from dataclasses import dataclass
Made = namedtuple("Made", "a", module="json")
dataclass(Made)
#: witness
import json
try: print(json.Made)
except AttributeError: print("none")
#: id tame: descriptor of the library that remembers
from functools import cached_property
class Point:
    @cached_property
    def x(self): return 1
Point.x.attrname = "evil"
Point.x.func = lambda self: "EVIL"
print(Point().x)
#: witness
from functools import cached_property
class Point:
    @cached_property
    def x(self): return 1
print(Point().x)
#: id tame: abstract class asked of a class of its own
from collections.abc import Sequence, Hashable
class Own(Sequence):
    def __len__(self): return 0
    def __getitem__(self, i): raise IndexError
print(isinstance(Own(), Hashable), issubclass(Own, Sequence))
#: witness
from collections.abc import Sequence, Hashable
print(isinstance(1, Sequence), isinstance([], Hashable), isinstance((), Sequence))
#: id tame: protocol marked
import typing
try: typing.runtime_checkable(typing.SupportsInt)
except TypeError as error: print(error)
typing.SupportsInt._is_protocol = False
#: witness
import typing
print(typing.SupportsInt._is_protocol)
#: id tame: attribute of a class of the library by total_ordering
from functools import total_ordering
from json import JSONEncoder
try: total_ordering(JSONEncoder)
except ValueError as error: print(error)
#: witness
from json import JSONEncoder
print(JSONEncoder().item_separator)
#: id tame: errors that the library counts
import decimal
decimal.Inexact.evil = "EVIL"
#: witness
import decimal
try: print(decimal.Inexact.evil)
except AttributeError: print("none")
#: id tame: context of decimal
import decimal
decimal.getcontext().prec = 3
decimal.getcontext().traps[decimal.Inexact] = True
#: witness
import decimal
print(decimal.Decimal(1) / 3, decimal.Context().prec)
#: id tame: decimal, templates of contexts
import decimal
context = decimal.Context()
context.traps[decimal.Inexact] = True
context.flags[decimal.Inexact] = True
decimal.setcontext(context)
#: witness
import decimal
print(decimal.Context().traps[decimal.Inexact], decimal.getcontext().flags[decimal.Inexact])
#: id tame: exception of the library that is raised
import json
try: json.loads("{")
except json.JSONDecodeError as error:
    error.evil = 1
    error.__class__.evil = 2
#: witness
import json
try: json.loads("{")
except json.JSONDecodeError as error: print(hasattr(error, "evil"))
#: id tame: random numbers, half used
import random
random.gauss(0, 1)
random.seed(5)
#: witness
import random
print(random.gauss(0, 1), random.random())
#: id tame: limits
import sys
sys.setrecursionlimit(60)
sys.set_int_max_str_digits(700)
#: witness
import sys
print(sys.getrecursionlimit(), sys.get_int_max_str_digits())
#: id tame: queue that waits
import queue
q = queue.Queue()
q.not_empty.__class__.wait = lambda self, timeout=None: True
#: witness
import queue
q = queue.Queue()
try: q.get(timeout=0.01)
except queue.Empty: print("empty")
#: id tame: partial of the library
from functools import wraps
part = wraps(len)
part.keywords["evil"] = 1
part.func.evil = 1
#: witness
from functools import wraps
part = wraps(len)
print(sorted(part.keywords))
try: print(part.func.evil)
except AttributeError: print("none")
#: id tame: generator that goes on at the end
def forever():
    try: yield 1
    finally: print("mine, at the end")
held = forever()
next(held)
#: witness
print("quiet")
#: id tame: generator that refuses its end
def stubborn():
    while True:
        try: yield 1
        except GeneratorExit: print("no")
held = stubborn()
next(held)
#: witness
print("quiet")
#: id tame: time that strptime has seen
import datetime
class Format(str):
    def __eq__(self, other): return True
    def __hash__(self): return hash("%d.%m.%Y")
print(datetime.datetime.strptime("01/02/2003", Format("%m/%d/%Y")))
#: witness
import datetime
try: print(datetime.datetime.strptime("01.02.2003", "%d.%m.%Y"))
except ValueError as error: print(error)
#: id tame: form of a type that equals another
import typing
class Evil:
    def __eq__(self, other): return True
    def __hash__(self): return hash(int)
    def __call__(self): pass
print(typing.List[Evil()] == 1)
#: witness
import typing
print(typing.List[int])
#: id tame: regular expression with flags of its own kind
import re
class Flags(int):
    def __eq__(self, other): return True
    def __hash__(self): return hash(0)
re.compile("mine", Flags(re.I))
#: witness
import re
print(re.findall("mine", "MINE mine"))
#: id tame: flags that meet those of the library
import re
class Flags(int):
    def __and__(self, other):
        try: other.evil = "EVIL"
        except AttributeError: pass
        return int(self) & int(other)
    __rand__ = __and__
re.compile("mine", Flags(2))
#: witness
import re
for flag in re.I.__class__(0x1FF):
    try: print(flag.evil)
    except AttributeError: pass
#: id tame: structure with a format of its own kind
import struct
class Format(str):
    def __eq__(self, other): return True
    def __hash__(self): return hash("<q")
struct.calcsize(Format("<i"))
#: witness
import struct
print(struct.calcsize("<q"))
#: id tame: replace and a field of another name
from dataclasses import dataclass, field, asdict
from json import JSONEncoder
@dataclass
class Point:
    x: int = 0
    own = field(default=2)
    y: int = own
Point.own.name = "__init__"
found = []
asdict(Point(), dict_factory=lambda pairs: found.append(pairs) or {})
for name, value in found[0]: print(name)
#: witness
from dataclasses import dataclass, asdict
@dataclass
class Point:
    x: int = 0
print(asdict(Point()))
#: id tame: registry of an abstract class, cleared
from collections.abc import Sequence, Hashable
Sequence._abc_registry_clear()
Sequence._abc_caches_clear()
#: witness
from collections.abc import Sequence
print(isinstance((), Sequence), isinstance([], Sequence), isinstance(range(1), Sequence))
#: id tame: enumeration made of a module
import json
from enum import Enum
Made = Enum._convert_("Made", "__main__", lambda name: name == "codecs", source=json)
codecs = list(Made)[0].value
codecs.BOM_EVIL = 1
#: witness
import json
from enum import Enum
Made = Enum._convert_("Made", "__main__", lambda name: name == "codecs", source=json)
codecs = list(Made)[0].value
try: print(codecs.BOM_EVIL)
except AttributeError: print("none")
#: id tame: enumeration made of a module, and there a list
import json
from enum import Enum
Made = Enum._convert_("Made", "__main__", lambda name: name == "codecs", source=json)
codecs = list(Made)[0].value
codecs.sys.modules["re"]._parser.CATEGORIES["\\d"][1].append((codecs.sys.modules["re"]._constants.LITERAL, 97))
#: witness
import re
print(re.findall("\\d", "a1"))
#: id tame: fields of words for leaving, by a copy
from copy import copy
class Evil:
    def __new__(cls, *rest): return exit
evil = object.__new__(Evil)
evil.eof = "EVIL"
copy(evil)
#: witness
print(exit)
#: id tame: fields of a form of a type, by a copy
import typing
from copy import copy
class Evil:
    def __new__(cls, *rest): return typing.List
evil = object.__new__(Evil)
evil._name = "Evil"
copy(evil)
#: witness
import typing
print(typing.List)
#: id tame: fields of a flag, by a copy
import re
from copy import copy
class Evil:
    def __new__(cls, *rest): return re.I
evil = object.__new__(Evil)
evil._name_ = "EVIL"
copy(evil)
#: witness
import re
print(re.I)
#: id tame: fields of a function, by a copy
import json
from copy import copy
class Evil:
    def __new__(cls, *rest): return json.dumps
evil = object.__new__(Evil)
evil.evil = "EVIL"
copy(evil)
#: witness
import json
try: print(json.dumps.evil)
except AttributeError: print("none")
#: id tame: last memory error
held = []
def fill():
    try: bytearray(1 << 62)
    except MemoryError as error: held.append(error)
for i in range(20): fill()
for error in held: error.evil = "EVIL"
#: witness
held = []
def fill():
    try: bytearray(1 << 62)
    except MemoryError as error: held.append(error)
for i in range(20): fill()
seen = []
for error in held:
    try: seen.append(error.evil)
    except AttributeError: pass
held.clear()
print(seen)
#: id tame: source pasted by a field of its own class
import re
from dataclasses import dataclass, field
class Field(field().__class__):
    name = property(lambda self: "x or print.__self__.__import__('re')._parser.CATEGORIES['\\\\d'][1].append((print.__self__.__import__('re')._constants.LITERAL, 97)) or self.x", lambda self, value: None)
plain = field()
own = Field(plain.default, plain.default_factory, True, True, None, True, None, False)
@dataclass(init=False, repr=False)
class Point:
    x: int = own
a, b = Point(), Point()
a.x = b.x = 0
a == b
#: witness
import re
print(re.findall("\\d", "a1"))
#: id tame: source pasted by what only looks like a class
import re
from dataclasses import dataclass, field
plain = field()
class Field:
    name = "x=print.__self__.__import__('re')._parser.CATEGORIES['\\\\d'][1].append((print.__self__.__import__('re')._constants.LITERAL, 97)), y"
    default = default_factory = plain.default
    init, kw_only, repr, hash, compare = True, False, False, None, False
    _field_type = None
class Base: pass
class Fake:
    def __init__(self, real): self.real = real
    def __getattr__(self, name): return (self, self, object) if "mro" in name else {"x": Field()} if "fields" in name else self.real
    def __call__(self): pass
try: dataclass(Fake(Base))
except Exception as error: print(type(error).__name__)
#: witness
import re
print(re.findall("\\d", "a1"))
#: id tame: barrier that leads astray
import json
try: json.dumps.evil = 1
except BaseException:
    while True: pass
print("on the way")
#: witness
print("quiet")
#: id tame: barrier that leads to the end of memory
import json
try: json.JSONEncoder.evil = 1
except BaseException:
    held = []
    while True: held.append(bytes(1 << 20))
print("on the way")
#: witness
print("quiet")
#: id tame: barrier that leads to another crash
import json
def deep(n): return deep(n + 1)
try: json.evil = 1
except BaseException:
    deep(0)
print("on the way")
#: witness
print("quiet")
#: id tame: static method of text, copied by wraps
from functools import wraps
@wraps(str)
def f(): pass
f.maketrans.__init__(lambda *rest: {97: "EVIL"})
#: witness
print("abc".translate(str.maketrans("b", "x")))
#: id tame: class method of fractions, copied by wraps
from fractions import Fraction
from functools import wraps
@wraps(Fraction)
def f(): pass
f.from_float.__init__(lambda cls, x: "EVIL")
#: witness
from fractions import Fraction
print(Fraction.from_float(0.5))
#: id tame: getter of all enumerations, copied by wraps
from enum import Enum
from functools import wraps
@wraps(Enum)
def f(): pass
f.value.fget = lambda self: "EVIL"
#: witness
from enum import Enum
class Colour(Enum): RED = 1
print(Colour.RED.value)
#: id tame: tables of flags, copied by wraps
import re
from functools import wraps
@wraps(re.I.__class__)
def f(): pass
f._unhashable_values_.append("EVIL")
#: witness
import re
from functools import wraps
@wraps(re.I.__class__)
def f(): pass
print(f._unhashable_values_)
#: id tame: methods of a class written in C, copied by wraps
from functools import wraps
from array import array
@wraps(array)
def f(): pass
print(f.append.__class__)
f.append.__class__.evil = 1
#: witness
from functools import wraps
print("quiet")
#: id tame: class of frames and code, by what functions are
def f(): yield 1
kinds = [type(f), type(f()), type(type(f)), type(print), type([].append)]
for kind in kinds:
    try: kind.evil = 1
    except TypeError as error: print(error)
#: witness
print("quiet")
#: id tame: field of a slot by a reflected operator
import typing
class Evil:
    def __ror__(self, other):
        try: other._name = "EVIL"
        except AttributeError as error: print(error)
        return int
print((typing.List | Evil()) is int)
typing.Optional | Evil()
#: witness
import typing
print(typing.List, typing.Optional)
#: id tame: keys of views
from dataclasses import field
class Evil:
    def __ror__(self, other):
        other["evil"] = 1
        return set()
    __rand__ = __rsub__ = __rxor__ = __ror__
view = field().metadata
view | Evil()
#: witness
from dataclasses import field
print(dict(field().metadata))
#: id tame: functions of operators with containers of the library
import operator, string
table = string.Template.__doc__
try: operator.setitem(string.Template.flags, 0, 1)
except TypeError as error: print(error)
try: operator.iadd(string.Template.flags, 1)
except TypeError as error: print(error)
#: witness
import string
print(string.Template.flags)
#: id tame: text of errors that hold objects
import json
class Evil(Exception):
    def __str__(self): return "EVIL"
try: json.loads("{")
except json.JSONDecodeError as error:
    error.args = (Evil(),)
    error.__init__("x", "y", 0)
#: witness
import json
try: json.loads("{")
except json.JSONDecodeError as error: print(error)
#: id tame: type of an enumeration of the program with a name of another module
from enum import Enum
Made = Enum("codecs", "a b", module="json")
print(Made.a)
#: witness
import json
from enum import Enum
try: print(json.a)
except AttributeError: print("none")
#: id tame: generic class that keeps its forms
import typing
T = typing.TypeVar("T")
class Box(typing.Generic[T]): pass
Box[int]._name = "EVIL"
typing.Generic[T]._name = "EVIL"
#: witness
import typing
T = typing.TypeVar("T")
print(typing.Generic[T])
#: id tame: decimals that share a context
import decimal
with decimal.localcontext() as context:
    context.prec = 2
    held = context
decimal.setcontext(held)
decimal.Decimal(1).quantize(decimal.Decimal("0.1"))
#: witness
import decimal
print(decimal.getcontext().prec, decimal.localcontext().__class__.__name__)
#: id tame: hash objects and tables of C
import hashlib, zlib, struct, binascii
for each in (hashlib.md5(), zlib.error("x"), struct.error("y"), binascii.Error("z")):
    try: each.__class__.evil = 1
    except TypeError as error: print(error)
#: witness
import zlib, struct, binascii
for each in (zlib.error, struct.error, binascii.Error):
    try: print(each.evil)
    except AttributeError: print("none")
#: id tame: builtin replaced by a name of the module
def print(*rest, out=print): out("EVIL", *rest)
len = lambda x: 77
#: witness
print(len([1]))
#: id tame: output under another encoding
import sys
sys.stdout.reconfigure(encoding="utf-16", errors="replace", newline="\r\n")
print("mine")
#: witness
print("\u00e9")
#: id tame: output replaced
import sys
class Out:
    def write(self, text): return 0
    def flush(self): pass
sys.stdout = sys.stderr = Out()
#: witness
import sys
print("mine")
print("mine", file=sys.stderr)
