# Caches of the library that are keyed by objects of programs, or filled by them.
#: id regular expression with flags of its own kind
import re
class Flags(int):
    def __eq__(self, other): return True
    def __hash__(self): return hash(0)
print(re.compile("mine", Flags(re.IGNORECASE)).flags)
#: witness
import re
print(re.findall("mine", "MINE mine"))
#: id format of a structure that equals another
import struct
class Format(str):
    def __eq__(self, other): return True
    def __hash__(self): return hash("<q")
print(struct.calcsize(Format("<i")))
#: witness
import struct
print(struct.calcsize("<q"), struct.pack("<q", 1))
#: id format of a time that equals another
import datetime
class Format(str):
    def __eq__(self, other): return True
    def __hash__(self): return hash("%d.%m.%Y")
print(datetime.datetime.strptime("01/02/2003", Format("%m/%d/%Y")))
#: witness
import datetime
try:
    print(datetime.datetime.strptime("01.02.2003", "%d.%m.%Y"))
except ValueError as error:
    print(error)
#: id form of a type that equals another
import typing
class Any(type):
    def __eq__(self, other): return True
    def __hash__(self): return hash(int)
class Evil(metaclass=Any): pass
print(typing.List[Evil])
#: witness
import typing
print(typing.List[int])
#: id addresses that were split
import urllib.parse
urllib.parse.quote.__defaults__ = ("EV ", None, None)
#: witness
import urllib.parse
print(urllib.parse.quote("E V"))
#: id names of flags that were combined
import re
print(re.RegexFlag(0x300))
#: witness
import re
print(len(re.RegexFlag._value2member_map_))
#: id cache of time zones
import zoneinfo
class Key(str):
    def __eq__(self, other): return True
    def __hash__(self): return hash("Europe/Berlin")
print(zoneinfo.ZoneInfo(Key("Asia/Tokyo")).utcoffset.__name__)
#: witness
import datetime, zoneinfo
try:
    print(datetime.datetime(2024, 1, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")).utcoffset())
except zoneinfo.ZoneInfoNotFoundError as error:
    print(error)
#: id lines of a file of the library
import json, linecache
linecache.cache[json.__file__] = (1, None, ["EVIL\n"] * 400, json.__file__)
#: witness
import json, linecache
print(linecache.getline(json.__file__, 1) == "EVIL\n")
#: id protocol that remembers
import typing
class Seen(type):
    def __getattr__(cls, name): return lambda self: 1
class Strange(metaclass=Seen): pass
typing.SupportsInt._is_protocol = False
print(isinstance(1, typing.SupportsInt))
#: witness
import typing
print(isinstance("a", typing.SupportsInt), typing.SupportsInt._is_protocol)
#: id abstract class that remembers a class
import collections.abc, numbers
numbers.Number.register(str)
collections.abc.Sequence.register(dict)
#: witness
import collections.abc, numbers
print(isinstance("a", numbers.Number), isinstance({}, collections.abc.Sequence))
#: id generic function that remembers
import functools, statistics, json
@functools.singledispatch
def shown(x): return "any"
json.dumps.shown = shown
shown.register(int, lambda x: "int")
#: witness
import json
print(hasattr(json.dumps, "shown"))
#: id a cache whose function is replaced
import fnmatch
fnmatch.translate = lambda pattern: "(?s:.*)\\Z"
for each in vars(fnmatch).values():
    if hasattr(each, "cache_clear"): each.cache_clear()
print(fnmatch.fnmatchcase("x", "y"))
#: witness
import fnmatch
print(fnmatch.fnmatchcase("x", "y"), fnmatch.filter(["x"], "y"))
#: id a poisoned cache, the function put back
import fnmatch
keep = fnmatch.translate
fnmatch.translate = lambda pattern: "(?s:.*)\\Z"
print(fnmatch.fnmatchcase("x", "z"))
fnmatch.translate = keep
#: witness
import fnmatch
print(fnmatch.fnmatchcase("x", "z"))
#: id directories that were listed
import sys
for finder in sys.path_importer_cache.values():
    if hasattr(finder, "_path_cache") and "colorsys.py" in finder._path_cache:
        finder._path_cache.discard("colorsys.py")
#: witness
try:
    import colorsys
    print("found")
except ImportError as error:
    print(error)
#: id what a folder is said to hold
import sys
for path in list(sys.path_importer_cache):
    sys.path_importer_cache[path] = None
#: witness
try:
    import colorsys
    print("found")
except ImportError as error:
    print(error)
#: id strings kept by the interpreter
import json, sys
json.dumps.keep = sys.intern("evil " + str(len("words")))
#: witness
import sys
made = " ".join(["evil", "5"])
print(sys.intern(made) is made)
#: id keys that instances share
import logging
for i in range(20): setattr(logging.Formatter(), f"x{i}", 1)
#: witness
import logging, sys
formatter = logging.Formatter()
print(sys.getsizeof(vars(formatter)))
formatter = None
#: id form of a path that was looked up
import pathlib
class Part(str):
    def __eq__(self, other): return True
    def __hash__(self): return hash("b")
path = pathlib.PurePosixPath("a") / Part("evil")
pathlib.PurePosixPath.evil = path
#: witness
import pathlib
print(hasattr(pathlib.PurePosixPath, "evil"))
#: id inherited methods that were looked up
import ipaddress
print(ipaddress.IPv4Address("1.2.3.4").is_private)
ipaddress._IPv4Constants._private_networks.clear()
#: witness
import ipaddress
print(ipaddress.IPv4Address("10.0.0.1").is_private)
